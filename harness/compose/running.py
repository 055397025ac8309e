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

import msgspec

import harness
from harness.base.capabilities import lie_within
from harness.base.errors import SetupError
from harness.base.judgement import RunVerdict
from harness.compose import judging, plugs, reporting
from harness.compose.crewing import Hiring, by_workers
from harness.compose.driving import Planned, Site, View, run_one
from harness.compose.fitting import Asked, fitted, flow_of
from harness.compose.warming import warm
from harness.evidence import manifest
from harness.evidence.archive import Archive
from harness.evidence.host import host, with_sleeps
from harness.evidence.run import RunRecord, Status
from harness.evidence.store import write_bytes, write_json
from harness.flows import Flow, Timed
from harness.load.places import Meeting
from harness.pacing import check_rate
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
    workers: int = 0
    """Processes that send the commands of each scenario under Locust; 0: gonogo itself sends them."""
    meeting: Meeting | None = None
    """Where the workers come to, that are started on other machines; None: gonogo starts them."""
    page_port: int = 0
    """Where Locust's page is shown meanwhile; 0: nowhere."""
    profile: bool = False
    """Whether the engine's processes are sampled while they are driven."""
    options: tuple[str, ...] = ()
    """The further options of the command line, so that a report can say how to do it again."""

    def pace(self) -> Asked:
        """What is asked of the pace of each scenario."""
        peak = self.policy.policy.use[self.use].peak
        return Asked(
            rate_per_s=self.rate_per_s, speed=self.speed, duration_ns=self.duration_ns, use=self.use, peak=peak
        )

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
        flow = flow_of(scenario, order.data)
        made = flow if isinstance(flow, str) else _ready(order, name, scenario, flow)
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
    found = fitted(flow, scenario.pacing, order.pace(), engine.capabilities, engine.conventions)
    if isinstance(found, str):
        return found
    source = str(Path(name).resolve()) if name.endswith(plugs.SCENARIO_FILES) else ""
    planned = Planned(
        name=Path(name).stem, source=source, scenario=replace(scenario, instrument=instrument, warm_up_ns=order.warm_up_ns or scenario.warm_up_ns), flow=found.flow,
        pacing=found.pacing, peak=found.peak, engine=engine,
    )  # fmt: skip
    if not order.workers:
        return planned
    return by_workers(
        planned,
        Hiring(
            workers=order.workers,
            page_port=order.page_port,
            asked=order.pace(),
            seed=order.seed,
            data=order.data,
            meeting=order.meeting,
        ),
    )


def _check_speed(order: Order) -> None:
    """A speed that is asked for must be the only pace, and of something."""
    if order.rate_per_s is not None:
        raise SetupError("--speed and --rate say two different paces; wanted one of them")
    if not any(isinstance(plugs.scenario(name).flow, Timed) for name in order.scenarios):
        raise SetupError(
            f"none of {', '.join(order.scenarios)} replays a recording, so there is nothing to send at its own times"
        )


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
        told = run_one(site, one, record)
        statuses.append(told.status)
        record = msgspec.structs.replace(record, generator=record.generator or told.generator)
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
