"""Response times of each paced scenario in one place.

Beside them stands what another way to measure would have hidden, what went missing, and how other accounts were served while one flooded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.base.judgement import CheckResult, Measured, RunVerdict
from harness.evidence.archive import Archive
from reports import figures
from reports.texts import listed, sentence, titled

CHECK, FAIRNESS = "latency", "fairness"
STATS = ("p(50)", "p(99)", "p(99.9)", "max")
KINDS = {
    "latency.response": "response", "latency.service": "service", "latency.drop_copy": "drop copy", "latency.closed_loop": "closed loop",
}  # fmt: skip
TAIL = "p(99.9)"
"""The statistic by which it is said what a closed loop hides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The times of one scenario, ready to read."""

    scenario: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    """What was measured, and a figure for each of STATS; empty where there is none."""
    notes: tuple[str, ...]
    """A sentence each."""


def response_times(archive: Archive, verdict: RunVerdict) -> tuple[Times, ...]:
    """Those of every scenario that has some."""
    fairness = {one.scenario: one for one in verdict.checks if one.name == FAIRNESS}
    found = [_times(archive, one, fairness.get(one.scenario)) for one in verdict.checks if one.name == CHECK]
    return tuple(one for one in found if one.rows)


def _times(archive: Archive, latency: CheckResult, fairness: CheckResult | None) -> Times:
    told = {(m.metric, m.stat): figures.amount(m.value, m.unit) for m in reversed(latency.measures)}
    rows = [
        (words, tuple(told.get((metric, stat), "") for stat in STATS))
        for metric, words in KINDS.items()
        if any(m.metric == metric for m in latency.measures)
    ]
    facts = archive.facts(latency.scenario).get(CHECK)
    counts = [f"{key}: {value}" for key, value in facts.told.items()] if facts else []
    notes = (_hidden(told), sentence("; ".join(counts)), _served(fairness.measures) if fairness else "")
    return Times(scenario=titled(latency.scenario), rows=tuple(rows), notes=tuple(filter(None, notes)))


def _hidden(told: dict[tuple[str, str], str]) -> str:
    """What a closed loop would have made of it; nothing where that was not measured."""
    closed, response = told.get(("latency.closed_loop", TAIL)), told.get(("latency.response", TAIL))
    if closed is None or response is None:
        return ""
    against = "as well" if closed == response else f"and not {response}"
    name = figures.stat(TAIL)
    return f"A tester that waits for each answer before it sends its next command would have told {name} = {closed} of the same run, {against}."


def _served(measures: Iterable[Measured]) -> str:
    """How the accounts were served beside one that floods; nothing where that was not measured."""
    told = {m.metric.removeprefix(f"{FAIRNESS}."): figures.amount(m.value, m.unit) for m in measures}
    whose = {
        "worst_p99": "at most {} for the others",
        "median_p99": "{} for the one in the middle of them",
        "flood_p99": "{} for the one that flooded",
    }
    parts = [words.format(told[name]) for name, words in whose.items() if name in told]
    if "worst_account" not in told or not parts:
        return ""
    often = (
        f"the one served worst was {told['worst_account']} times as often among the slowest twentieth as all together"
    )
    return f"While one account flooded, p99 was {listed(parts)}; {often}."
