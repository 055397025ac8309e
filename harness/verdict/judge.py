"""Facts and a policy become a verdict a use: pure functions, so that the same evidence always gives the same verdict.

Only pass is GO. Missing, too little, or invalid evidence is unknown, and a required unknown makes the use UNDECIDED.
"""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from harness.base.findings import Finding, Share
from harness.base.judgement import (
    CheckResult,
    JudgedFinding,
    Measured,
    RunVerdict,
    UseResult,
    UseVerdict,
    WaiverNote,
)
from harness.base.limits import Verdict
from harness.evidence.fold import engine_lacks
from harness.evidence.run import RunRecord
from harness.policy import GATE, QUIET_HOST, LoadedPolicy, Use
from harness.verdict.heard import Heard
from harness.verdict.measured import asked_for_less, measured, profiled
from harness.verdict.noise import crowded, noise
from harness.verdict.untested import not_tested

EXIT: dict[UseVerdict, int] = {"GO": 0, "NO-GO": 1, "UNDECIDED": 2}
EXIT_INTERRUPTED = 130
LAG = "generator.lag"
PACE = "pace"
_ORDER: tuple[Verdict, ...] = ("pass", "unknown", "fail")


@dataclass(frozen=True, slots=True)
class _Judged:
    """One check in one scenario, as it is and as a use takes it."""

    result: CheckResult
    taken: Verdict
    """The verdict without the findings that are waived for the use: what else is broken or missing stays."""
    waived: tuple[str, ...]
    """The findings of the result that are waived for the use."""


@dataclass(frozen=True, slots=True)
class _Bench:
    """What a check's verdict rests on beside its own facts: the use, and all scenarios together."""

    use: Use
    waived: frozenset[str]
    """The findings that are waived for the use."""
    seen: Mapping[str, int]
    marks: Mapping[tuple[str, str], int]
    shares: Mapping[str, Share]
    blocked: frozenset[str]
    """The scenarios in which gate 0 failed."""
    late: Mapping[str, str]
    """Scenario -> why its times say nothing."""
    noisy: Mapping[str, str]
    """Scenario -> how its machine is beyond what the use allows: then times that break a limit say nothing of the engine."""


def judge(
    run: RunRecord, heard: tuple[Heard, ...], loaded: LoadedPolicy, use: str, damaged: tuple[str, ...] = ()
) -> RunVerdict:
    """The verdict of a run for every use of the policy; `use` decides the exit code, `damaged` names evidence that was changed."""
    policy = loaded.policy
    day = dt.date.fromisoformat(run.started_utc[:10])
    waivers = [waiver for waiver in policy.waiver if waiver.expires >= day]
    benches = {
        name: _bench(heard, rules, frozenset(one.finding for one in waivers if one.use == name))
        for name, rules in policy.use.items()
    }
    judged = {name: tuple(_judged(run, one, bench) for one in heard) for name, bench in benches.items()}
    why_invalid = _why_invalid(run, benches[use], damaged)
    uses = tuple(_use(name, rules, judged[name], run) for name, rules in policy.use.items())
    deciding = next(result for result in uses if result.name == use)
    return RunVerdict(
        run=run.id, use=use,
        exit=EXIT_INTERRUPTED if run.status == "interrupted" else EXIT[deciding.verdict],
        valid=not why_invalid, why_invalid=why_invalid,
        engine=run.engine, policy_sha256=loaded.sha256, uses=uses, waivers=_waivers(loaded, day, uses), checks=tuple(one.result for one in judged[use]),
        findings=tuple(_finding(run, finding) for one in heard for finding in one.facts.findings),
        not_tested=not_tested(run, heard),
    )  # fmt: skip


def _waivers(loaded: LoadedPolicy, day: dt.date, uses: tuple[UseResult, ...]) -> tuple[WaiverNote, ...]:
    """Every waiver of the policy with what came of it: an expired or idle one is told, not passed over."""
    used = {(finding, use.name) for use in uses for finding in use.waived}
    return tuple(
        WaiverNote(
            finding=one.finding, use=one.use, owner=one.owner, reason=one.reason, expires=one.expires.isoformat(),
            state="expired" if one.expires < day else "used" if (one.finding, one.use) in used else "unused",
        )
        for one in loaded.policy.waiver
    )  # fmt: skip


def _bench(heard: tuple[Heard, ...], use: Use, waived: frozenset[str]) -> _Bench:
    seen: dict[str, int] = {}
    marks: dict[tuple[str, str], int] = {}
    shares: dict[str, Share] = {}
    for one in heard:
        seen[one.check] = seen.get(one.check, 0) + one.facts.seen
        for mark, count in one.facts.marks.items():
            marks[one.check, mark] = marks.get((one.check, mark), 0) + count
        for metric, part in one.facts.shares.items():
            shares[metric] = shares.get(metric, Share(0, 0)) + part
    blocked = frozenset(one.info.scenario for one in heard if one.check == GATE and one.facts.findings)
    late = {one.info.scenario: why for one in heard if (why := _late(one, use))}
    noisy = {one.info.scenario: why for one in heard if one.check == QUIET_HOST and (why := noise(one, use))}
    return _Bench(use, waived, seen, marks, shares, blocked, late, noisy)


def _late(one: Heard, use: Use) -> str:
    """Why this scenario's times say nothing of the load that was asked for; empty where the generator kept its pace to the end."""
    if one.info.short and one.info.rate_per_s:
        return one.info.short.words()
    if LAG not in one.facts.distributions:
        return ""
    broken = [m for m in measured(one, use, {}) if m.metric == LAG and m.verdict in ("fail", "unknown")]
    said = "; ".join(
        f"{m.stat} of the generator's lag is {m.value / 1e6:.3g} ms ({m.low / 1e6:.3g} to {m.high / 1e6:.3g}), wanted {m.limit}"
        for m in broken
    )
    return f"the generator fell behind its pace ({said})" if said else ""


def _judged(run: RunRecord, one: Heard, bench: _Bench) -> _Judged:
    """One check in one scenario."""
    measures = measured(one, bench.use, bench.shares)
    least = bench.use.least.get(one.check, one.rule.least)
    named = {finding.id(run.engine.name): finding for finding in one.facts.findings}
    left = tuple(finding for name, finding in named.items() if name not in bench.waived)
    verdict, reason = _verdict(one, bench, measures, least, one.facts.findings)
    taken = _verdict(one, bench, measures, least, left)[0] if len(left) < len(named) else verdict
    findings = tuple(named)
    scenario = one.info.scenario
    again = (
        f"gonogo replay {findings[0]}"
        if findings
        else f"gonogo run {shlex.quote(one.info.source or scenario)} {run.reproduce}".strip()
    )
    result = CheckResult(
        name=one.check, scenario=scenario, verdict=verdict, reason=reason, seen=one.facts.seen, least=least,
        basis=one.basis, marks=one.facts.marks, measures=measures, findings=findings,
        reproduce="" if verdict == "pass" else again,
    )  # fmt: skip
    return _Judged(result, taken, tuple(name for name in findings if name in bench.waived))


def _verdict(
    one: Heard, bench: _Bench, measures: tuple[Measured, ...], least: int, findings: tuple[Finding, ...]
) -> tuple[Verdict, str]:
    """The check's verdict and why. A violation stands whatever else is missing; after that, anything missing is unknown."""
    if one.info.scenario in bench.blocked and one.check != GATE:
        return "unknown", "blocked: gate 0"
    if findings:
        return "fail", _count(sum(finding.count for finding in findings), "violation")
    if why := _no_ground(one, bench):
        return "unknown", why
    if broken := [m for m in measures if m.verdict == "fail"]:
        why = asked_for_less(one, broken) or (profiled(one) or _others(one, bench) if PACE in one.rule.needs else "")
        return ("unknown", why) if why else ("fail", "; ".join(f"{_named(m)} breaks {m.limit}" for m in broken))
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
    # What the machine did stands, however late the generator was.
    return f"not valid: {late}" if late and PACE in one.rule.needs and one.check != QUIET_HOST else ""


def _others(one: Heard, bench: _Bench) -> str:
    """Why broken limits on times may be the machine's doing."""
    return bench.noisy.get(one.info.scenario, "") or crowded(one.info)


def _too_little(one: Heard, bench: _Bench, measures: tuple[Measured, ...], least: int) -> str:
    """Why what the check measured is not enough to pass."""
    seen = bench.seen[one.check]
    if seen < least:
        return f"too little evidence: {seen:,} of at least {least:,} observations in the whole run"
    if never := [mark for mark in one.rule.marks if not bench.marks.get((one.check, mark))]:
        return f"the run never provoked: {', '.join(never)}"
    return "; ".join(_unsure(m) for m in measures if m.verdict == "unknown")


def _unsure(measure: Measured) -> str:
    """Only a figure with an interval can be unsure: one without was not measured at all."""
    sees = "may keep or break" if measure.low < measure.high else "was not measured, wanted"
    return f"{_named(measure)} {sees} {measure.limit}"


def _named(measure: Measured) -> str:
    return f"{measure.metric} {measure.stat}".strip()


def _use(name: str, rules: Use, judged: tuple[_Judged, ...], run: RunRecord) -> UseResult:
    """The verdict for one use: any required fail is NO-GO, else any required unknown is UNDECIDED."""
    applied = {one.result.name for one in judged}
    required = (*rules.required, *(check for check in rules.where_it_applies if check in applied))
    worst: dict[str, Verdict] = {check: _worst(check, judged) for check in required}
    waived = tuple(sorted({finding for one in judged for finding in one.waived}))
    failed = tuple(check for check, verdict in worst.items() if verdict == "fail")
    if failed:
        return UseResult(name=name, verdict="NO-GO", because=failed, waived=waived)
    unknown = tuple(check for check, verdict in worst.items() if verdict == "unknown")
    if unknown or run.status != "finished":
        cut = () if run.status == "finished" else (f"run {run.status}",)
        return UseResult(name=name, verdict="UNDECIDED", because=(*cut, *unknown), waived=waived)
    return UseResult(name=name, verdict="GO", because=(), waived=waived)


def _worst(check: str, judged: tuple[_Judged, ...]) -> Verdict:
    """The worst over the scenarios, as the use takes it; a check that no scenario applies is unknown."""
    return max((one.taken for one in judged if one.result.name == check), key=_ORDER.index, default="unknown")


def _why_invalid(run: RunRecord, bench: _Bench, damaged: tuple[str, ...]) -> str:
    if damaged:
        more = f" and {len(damaged) - 1:,} more" if len(damaged) > 1 else ""
        return f"the evidence was changed since the run: {damaged[0]}{more}"
    if run.status != "finished":
        return f"the run did not finish: {run.ended}"
    return next(iter(bench.late.values()), "")


def _finding(run: RunRecord, finding: Finding) -> JudgedFinding:
    name = finding.id(run.engine.name)
    return JudgedFinding(
        id=name, check=finding.check, kind=finding.kind, severity=finding.severity, title=finding.title,
        expected=finding.expected, got=finding.got, scenario=finding.scenario, first_command=finding.first_command,
        orders=finding.orders, count=finding.count, reproduce=f"gonogo replay {name}",
    )  # fmt: skip


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
