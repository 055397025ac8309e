"""The checks of a run as rows, by scenario, and what the run provoked."""

from __future__ import annotations

from dataclasses import dataclass

from harness.base.findings import Facts
from harness.base.judgement import CheckResult, Measured, RunVerdict
from harness.base.stats import share
from harness.evidence.archive import Archive
from harness.evidence.run import ScenarioRecord
from reports import figures
from reports.stories import figure_name
from reports.texts import Anchors, sentence, spoken, titled


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
    title: str
    verdict: str
    reason: str
    detail: str
    """The rest of a reason of several lines, such as a traceback."""
    judged: tuple[Figure, ...]
    told: tuple[Figure, ...]
    facts: tuple[tuple[str, str], ...]
    seen: str
    least: str
    basis: str
    reproduce: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scenario with its checks."""

    anchor: str
    name: str
    about: str
    summary: tuple[tuple[str, str], ...]
    failure: str
    rows: tuple[Row, ...]

    @property
    def tally(self) -> str:
        """How many checks came to which verdict."""
        verdicts = [row.verdict for row in self.rows]
        kinds = ("fail", "unknown", "pass")
        return ", ".join(f"{verdicts.count(kind)} {kind}" for kind in kinds if kind in verdicts) or "no checks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How often something that a check wanted provoked did happen in the whole run."""

    check: str
    what: str
    times: int


def scenarios(archive: Archive, verdict: RunVerdict, anchors: Anchors) -> tuple[Scenario, ...]:
    """Every scenario that left evidence, in the order they ran."""
    return tuple(_scenario(archive, verdict, name, anchors) for name in archive.run.scenarios)


def marks(verdict: RunVerdict) -> tuple[Mark, ...]:
    """The marks of all checks, summed over the scenarios; those never reached come first."""
    sums: dict[tuple[str, str], int] = {}
    for result in verdict.checks:
        for mark, times in result.marks.items():
            sums[result.name, mark] = sums.get((result.name, mark), 0) + times
    found = [Mark(check=titled(check), what=spoken(what), times=times) for (check, what), times in sums.items()]
    return tuple(sorted(found, key=lambda mark: (mark.times > 0, mark.check, mark.what)))


def _scenario(archive: Archive, verdict: RunVerdict, name: str, anchors: Anchors) -> Scenario:
    record = archive.scenario(name)
    facts = archive.facts(name)
    order = {"fail": 0, "unknown": 1, "pass": 2}
    results = [result for result in verdict.checks if result.scenario == name]
    return Scenario(
        anchor=anchors.give("scenario", name), name=name, about=sentence(record.about), summary=_summary(record),
        failure=record.failure,
        rows=tuple(
            _row(result, facts.get(result.name), anchors)
            for result in sorted(results, key=lambda result: order[result.verdict])
        ),
    )  # fmt: skip


def _summary(record: ScenarioRecord) -> tuple[tuple[str, str], ...]:
    """What was driven, and how, in pairs of label and words."""
    took = f" in {figures.duration(record.duration_ns)}" if record.duration_ns > 0 else ""
    ended = "" if record.status == "finished" else f", {record.status}"
    pairs = [
        ("Driven", f"{figures.counted(record.commands, 'command')}{took}{ended}"),
        ("Flow", record.flow),
        ("Pacing", record.pacing),
        *((titled(key), figures.count(value)) for key, value in record.settings.items()),
        *((titled(key), value) for key, value in record.notes.told.items()),
    ]
    if record.notes.cases:
        pairs.append(("Cases", f"{figures.counted(len(record.notes.cases), 'hand-made edge case')}"))
    return tuple(pairs)


def _row(result: CheckResult, facts: Facts | None, anchors: Anchors) -> Row:
    reason, _, detail = result.reason.strip().partition("\n")
    judged = tuple(_figure(measure, result.name) for measure in result.measures if measure.limit)
    return Row(
        anchor=anchors.give("check", result.scenario, result.name), name=result.name, title=titled(result.name),
        verdict=result.verdict, reason=reason, detail=detail,
        judged=judged or _violations(result), told=tuple(_figure(m, result.name) for m in result.measures if not m.limit),
        facts=tuple((spoken(key), value) for key, value in facts.told.items()) if facts else (),
        seen=figures.count(result.seen), least=figures.count(result.least) if result.least > 1 else "",
        basis=result.basis, reproduce=result.reproduce, findings=result.findings,
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
