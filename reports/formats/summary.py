"""summary.md: what the summary page of a CI job shows; short, and never above the size that such pages take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.evidence.archive import Archive
from harness.evidence.store import write_bytes
from reports import environment, figures
from reports.texts import listed
from reports.view import View, view

LIMIT_BYTES = 1 << 20
"""What the summary of one job may weigh; GitHub refuses more. Source: GitHub Docs, "Workflow commands", job summaries."""
MOST_TROUBLES = 20
"""Rows of what did not pass; more would hide the verdict."""
_CUT = "\n\n... cut at 1 MiB; report.html holds the rest.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Checks that did not pass, all for one reason in one place."""

    verdict: str
    checks: str
    where: str
    reason: str
    reproduce: str


class Summary:
    """The verdict, the uses, and what did not pass."""

    def render(self, evidence: Archive, out: Path) -> Path:
        """Write summary.md into `out`."""
        shown = view(evidence, excerpts=0)
        troubles = _troubles(shown)
        template = environment.markdown().get_template("summary.md.j2")
        text = template.render(view=shown, troubles=troubles, most=MOST_TROUBLES, passed=_passed(shown))
        path = out / "summary.md"
        write_bytes(path, fitted(text).encode("utf-8", errors="replace"))
        return path


def fitted(text: str, limit_bytes: int = LIMIT_BYTES) -> str:
    """The text, cut after the last whole line that fits the limit."""
    body = text.encode("utf-8", errors="replace")
    if len(body) <= limit_bytes:
        return text
    whole = body[: limit_bytes - len(_CUT)].rpartition(b"\n")[0]
    return whole.decode("utf-8", errors="ignore") + _CUT


def _troubles(shown: View) -> list[Trouble]:
    """What did not pass; checks that are alike in all but their name are one row."""
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for check in shown.checks:
        if check.verdict != "pass":
            row = check.decider
            where = row.scenario if len(check.rows) == 1 else check.spread
            alike.setdefault((check.verdict, where, row.reason, row.reproduce), []).append(check.title)
    return [
        Trouble(verdict=verdict, checks=listed(same), where=where, reason=reason, reproduce=reproduce)
        for (verdict, where, reason, reproduce), same in alike.items()
    ]


def _passed(shown: View) -> str:
    passing = sum(check.verdict == "pass" for check in shown.checks)
    scenarios = figures.counted(len(shown.driven), "scenario")
    return f"{passing} of {figures.counted(len(shown.checks), 'check')} over {scenarios} pass"


FORMAT = Summary()
