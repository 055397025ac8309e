"""One line a check over the whole run: its worst verdict, the scenario that decides it, and its evidence together.

A run has some ten scenarios and as many checks in each. A reader wants to know first what became of a check, then where; so
the rows of its scenarios stand behind its line.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.base.limits import Verdict
from reports import figures
from reports.tables import Row
from reports.texts import Anchors, listed, titled

WORST: tuple[Verdict, ...] = ("fail", "unknown", "pass")
"""The order in which a reader wants them."""
_DONE: dict[Verdict, str] = {"fail": "fails", "unknown": "is unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check over all scenarios that it applies to."""

    anchor: str
    name: str
    title: str
    decider: Row
    """The row with the worst verdict; among equals the one with most evidence."""
    seen: int
    """The observations of all scenarios together."""
    least: int
    """How many of them the run needs; under 2 it goes without saying."""
    rows: tuple[Row, ...]
    """A row a scenario, the worst first."""

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all scenarios."""
        return self.decider.verdict

    @property
    def spread(self) -> str:
        """How far the verdict reaches: "10 scenarios", or "fails in 2 of 3 scenarios"."""
        total = figures.counted(len(self.rows), "scenario")
        if self.verdict == "pass":
            return total
        verdicts = [row.verdict for row in self.rows]
        if len(set(verdicts)) == 1:
            return f"{_DONE[self.verdict]} in {'all ' if len(verdicts) > 1 else ''}{total}"
        return f"{listed([f'{word} in {verdicts.count(bad)}' for bad, word in _DONE.items() if bad in verdicts])} of {total}"


def checks(rows: tuple[Row, ...], anchors: Anchors) -> tuple[Check, ...]:
    """The checks of a run; those that fail come first, then those that are unknown."""
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
    found = [_check(name, same, anchors) for name, same in by_name.items()]
    return tuple(sorted(found, key=lambda check: WORST.index(check.verdict)))


def _check(name: str, rows: list[Row], anchors: Anchors) -> Check:
    return Check(
        anchor=anchors.give("check", name), name=name, title=titled(name),
        decider=min(rows, key=lambda row: (WORST.index(row.verdict), -row.seen)),
        seen=sum(row.seen for row in rows), least=max(row.least for row in rows),
        rows=tuple(sorted(rows, key=lambda row: WORST.index(row.verdict))),
    )  # fmt: skip
