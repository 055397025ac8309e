"""report.html: one file that works offline and in a mail, without script and without any request."""

from __future__ import annotations

from pathlib import Path

from harness.evidence.archive import Archive
from harness.evidence.store import write_bytes
from reports import charts, environment, flame
from reports.stories import Story
from reports.view import View, view


class Html:
    """The report for people."""

    def render(self, evidence: Archive, out: Path) -> Path:
        """Write report.html into `out`."""
        shown = view(evidence)
        template = environment.html().get_template("report.html.j2")
        page = template.render(view=shown, contents=_contents(shown), width=_width, box=charts, flame_width=flame.WIDTH)
        path = out / "report.html"
        write_bytes(path, page.encode("utf-8", errors="replace"))
        return path


def _contents(shown: View) -> list[tuple[str, str]]:
    """The sections that this report has, by anchor."""
    sections = (
        ("blocks", "What blocks", shown.blocking), ("missing", "What is missing", shown.missing),
        ("others", "Not blocking", shown.others), ("checks", "Checks", True),
        ("times", "Response times", shown.times), ("pictures", "Pictures", shown.albums), ("profiles", "Where the engine spent its time", shown.flames),
        ("driven", "What was driven", shown.driven),
        ("marks", "What the run provoked", shown.marks), ("not-tested", "Not tested", True),
        ("host", "The host", True), ("measured", "How this was measured", True),
    )  # fmt: skip
    return [(anchor, title) for anchor, title, there in sections if there]


def _width(story: Story) -> int:
    """The width of the command numbers in the story's history."""
    return max(len(line.number) for line in story.excerpt)


FORMAT = Html()
