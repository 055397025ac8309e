"""Facts and a policy become a verdict a use: pure functions, so that the same evidence always gives the same verdict.

Only pass is GO. Missing, too little, or invalid evidence is unknown, and a required unknown makes the use UNDECIDED.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from harness.base.findings import Facts, Finding, Interval
from harness.base.histogram import Histogram
from harness.base.judgement import (
    CheckResult,
    EngineIdentity,
    JudgedFinding,
    Measured,
    NotTested,
    RunVerdict,
    UseResult,
    UseVerdict,
)
from harness.base.limits import Limit, Verdict, keeps, parse_limit
from harness.base.records import CommandKind, Flag, OrderType, TimeInForce
from harness.base.stats import quantile
from harness.evidence.fold import Metric, RunInfo, engine_lacks
from harness.evidence.run import RunRecord
from harness.policy import GATE, LoadedPolicy, Use

EXIT: dict[UseVerdict, int] = {"GO": 0, "NO-GO": 1, "UNDECIDED": 2}
EXIT_INTERRUPTED = 130
LAG = "generator.lag"
PACE = "pace"
TOLD = ("p(50)<1s", "p(99)<1s", "p(99.9)<1s", "max<1s")
"""The statistics of a distribution that are told where no limit asks for them; the bounds are not used."""
_ORDER: tuple[Verdict, ...] = ("pass", "unknown", "fail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What the judge must know of a check: the part of its plug that is data."""

    needs: tuple[str, ...]
    marks: tuple[str, ...]
    least: int
    metrics: tuple[Metric, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one check found out in one scenario."""

    check: str
    rule: Rule
    info: RunInfo
    facts: Facts
    basis: Literal["history", "seed", "facts"] = "history"


@dataclass(frozen=True, slots=True)
class _Bench:
    """What a check's verdict rests on beside its own facts: the use, and all scenarios together."""

    use: Use
    seen: Mapping[str, int]
    marks: Mapping[tuple[str, str], int]
    blocked: bool
    late: Mapping[str, str]
    """Scenario -> why its times say nothing."""
    invocation: str


def judge(run: RunRecord, heard: tuple[Heard, ...], loaded: LoadedPolicy, use: str) -> RunVerdict:
    """The verdict of a run for every use of the policy; `use` decides the exit code."""
    policy = loaded.policy
    day = dt.date.fromisoformat(run.started_utc[:10])
    waived = {(w.finding, w.use) for w in policy.waiver if w.expires >= day}
    results = {name: _results(run, heard, rules) for name, rules in policy.use.items()}
    why_invalid = _why_invalid(run, results[use])
    uses = tuple(_use(name, rules, results[name], waived, run) for name, rules in policy.use.items())
    deciding = next(result for result in uses if result.name == use)
    return RunVerdict(
        run=run.id, use=use,
        exit=EXIT_INTERRUPTED if run.status == "interrupted" else EXIT[deciding.verdict],
        valid=not why_invalid, why_invalid=why_invalid,
        engine=EngineIdentity(**{name: getattr(run.engine, name) for name in EngineIdentity.__struct_fields__}),
        policy_sha256=loaded.sha256, uses=uses, checks=results[use],
        findings=tuple(_finding(run, finding) for one in heard for finding in one.facts.findings),
        not_tested=_not_tested(run, heard),
    )  # fmt: skip


def _results(run: RunRecord, heard: tuple[Heard, ...], use: Use) -> tuple[CheckResult, ...]:
    bench = _bench(run, heard, use)
    return tuple(_result(run, one, bench) for one in heard)


def _bench(run: RunRecord, heard: tuple[Heard, ...], use: Use) -> _Bench:
    seen: dict[str, int] = {}
    marks: dict[tuple[str, str], int] = {}
    for one in heard:
        seen[one.check] = seen.get(one.check, 0) + one.facts.seen
        for mark, count in one.facts.marks.items():
            marks[one.check, mark] = marks.get((one.check, mark), 0) + count
    blocked = any(one.check == GATE and one.facts.findings for one in heard)
    late = {one.info.scenario: why for one in heard if (why := _late(one, use))}
    return _Bench(use, seen, marks, blocked, late, f"--engine {run.engine.name} --seed {run.seed}")


def _late(one: Heard, use: Use) -> str:
    """Why the generator's own lateness makes this scenario's times say nothing; empty where it kept its pace."""
    if LAG not in one.facts.distributions:
        return ""
    broken = [m for m in _measured(one, use) if m.metric == LAG and m.verdict in ("fail", "unknown")]
    return "; ".join(f"{m.stat} of the generator's lag is {m.value / 1e6:.3g} ms, wanted {m.limit}" for m in broken)


def _result(run: RunRecord, one: Heard, bench: _Bench) -> CheckResult:
    """One check in one scenario."""
    measures = _measured(one, bench.use)
    least = bench.use.least.get(one.check, one.rule.least)
    verdict, reason = _verdict(one, bench, measures, least)
    findings = tuple(finding.id(run.engine.name) for finding in one.facts.findings)
    scenario = one.info.scenario
    again = f"gonogo replay {findings[0]}" if findings else f"gonogo run {scenario} {bench.invocation}"
    return CheckResult(
        name=one.check, scenario=scenario, verdict=verdict, reason=reason, seen=one.facts.seen, least=least,
        basis=one.basis, marks=one.facts.marks, measures=measures, findings=findings,
        reproduce="" if verdict == "pass" else again,
    )  # fmt: skip


def _verdict(one: Heard, bench: _Bench, measures: tuple[Measured, ...], least: int) -> tuple[Verdict, str]:
    """The check's verdict and why. A violation stands whatever else is missing; after that, anything missing is unknown."""
    if bench.blocked and one.check != GATE:
        return "unknown", "blocked: gate 0"
    if one.facts.findings:
        return "fail", _count(sum(finding.count for finding in one.facts.findings), "violation")
    if why := _no_ground(one, bench):
        return "unknown", why
    if broken := [m for m in measures if m.verdict == "fail"]:
        return "fail", "; ".join(f"{_named(m)} breaks {m.limit}" for m in broken)
    if why := _too_little(one, bench, measures, least):
        return "unknown", why
    return "pass", ""


def _no_ground(one: Heard, bench: _Bench) -> str:
    """Why nothing that the check measured counts."""
    if lacks := engine_lacks(one.rule.needs, one.info):
        return f"not tested: the engine does not offer {', '.join(lacks)}"
    if one.facts.unknown:
        return one.facts.unknown
    late = bench.late.get(one.info.scenario, "")
    return f"not valid: the generator fell behind its pace ({late})" if late and PACE in one.rule.needs else ""


def _too_little(one: Heard, bench: _Bench, measures: tuple[Measured, ...], least: int) -> str:
    """Why what the check measured is not enough to pass."""
    seen = bench.seen[one.check]
    if seen < least:
        return f"too little evidence: {seen:,} of at least {least:,} observations in the whole run"
    if never := [mark for mark in one.rule.marks if not bench.marks.get((one.check, mark))]:
        return f"the run never provoked: {', '.join(never)}"
    unsure = [m for m in measures if m.verdict == "unknown"]
    return "; ".join(f"{_named(m)} may keep or break {m.limit}" for m in unsure)


def _named(measure: Measured) -> str:
    return f"{measure.metric} {measure.stat}".strip()


def _measured(one: Heard, use: Use) -> tuple[Measured, ...]:
    """Every figure of the check, each against its limits, or told where none is set."""
    measures: list[Measured] = []
    for metric in one.rule.metrics:
        limits = use.limits_of(metric.name)
        if metric.name in one.facts.distributions:
            histogram = Histogram.of(one.facts.distributions[metric.name])
            asked = [limit.stat for limit in limits]
            told = [limit for limit in map(parse_limit, TOLD) if limit.stat not in asked]
            measures += [_measure(metric, limit, _stat(histogram, limit), judged=True) for limit in limits]
            measures += [_measure(metric, limit, _stat(histogram, limit), judged=False) for limit in told]
        elif metric.name in one.facts.measures:
            figure = one.facts.measures[metric.name]
            measures += [_measure(metric, limit, figure, judged=True) for limit in limits] or [_told(metric, figure)]
    return tuple(measures)


def _stat(histogram: Histogram, limit: Limit) -> Interval | None:
    if not histogram.total:
        return None
    if limit.stat in ("max", "min"):
        edge = histogram.high if limit.stat == "max" else histogram.low
        return Interval(edge, edge, edge)
    return quantile(histogram, limit.fraction)


def _measure(metric: Metric, limit: Limit, figure: Interval | None, *, judged: bool) -> Measured:
    kept = figure or Interval(0, 0, 0)
    verdict: Verdict | Literal["told"] = "told"
    if judged:
        verdict = keeps(limit, figure) if figure else "unknown"
    return Measured(
        metric=metric.name, stat=limit.stat, value=_tidy(kept.value), low=_tidy(kept.low), high=_tidy(kept.high),
        unit=metric.unit, limit=limit.text if judged else "", verdict=verdict,
    )  # fmt: skip


def _told(metric: Metric, figure: Interval) -> Measured:
    value, low, high = (_tidy(part) for part in (figure.value, figure.low, figure.high))
    return Measured(
        metric=metric.name, stat="", value=value, low=low, high=high, unit=metric.unit, limit="", verdict="told"
    )


def _tidy(value: float) -> float:
    """Six significant digits: what is stored must not hang on the last bit of a library's arithmetic."""
    return int(value) if float(value).is_integer() else float(f"{value:.6g}")


def _use(
    name: str, rules: Use, results: tuple[CheckResult, ...], waived: set[tuple[str, str]], run: RunRecord
) -> UseResult:
    """The verdict for one use: any required fail is NO-GO, else any required unknown is UNDECIDED."""
    worst: dict[str, Verdict] = {check: _worst(check, name, results, waived) for check in rules.required}
    used = sorted({finding for result in results for finding in result.findings if (finding, name) in waived})
    failed = tuple(check for check, verdict in worst.items() if verdict == "fail")
    if failed:
        return UseResult(name=name, verdict="NO-GO", because=failed, waived=tuple(used))
    unknown = tuple(check for check, verdict in worst.items() if verdict == "unknown")
    if unknown or run.status != "finished":
        cut = () if run.status == "finished" else (f"run {run.status}",)
        return UseResult(name=name, verdict="UNDECIDED", because=(*cut, *unknown), waived=tuple(used))
    return UseResult(name=name, verdict="GO", because=(), waived=tuple(used))


def _worst(check: str, use: str, results: tuple[CheckResult, ...], waived: set[tuple[str, str]]) -> Verdict:
    """The worst over the scenarios; a check that no scenario applies is unknown."""
    verdicts = [_lenient(result, use, waived) for result in results if result.name == check]
    return max(verdicts, key=_ORDER.index, default="unknown")


def _lenient(result: CheckResult, use: str, waived: set[tuple[str, str]]) -> Verdict:
    """A fail whose findings are all waived for the use counts as a pass; a broken limit cannot be waived."""
    all_waived = bool(result.findings) and all((finding, use) in waived for finding in result.findings)
    return "pass" if all_waived and result.verdict == "fail" else result.verdict


def _why_invalid(run: RunRecord, results: tuple[CheckResult, ...]) -> str:
    if run.status != "finished":
        return f"the run did not finish: {run.status}"
    late = [result for result in results if result.reason.startswith("not valid")]
    return late[0].reason if late else ""


def _finding(run: RunRecord, finding: Finding) -> JudgedFinding:
    name = finding.id(run.engine.name)
    return JudgedFinding(
        id=name, check=finding.check, kind=finding.kind, severity=finding.severity, title=finding.title,
        expected=finding.expected, got=finding.got, scenario=finding.scenario, first_command=finding.first_command,
        orders=finding.orders, count=finding.count, reproduce=f"gonogo replay {name}",
    )  # fmt: skip


def _not_tested(run: RunRecord, heard: tuple[Heard, ...]) -> tuple[NotTested, ...]:
    """Everything that the run does not speak of, each once."""
    found = {f"scenario {name}": why for name, why in run.left_out.items()} | _not_offered(run)
    for one in heard:
        lacks = {
            f"check {one.check}": f"the engine does not offer {need}" for need in engine_lacks(one.rule.needs, one.info)
        }
        found = one.info.notes.not_tested | lacks | found
    return tuple(NotTested(what=what, why=why) for what, why in sorted(found.items()))


def _not_offered(run: RunRecord) -> dict[str, str]:
    """The terms of trade that the engine does not offer."""
    offered = run.capabilities
    groups = {
        "command": ({kind.name for kind in CommandKind}, offered.commands),
        "order type": ({kind.name for kind in OrderType}, offered.types),
        "time in force": ({tif.name for tif in TimeInForce}, offered.tifs),
        "flag": ({flag.name or "" for flag in Flag}, offered.flags),
    }
    return {
        f"{group} {word.lower().replace('_', ' ')}": "the engine does not offer it"
        for group, (words, names) in groups.items()
        for word in words - {"NONE", ""}
        if word.lower() not in names
    }


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
