"""Runs scenarios against an engine and leaves a run folder; judging and reporting follow at once."""

from __future__ import annotations

import datetime as dt
import secrets
import shlex
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

import harness
from harness.base.capabilities import lie_within
from harness.base.errors import SetupError
from harness.base.judgement import RunVerdict
from harness.base.records import NONE
from harness.compose import judging, plugs, reporting
from harness.compose.driving import Planned, Site, View, run_one
from harness.compose.warming import warm
from harness.evidence import manifest
from harness.evidence.archive import Archive
from harness.evidence.host import host, with_sleeps
from harness.evidence.run import PeakRecord, RunRecord, Status
from harness.evidence.store import write_bytes, write_json
from harness.flows import Flow, Timed
from harness.pacing import Pacing, check_rate
from harness.pacing.as_recorded import AsRecorded
from harness.pacing.shapes import StatedPeak
from harness.policy import LoadedPolicy
from harness.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the user asked to be run."""

    name: str
    """The folder under `out` that the run goes to."""
    scenarios: tuple[str, ...]
    engine: plugs.EngineChoice
    policy: LoadedPolicy
    use: str
    seed: int = 1
    out: Path = Path("runs")
    data: Path | None = None
    rate_per_s: float | None = None
    """None: what each scenario says."""
    speed: float | None = None
    """Recordings are sent at their own times, so many times as fast; None: what each scenario says."""
    duration_ns: int = 0
    """0: what each scenario says."""
    warm_up_ns: int = 0
    """The same."""
    profile: bool = False
    """Whether the engine's processes are sampled while they are driven."""
    options: tuple[str, ...] = ()
    """The further options of the command line, so that a report can say how to do it again."""

    def reproduce(self) -> str:
        """The options with which `gonogo run SCENARIO` drives the same engine in the same way."""
        return shlex.join(("--engine", self.engine.argument(), "--seed", str(self.seed), *self.options))


def plan(order: Order) -> tuple[tuple[Planned, ...], dict[str, str]]:
    """Make every scenario ready before the first one runs; also gives those left out, with the reason.

    Raises:
        SetupError: a scenario, flow, rate or data file cannot be used.
    """
    if order.rate_per_s is not None:
        check_rate(order.rate_per_s)
    if order.speed is not None:
        _check_speed(order)
    if order.duration_ns and order.warm_up_ns >= order.duration_ns:
        raise SetupError("the warm-up leaves nothing to be timed; wanted --warm-up shorter than --duration")
    ready: list[Planned] = []
    left_out: dict[str, str] = {}
    _check_names(order.scenarios)
    for name in order.scenarios:
        scenario = plugs.scenario(name)
        _check_checks(name, scenario)
        flow: Any = scenario.flow
        if scenario.data:
            found = plugs.data_file(scenario.data, order.data)
            if isinstance(found, str):
                left_out[Path(name).stem] = found
                continue
            flow = replace(flow, path=found)
        made = _ready(order, name, scenario, flow)
        if isinstance(made, str):
            left_out[Path(name).stem] = made
        else:
            ready.append(made)
    if not ready:
        raise SetupError("nothing to run: " + "; ".join(f"{name}: {why}" for name, why in left_out.items()))
    return tuple(ready), left_out


def _check_names(scenarios: tuple[str, ...]) -> None:
    """A scenario's evidence lies under the name of its file, so two of one name cannot be in one run."""
    stems = [Path(name).stem for name in scenarios]
    doubles = sorted({stem for stem in stems if stems.count(stem) > 1})
    if doubles:
        raise SetupError(f"two scenarios of one run have the same name: {', '.join(doubles)}; rename a file")


def _check_checks(name: str, scenario: Scenario) -> None:
    """A check that is named and does not exist would be skipped in silence."""
    strange = [check for check in scenario.checks if check not in plugs.checks()]
    if strange:
        raise SetupError(f"the scenario {name} names checks that do not exist: {', '.join(strange)}")


def _ready(order: Order, name: str, scenario: Scenario, flow: Flow) -> Planned | str:
    """The scenario made ready, or why it cannot be run with this engine."""
    engine = order.engine.engine(flow.instruments(), scenario.conventions, scenario.controls)
    if scenario.conventions is not None and engine.conventions != scenario.conventions:
        return "it is about other conventions than the engine's own"
    if not lie_within(engine.instruments, flow.instruments()):
        return "it is about other instruments than the engine's own"
    if engine.controls != scenario.controls:
        return "it is about controls that the engine does not have"
    instrument = scenario.instrument.lasting(order.duration_ns) if order.duration_ns else scenario.instrument
    flow = flow.fitted(engine.capabilities, engine.conventions)
    if order.duration_ns and isinstance(flow, Timed):
        flow = flow.looped()
    asked = _at_own_times(order, scenario.pacing, flow)
    pace = asked if isinstance(asked, str) else _pace(order, asked)
    if isinstance(pace, str):
        return pace
    pacing, peak = pace
    return Planned(
        name=Path(name).stem, source=str(Path(name).resolve()) if name.endswith(plugs.SCENARIO_FILES) else "",
        scenario=replace(scenario, instrument=instrument, warm_up_ns=order.warm_up_ns or scenario.warm_up_ns), flow=flow,
        pacing=pacing, peak=peak, engine=engine,
    )  # fmt: skip


def _check_speed(order: Order) -> None:
    """A speed that is asked for must be the only pace, and of something."""
    if order.rate_per_s is not None:
        raise SetupError("--speed and --rate say two different paces; wanted one of them")
    if not any(isinstance(plugs.scenario(name).flow, Timed) for name in order.scenarios):
        raise SetupError(
            f"none of {', '.join(order.scenarios)} replays a recording, so there is nothing to send at its own times"
        )


def _at_own_times(order: Order, pacing: Pacing | StatedPeak | AsRecorded, flow: Flow) -> Pacing | StatedPeak | str:
    """The pacing that is asked for, with the times of its recording where it goes by them; or why it cannot."""
    if order.speed is not None and isinstance(flow, Timed):
        pacing = AsRecorded(order.speed)
    if not isinstance(pacing, AsRecorded):
        return pacing
    if not isinstance(flow, Timed):
        return "its pacing is that of a recording, and its flow is none"
    times_ns = flow.times_ns()
    if not (times_ns != NONE).any():
        return "its recording tells no times, so it cannot be sent at them"
    return pacing.paced(times_ns)


def _pace(order: Order, pacing: Pacing | StatedPeak) -> tuple[Pacing, PeakRecord | None] | str:
    """The pacing to drive at, with the stated peak that it goes by; or why there is none."""
    if not isinstance(pacing, StatedPeak):
        return (pacing if order.rate_per_s is None else pacing.at_rate(order.rate_per_s)), None
    if order.rate_per_s is not None:
        return "it goes at a multiple of a stated peak, so --rate cannot be its rate"
    stated = order.policy.policy.use[order.use].peak
    if stated is None:
        return (
            f"it goes at a multiple of the peak that is stated for the use {order.use}, and none is: "
            f"give the policy commands_per_s and source in [use.{order.use}.peak]"
        )
    peak = PeakRecord(times=pacing.times, commands_per_s=stated.commands_per_s, source=stated.source)
    return pacing.paced(stated.commands_per_s), peak


def run(order: Order, view: View, stopped: Callable[[], bool]) -> tuple[Archive, RunVerdict]:
    """Run all scenarios, judge them, write the reports.

    Raises:
        SetupError: something of what the user asked for cannot be used; nothing was run.
    """
    planned, left_out = plan(order)
    return run_planned(order, planned, left_out, view, stopped)


def run_planned(
    order: Order, planned: tuple[Planned, ...], left_out: dict[str, str], view: View, stopped: Callable[[], bool]
) -> tuple[Archive, RunVerdict]:
    """Run what was made ready; the folder can be judged at every moment."""
    warm([order.engine.name], [one.source or one.name for one in planned], view.tell)
    record = _record(order, planned, left_out)
    folder = order.out / order.name / record.id
    try:
        write_json(folder / "run.json", record)
        write_bytes(folder / "policy.toml", order.policy.source)
        if order.engine.source:
            write_bytes(folder / "engine.toml", order.engine.source)
    except OSError as error:
        raise SetupError(
            f"cannot write the run folder {folder}: {error.strerror}; name another place with --out"
        ) from error
    _point_latest(folder)
    view.tell(f"the evidence goes to {folder}")
    site = Site(folder, order.seed, view, stopped, profile=order.profile)
    started_s = time.monotonic()
    statuses: list[Status] = []
    for number, one in enumerate(planned, 1):
        if stopped():
            statuses.append("interrupted")
            break
        view.begin(one.name, number, len(planned))
        record = msgspec.structs.replace(record, scenarios=(*record.scenarios, one.name))
        statuses.append(run_one(site, one, record))
    record = msgspec.structs.replace(record, status=_worst(statuses), wall_s=round(time.monotonic() - started_s, 3))
    write_json(folder / "run.json", record)
    return finish(Archive(folder, fresh=True), order.policy, order.use, view.tell)


def finish(archive: Archive, loaded: LoadedPolicy, use: str, tell: Callable[[str], None]) -> tuple[Archive, RunVerdict]:
    """Judge a run folder, write verdict, reports and manifest into it.

    Evidence that was changed keeps the manifest that shows it: a new one would seal the change.
    """
    damaged = archive.damaged()
    verdict, heard = judging.judge_run(archive, loaded, use, damaged, tell)
    judging.store(archive, verdict, heard)
    reporting.render(archive, reporting.ALWAYS, archive.folder, tell)
    if not damaged:
        manifest.write(archive.folder)
    return archive, verdict


def _record(order: Order, planned: tuple[Planned, ...], left_out: dict[str, str]) -> RunRecord:
    """run.json as it stands before anything ran: should gonogo die, this is what is judged."""
    now = dt.datetime.now(dt.UTC)
    return RunRecord(
        id=f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}", name=order.name, started_utc=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        wall_s=0, gonogo=harness.__version__, seed=order.seed, use=order.use, engine=order.engine.identity(planned[0].engine),
        adapter=Path(order.engine.adapter).stem, asked=order.engine.argument(), reproduce=order.reproduce(), capabilities=planned[0].engine.capabilities, host=with_sleeps(host()), scenarios=(),
        planned=tuple(one.name for one in planned), left_out=left_out, status="interrupted",
    )  # fmt: skip


def _point_latest(folder: Path) -> None:
    """`latest` names the newest run, for people; a file system without links goes without."""
    link = folder.parent / "latest"
    with suppress(OSError):
        link.unlink(missing_ok=True)
        link.symlink_to(folder.name)


def _worst(statuses: list[Status]) -> Status:
    """How the run ended: the first that is not finished says it."""
    return next((status for status in statuses if status != "finished"), "finished")
