"""Each check in each scenario as a row of figures, and what the run provoked."""

from __future__ import annotations

from dataclasses import dataclass

from harness.base.findings import Facts
from harness.base.judgement import CheckResult, Measured, RunVerdict
from harness.base.limits import Verdict
from harness.base.stats import share
from harness.evidence.archive import Archive
from reports import figures
from reports.stories import figure_name
from reports.texts import BASIS, Anchors, spoken, titled


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value, ready to read."""

    name: str
    value: str
    spread: str
    """How sure the value is: its interval, or the bound of what was never seen."""
    limit: str
    verdict: str

    @property
    def text(self) -> str:
        """Name, value and spread."""
        return " ".join(filter(None, (self.name, self.value, self.spread)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One check in one scenario."""

    anchor: str
    name: str
    scenario: str
    verdict: Verdict
    reason: str
    detail: str
    """The rest of a reason of several lines, such as a traceback."""
    judged: tuple[Figure, ...]
    told: tuple[Figure, ...]
    facts: tuple[tuple[str, str], ...]
    seen: int
    least: int
    basis: str
    """What it was judged from, in words; empty for the whole history."""
    reproduce: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How often something that a check wanted provoked did happen in the whole run."""

    check: str
    what: str
    times: int


def rows(archive: Archive, verdict: RunVerdict, anchors: Anchors) -> tuple[Row, ...]:
    """Every check in every scenario, in the order of the verdict."""
    facts = {name: archive.facts(name) for name in archive.run.scenarios}
    return tuple(_row(result, facts.get(result.scenario, {}).get(result.name), anchors) for result in verdict.checks)


def marks(verdict: RunVerdict) -> tuple[Mark, ...]:
    """The marks of all checks, summed over the scenarios; those never reached come first."""
    sums: dict[tuple[str, str], int] = {}
    for result in verdict.checks:
        for mark, times in result.marks.items():
            sums[result.name, mark] = sums.get((result.name, mark), 0) + times
    found = [Mark(check=titled(check), what=spoken(what), times=times) for (check, what), times in sums.items()]
    return tuple(sorted(found, key=lambda mark: (mark.times > 0, mark.check, mark.what)))


def _row(result: CheckResult, facts: Facts | None, anchors: Anchors) -> Row:
    reason, _, detail = result.reason.strip().partition("\n")
    judged = tuple(_figure(measure, result.name) for measure in result.measures if measure.limit)
    return Row(
        anchor=anchors.give("check", result.scenario, result.name), name=result.name,
        scenario=result.scenario, verdict=result.verdict, reason=reason, detail=detail,
        judged=judged or _violations(result), told=tuple(_figure(m, result.name) for m in result.measures if not m.limit),
        facts=tuple((spoken(key), value) for key, value in facts.told.items()) if facts else (),
        seen=result.seen, least=result.least, basis="" if result.basis == "history" else BASIS[result.basis], reproduce=result.reproduce, findings=result.findings,
    )  # fmt: skip


def _violations(result: CheckResult) -> tuple[Figure, ...]:
    """A check without a limit of its own is held to no violation at all; none seen is told with its upper bound."""
    if result.verdict == "fail":
        return (Figure(name="", value=result.reason, spread="", limit="0", verdict="fail"),)
    if result.verdict == "unknown" or result.measures or not result.seen:
        return ()
    bound = f"({figures.share_bound(share(0, result.seen).high)})"
    return (Figure(name="", value=f"0 of {figures.count(result.seen)}", spread=bound, limit="0", verdict="pass"),)


def _figure(measure: Measured, check: str) -> Figure:
    value, _, spread = figures.measured(measure).partition(" (")
    name = figure_name(measure).removeprefix(f"{spoken(check)} ")
    return Figure(
        name=name, value=value, spread=f"({spread}" if spread else "", limit=figures.limit(measure.limit),
        verdict=measure.verdict,
    )  # fmt: skip
