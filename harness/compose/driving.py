"""Drives one scenario against the engine and leaves its evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from harness.base import discover
from harness.base.clock import MonotonicClock
from harness.base.ending import Ended, Ending
from harness.base.errors import EngineError
from harness.base.records import NONE
from harness.base.seeds import Seed
from harness.compose import plugs
from harness.compose.beside import Beside
from harness.compose.redrawing import recipe
from harness.evidence.host_watch import HostWatch
from harness.evidence.journal import SEGMENT_COMMANDS, Journal
from harness.evidence.kept import write_kept
from harness.evidence.room import segment_commands
from harness.evidence.run import PeakRecord, ProcessesRecord, RunRecord, ScenarioRecord
from harness.evidence.store import write_json
from harness.flows import Flow
from harness.instruments import Context, Outcome, Progress
from harness.load.crew import Crew
from harness.pacing import Pacing, mean_per_s
from harness.port import Engine
from harness.profiling.profiler import Profiler
from harness.scenario import Scenario
from harness.target import Target


class View(Protocol):
    """Who watches a run: the terminal, or a plain log in CI."""

    def begin(self, scenario: str, number: int, of: int) -> None: ...

    def progress(self, progress: Progress) -> None: ...

    def tell(self, line: str) -> None: ...

    def say(self, line: str) -> None:
        """The same, where it must not make way for the next."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A scenario made ready: everything that can be wrong with the user's input has been looked at."""

    name: str
    source: str = ""
    """The path of its file, where it was named by one."""
    scenario: Scenario
    flow: Flow
    pacing: Pacing
    """Of the scenario, at the rate that was asked for or that a stated peak makes it."""
    peak: PeakRecord | None = None
    engine: Engine
    crew: Crew | None = None
    """Who sends, where gonogo itself does not."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a run happens and who watches it."""

    folder: Path
    seed: int
    view: View
    stopped: Callable[[], bool]
    profile: bool = False
    """Whether the engine's processes are sampled while they are driven."""


def run_one(site: Site, one: Planned, record: RunRecord) -> ScenarioRecord:
    """One scenario; whatever happens, the engine is stopped, the history is sealed and no judge is left behind."""
    place = site.folder / "scenarios" / one.name
    with Beside(site.folder, one.name) as beside:
        journal = _journal(place, one.scenario.history_bytes, beside)
        write_json(place / "scenario.json", _record(one, journal, Outcome(status="interrupted"), started=False))
        write_json(site.folder / "run.json", record)
        if one.scenario.history_bytes:
            beside.start()
        told = _drive(site, one, place, journal)
        write_json(place / "scenario.json", told)
        if told.profile and told.profile.missing:
            site.view.tell(f"the profile of {one.name}: {told.profile.missing}")
        if gone := beside.finish():
            site.view.tell(f"the judge beside the run {gone}: what it had dropped cannot be judged")
            write_json(place / "scenario.json", msgspec.structs.replace(told, beside=gone))
    return told


def _journal(place: Path, history_bytes: int, beside: Beside) -> Journal:
    if not history_bytes:
        return Journal(place)
    commands = segment_commands(history_bytes, SEGMENT_COMMANDS)
    return Journal(place, limit_bytes=history_bytes, segment_commands=commands, followed=beside.at_work)


def _drive(site: Site, one: Planned, place: Path, journal: Journal) -> ScenarioRecord:
    """Start the engine, drive it, stop it; what came of it."""
    seed = Seed(site.seed).branch(one.name)
    target = Target(one.engine.processes)
    probes = tuple(discover.load(plugs.PROBES, name, "PROBE")(target) for name in one.scenario.probes)
    context = Context(
        clock=MonotonicClock(), seed=seed, flow=one.flow, pacing=one.pacing.seeded(seed),
        probes=probes, stopped=site.stopped, progress=site.view.progress, tell=site.view.say, relations=plugs.relations(), crew=one.crew,
    )  # fmt: skip
    profiler = Profiler(place, target, wanted=site.profile)
    started, processes = False, None
    watch = HostWatch()
    try:
        one.engine.log_to(place / "engine.log")
        one.engine.start()
        started = True
        # Should gonogo die from here on, what is judged is a started engine and an interrupted drive.
        write_json(place / "scenario.json", _record(one, journal, Outcome(status="interrupted"), started=True))
        processes = _processes(target)
        watch.engine_is_up(target.look().engine or ())
        with profiler:
            outcome = one.scenario.instrument.run(one.engine, journal, context)
    except EngineError as error:
        outcome = Outcome(status="engine failed", failure=str(error))
    finally:
        meanwhile = watch.shares()
        try:
            journal.close()
        finally:
            bad_end = _stopped(one.engine)
    told = _record(one, journal, outcome, started=started)
    ending = _ending(one.engine, outcome, bad_end, place)
    return msgspec.structs.replace(
        told, **meanwhile._asdict(), ending=ending, processes=processes, profile=profiler.record
    )


def _processes(target: Target) -> ProcessesRecord:
    """Which processes are the engine's. To find them out may take some ten milliseconds, which no command is due in yet."""
    told = target.processes()
    return ProcessesRecord(whose=told.whose, why=told.why)


def _stopped(engine: Engine) -> str:
    """Stop it; why that was no good end, or nothing."""
    try:
        engine.stop(graceful=True)
    except EngineError as error:
        return str(error)
    return ""


def _ending(engine: Engine, outcome: Outcome, bad_end: str, place: Path) -> Ending | None:
    """How an engine that was stopped ended; the fills that it keeps are stored. None where nothing says."""
    if outcome.status in ("engine failed", "interrupted", "generator failed") or outcome.cut:
        # Of an engine that failed, or that the user did not wait for, the end says nothing more; what it keeps of a load whose
        # history is not whole, nobody can hold against that.
        return None
    try:
        ended = Ended(Ending(wrong=bad_end)) if bad_end else engine.ended()
        # Only now may it let go of what it keeps.
        engine.stop(graceful=False)
    except EngineError as error:
        return Ending(wrong=str(error))
    if ended is None or ended.fills is None:
        return ended and ended.ending
    if outcome.emptied:
        return msgspec.structs.replace(ended.ending, fills=None)
    write_kept(place, ended.fills)
    return ended.ending


def _record(one: Planned, journal: Journal, outcome: Outcome, *, started: bool) -> ScenarioRecord:
    scenario, settings = one.scenario, one.scenario.instrument.settings()
    return ScenarioRecord(
        name=one.name, about=scenario.about, source=one.source, instrument=type(scenario.instrument).__name__.lower(),
        flow=_in_words(one.flow), pacing=_in_words(one.pacing), peak=one.peak,
        rate_per_s=mean_per_s(one.pacing, settings.get("duration_ns", 0)),
        commands=journal.sent, duration_ns=outcome.duration_ns, status=outcome.status, cut=outcome.cut, generator=outcome.generator, short=outcome.short, started=started,
        failure=outcome.failure, conventions=one.engine.conventions, instruments=one.engine.instruments,
        controls=one.engine.controls, notes=one.flow.notes(), checks=scenario.checks or tuple(plugs.checks()), settings=settings,
        warm_up_ns=scenario.warm_up_ns, history_bytes=scenario.history_bytes, recipe=recipe(one.flow),
    )  # fmt: skip


def _in_words(value: object) -> str:
    """A dataclass with its settings, without the folders of this machine."""
    words = repr(value)
    path = getattr(value, "path", None)
    return words.replace(repr(path), repr(Path(path).name)) if path else words.replace(str(NONE), "none")
