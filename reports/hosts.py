"""The machine of a run: what it is, what it did while each scenario was driven, and what of that was wrong for measuring.

What counts as wrong in a scenario is what the policy limits: the check `quiet_host` held it against that. Of the machine itself it is what the doctor
would say too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.base.judgement import Measured, RunVerdict
from harness.base.records import NONE
from harness.evidence.archive import Archive
from harness.evidence.host_traits import traits
from harness.evidence.run import HostUse, ScenarioRecord
from reports import figures
from reports.texts import listed, titled

CHECK = "quiet_host"
COLUMNS = ("others used", "free", "stolen", "quota spent", "waited for a disk")
NOT_TOLD = "not told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something about the machine, and what to do about it where it is wrong."""

    what: str
    words: str
    wrong: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """What the machine did while one scenario was driven: a figure for each of COLUMNS, and the rest in words."""

    scenario: str
    figures: tuple[Said, ...]
    rest: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """All of it."""

    note: str
    """What of it limits the verdict."""
    traits: tuple[Said, ...]
    meanwhile: tuple[Meanwhile, ...]


def host(archive: Archive, verdict: RunVerdict) -> Host:
    """What the run's files tell of its machine."""
    heard = {one.scenario: {m.metric: m for m in reversed(one.measures)} for one in verdict.checks if one.name == CHECK}
    return Host(
        note=_note(heard), traits=_traits(archive, heard),
        meanwhile=tuple(_meanwhile(archive.scenario(name), heard.get(name, {})) for name in archive.run.scenarios),
    )  # fmt: skip


def _note(heard: Mapping[str, Mapping[str, Measured]]) -> str:
    judged = {scenario: list(told.values()) for scenario, told in heard.items() if any(m.limit for m in told.values())}
    noisy = [scenario for scenario, told in judged.items() if any(m.verdict == "fail" for m in told)]
    if noisy:
        return (
            f"Too noisy for the limits of this use in {listed([titled(one) for one in noisy])}: a limit on times that was broken there is undecided, "
            "since nobody can say whose slowness that was. One that was kept is kept, since others can only take time away."
        )
    return (
        "Within the limits of this use wherever times were judged."
        if judged
        else "This use sets it no limit, or judged no times."
    )


def _traits(archive: Archive, heard: Mapping[str, Mapping[str, Measured]]) -> tuple[Said, ...]:
    """Of a run's machine; sleeps that woke later than the policy allows are wrong too."""
    late = any(_wrong(told.get("host.sleep_overshoot")) for told in heard.values())
    return tuple(
        Said(
            what=titled(one.what), words=f"{one.said}: {one.advice}" if one.wrong else one.said,
            wrong=one.wrong or (late and one.what == "sleep"),
        )
        for one in traits(archive.run.host)
    )  # fmt: skip


def _meanwhile(record: ScenarioRecord, told: Mapping[str, Measured]) -> Meanwhile:
    use = record.host or HostUse(wall_ns=0)
    shares = (
        (record.others_cpu, "host.others_cpu"), (record.idle_cpu, ""), (use.steal, "host.steal"),
        (use.throttled, "host.throttled"), (use.io_stall, "host.io_stall"),
    )  # fmt: skip
    columns = zip(COLUMNS, shares, strict=True)
    return Meanwhile(
        scenario=record.name, rest=_rest(use, told) if record.host else (),
        figures=tuple(Said(what=what, words=_share(share), wrong=_wrong(told.get(metric))) for what, (share, metric) in columns),
    )  # fmt: skip


def _rest(use: HostUse, told: Mapping[str, Measured]) -> tuple[Said, ...]:
    pairs = (
        ("Waited for a core", f"{_share(use.cpu_stall)}, gonogo and the engine among those who waited"),
        ("Waited for memory", _share(use.memory_stall)),
        ("Lost a core", _preempted(use)),
        ("Clock of the cores", _frequency(use)),
        ("The engine may use", _cores(use)),
        ("The engine's clock", _clock(told)),
    )
    return tuple(Said(what=what, words=words, wrong=False) for what, words in pairs)


def _preempted(use: HostUse) -> str:
    """Involuntary context switches, by the second as well: a long drive has many."""
    if use.preempted == NONE:
        return NOT_TOLD
    rate = f", {figures.amount(use.preempted / (use.wall_ns / 1e9), '1/s')}" if use.wall_ns else ""
    return f"a thread of gonogo {figures.counted(use.preempted, 'time')}{rate}"


def _frequency(use: HostUse) -> str:
    if use.frequency_khz_low == NONE:
        return NOT_TOLD
    low, high = (figures.digits(khz / 1e6) for khz in (use.frequency_khz_low, use.frequency_khz_high))
    return f"{high} GHz" if low == high else f"{low} to {high} GHz, at the beginning and the end"


def _cores(use: HostUse) -> str:
    if not use.engine_cores:
        return "the same cores as gonogo, or it has no process here"
    return f"{figures.counted(len(use.engine_cores), 'core')}: {', '.join(map(str, use.engine_cores))}"


def _clock(told: Mapping[str, Measured]) -> str:
    """How its stamps moved against ours: told, and blamed on neither."""
    spread, drift = told.get("host.clock_spread"), told.get("host.clock_drift")
    if spread is None:
        return "it tells no time"
    words = f"its stamps moved by {figures.amount(spread.value, 'ns')} against ours, the way of its answers with it"
    if drift is None:
        return f"{words}; too short to tell a drift"
    if drift.low <= 0 <= drift.high:
        return f"{words}; no drift above {figures.amount(max(-drift.low, drift.high), 'ns')} a second"
    way = "falls behind" if drift.value > 0 else "runs ahead of"
    low, value, high = sorted(map(abs, (drift.low, drift.value, drift.high)))
    return f"{words}; it {way} ours by {figures.interval(value, low, high, 'ns')} a second"


def _share(share: float | None) -> str:
    return NOT_TOLD if share is None else figures.amount(share, "share")


def _wrong(measure: Measured | None) -> bool:
    return measure is not None and measure.verdict == "fail"
