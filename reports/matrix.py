"""The detection matrix as a page: a row an engine that is broken on purpose, a column a check, a mark where it saw the defect."""

from __future__ import annotations

from statistics import median
from typing import NamedTuple

from harness.base.detection import Detection, SpecimenResult
from reports import environment


class Column(NamedTuple):
    """A check, and how many of the specimens it saw."""

    check: str
    saw: int


class Family(NamedTuple):
    """The specimens of one kind."""

    kind: str
    rows: tuple[SpecimenResult, ...]


class Page(NamedTuple):
    """All that the page shows."""

    found: Detection
    verdict: str
    good: bool
    why: str
    shrunk: bool
    """Whether any tape was made small."""
    columns: tuple[Column, ...]
    families: tuple[Family, ...]


def page(found: Detection) -> str:
    """The page as HTML: one file without script and without any request."""
    template = environment.html().get_template("matrix.html.j2")
    return template.render(page=_page(found))


def _page(found: Detection) -> Page:
    checks = sorted({check for one in found.specimens for check in (*one.caught_by, *one.expected)})
    columns = (Column(check, sum(check in one.caught_by for one in found.specimens)) for check in checks)
    kinds = dict.fromkeys(one.kind for one in found.specimens)
    return Page(
        found=found,
        verdict=f"{found.totals.caught} of {len(found.specimens)} caught",
        good=found.exit_code() == 0,
        why=_why(found),
        shrunk=any(one.shrunk for one in found.specimens),
        columns=tuple(sorted(columns, key=lambda column: (-column.saw, column.check))),
        families=tuple(Family(kind, tuple(one for one in found.specimens if one.kind == kind)) for kind in kinds),
    )


def _why(found: Detection) -> str:
    parts = []
    if commands := found.to_detect():
        parts.append(f"Half of the defects show within {median(commands):,.0f} commands.")
    if small := found.to_show():
        parts.append(f"Half of them need no more than {median(small):,.0f}, none more than {max(small):,}.")
    if many := found.counting():
        parts.append(f"Not counted in that: {many} by whose nature it takes many.")
    if told := ", ".join(f"{count} {word}" for word, count in found.short().items()):
        parts.append(f"Fell short: {told}.")
    driven = sum(one.commands for one in found.healthy)
    if found.healthy:
        blamed = f"{found.totals.false_alarms:,} findings" if found.totals.false_alarms else "no finding"
        parts.append(f"Healthy engines: {blamed} in {driven:,} commands.")
    return " ".join(parts)


PAGE = page
