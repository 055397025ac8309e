"""report.md: the report in short, for reviews, mails and terminals."""

from __future__ import annotations

from pathlib import Path

from harness.evidence.archive import Archive
from harness.evidence.store import write_bytes
from reports import environment
from reports.stories import Story
from reports.view import view


class Markdown:
    """The same content as the page, without pictures."""

    def render(self, evidence: Archive, out: Path) -> Path:
        """Write report.md into `out`."""
        template = environment.markdown().get_template("report.md.j2")
        text = template.render(view=view(evidence), history=_history)
        path = out / "report.md"
        write_bytes(path, text.encode("utf-8", errors="replace"))
        return path


def _history(story: Story) -> str:
    """The order history as plain lines; `>` stands before the place of the finding."""
    width = max(len(line.number) for line in story.excerpt)
    return "\n".join(
        f"{'>' if line.marked else ' '} {line.number.rjust(width)}  {'-> ' if line.effect else ''}{line.text}"
        for line in story.excerpt
    )


FORMAT = Markdown()
