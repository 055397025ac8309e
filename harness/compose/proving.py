"""Proves that the checks can see: every specimen is driven with the flows that users drive, until a check that is meant to see it does.

Healthy engines are driven with the same flows: what is found there is a false alarm. Each engine is a task of its own, on all cores.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import harness
from harness.base import discover
from harness.base.detection import Detection, HealthyResult, Small, SpecimenResult, State, totals
from harness.base.errors import SetupError
from harness.base.findings import Finding
from harness.compose import plugs
from harness.compose.again import Again
from harness.compose.plugs import EngineChoice
from harness.compose.replaying import MARGIN
from harness.compose.shrinking import smaller
from harness.compose.spreading import spread
from harness.compose.tapes import Tape, drive, drive_seeded, tapes
from harness.compose.trial import Trial, Tried
from harness.evidence.store import write_bytes, write_json
from harness.shrink.shrinker import Budget
from harness.shrink.tries import Sight

SEEDS_A_TASK = 20
SHRINK_S = 20.0
"""How long a tape is shrunk at the most."""


@dataclass(frozen=True, slots=True)
class _Specimen:
    """A specimen to be driven."""

    name: str
    seed: int
    shrinks: bool

    def run(self) -> SpecimenResult:
        return detect(self.name, discover.load(plugs.SPECIMENS, self.name, "SPECIMEN"), self.seed, shrinks=self.shrinks)


@dataclass(frozen=True, slots=True)
class _Healthy:
    """A healthy engine to be driven with some seeds."""

    name: str
    seeds: range

    def run(self) -> HealthyResult:
        return clean(self.name, self.seeds)


def prove(
    names: Sequence[str], seed: int, seeds: int, tell: Callable[[str], None], *, shrinks: bool = False
) -> Detection:
    """Drive these specimens, all where none is named, and the healthy engines with so many seeds each; `shrinks` the tapes that show a defect.

    Raises:
        SetupError: there is no such specimen.
    """
    known = discover.names(plugs.SPECIMENS)
    if strange := [name for name in names if name not in known]:
        raise SetupError(f"there is no specimen {strange[0]!r}; there are: {', '.join(known)}")
    begun_s = time.monotonic()
    tasks: list[_Specimen | _Healthy] = [_Specimen(name, seed, shrinks) for name in names or known]
    parts = [range(seed + at, seed + min(at + SEEDS_A_TASK, seeds)) for at in range(0, seeds, SEEDS_A_TASK)]
    tasks += [_Healthy(name, part) for name in plugs.healthy() for part in parts]
    specimens: list[SpecimenResult] = []
    healthy: dict[str, HealthyResult] = {}
    for number, done in enumerate(spread(_run, tasks), 1):
        if isinstance(done, SpecimenResult):
            specimens.append(done)
        else:
            healthy[done.name] = _added(healthy.get(done.name), done)
        tell(f"{number} of {len(tasks)}: {done.name}")
    found, sound = tuple(specimens), tuple(healthy.values())
    return Detection(
        gonogo=harness.__version__, seed=seed, wall_s=round(time.monotonic() - begun_s, 1), specimens=found, healthy=sound,
        totals=totals(found, sound),
    )  # fmt: skip


def store(found: Detection, out: Path) -> Path:
    """Write the matrix as JSON and as a page into the folder `specimens`; the page's path."""
    folder = out / "specimens"
    try:
        write_json(folder / "specimens.json", found)
        page: str = discover.load(plugs.PAGES, "matrix", "PAGE")(found)
        write_bytes(folder / "specimens.html", page.encode())
    except OSError as error:
        raise SetupError(f"cannot write into {folder}: {error.strerror}; name another place with --out") from error
    return folder / "specimens.html"


def _run(task: _Specimen | _Healthy) -> SpecimenResult | HealthyResult:
    return task.run()


class Broken(Protocol):
    """What is known of a specimen: `engines.specimens.SpecimenPlug`, which is found by its folder."""

    @property
    def about(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def caught_by(self) -> tuple[str, ...]: ...

    @property
    def least_commands(self) -> int: ...
    @property
    def flow_commands(self) -> int: ...

    @property
    def base(self) -> str: ...

    @property
    def build(self) -> Callable[..., object]: ...


def detect(name: str, plug: Broken, seed: int, *, shrinks: bool = False) -> SpecimenResult:
    """Drive a specimen with one tape after another, until a check that is meant to see it does; then find out how few commands show it."""
    choice = EngineChoice(name, plug.base, plug.build)
    begun_s = time.monotonic()
    commands, others, ended, why = 0, dict[str, None](), set[str](), ""
    state: State = "not_run"
    shown: tuple[Tape, Tried] | None = None
    for tape in tapes(plug.flow_commands or plug.least_commands, plug.caught_by):
        if tape.scenario in ended:
            continue
        try:
            done = drive(choice, tape, seed)
        except SetupError as error:
            why = str(error)
            continue
        if done is None:
            continue
        if len(done.commands) < tape.length:
            # A flow that is over has nothing more to give to a longer tape.
            ended.add(tape.scenario)
        state = "missed"
        places = {finding.check: _place(finding, done) for finding in reversed(done.findings())}
        seen = [places[check] for check in plug.caught_by if check in places]
        others |= dict.fromkeys(sorted(places, key=lambda check: places[check]))
        if seen:
            state, shown, others = "caught", (tape, done), dict.fromkeys(sorted(places))
            commands += min(seen)
            break
        commands += len(done.commands)
    else:
        state = "misnamed" if others else state
        why = why or _why(state, plug.caught_by, tuple(others))
    seconds = time.monotonic() - begun_s
    # A try on an engine in a process of its own costs seconds, since it is started again for each.
    small = _smallest(choice, *shown, plug.caught_by) if shown and shrinks and plug.base in plugs.healthy() else None
    return SpecimenResult(
        name=name, kind=plug.kind, about=plug.about, state=state, expected=plug.caught_by, caught_by=tuple(others), scenario=shown[0].scenario if shown else "",
        commands=commands, seconds=round(seconds, 2), shrunk=small, least_commands=plug.least_commands, why=why if state != "caught" else "",
    )  # fmt: skip


def _smallest(choice: EngineChoice, tape: Tape, done: Tried, meant: tuple[str, ...]) -> Small | None:
    """How few commands show what a check that is meant to saw first; None where it did not come again."""
    found = min(
        (finding for finding in done.findings() if finding.check in meant), key=lambda finding: _place(finding, done)
    )
    begun_s, place = time.monotonic(), _place(found, done)
    scenario = plugs.scenario(tape.scenario)
    with Trial(choice, scenario.flow.instruments(), scenario.conventions, scenario.controls) as trial:
        again = Again(trial, found.check, found.kind)
        commands = done.commands[: place + MARGIN]
        again.within(commands, done.notes.cases)
        made = smaller(
            again, commands, Sight(place, found.orders), Budget(expired=lambda: time.monotonic() - begun_s > SHRINK_S)
        )
    if made is None:
        return None
    return Small(commands=len(made.tape), tries=made.tries, seconds=round(time.monotonic() - begun_s, 2))


def clean(name: str, seeds: range) -> HealthyResult:
    """Drive a healthy engine with a short tape a seed, of each flow that draws from one in turn."""
    done = [drive_seeded(plugs.engine(name), seed)[1] for seed in seeds]
    found = [finding for one in done for finding in one.findings()]
    first = f"{found[0].check}: {found[0].title}" if found else ""
    return HealthyResult(
        name=name, adapter=plugs.engine(name).adapter, seeds=len(seeds), commands=sum(len(one.commands) for one in done),
        findings=len(found), first=first,
    )  # fmt: skip


def _place(finding: Finding, done: Tried) -> int:
    """The command at which it was seen; where none is to blame, the one after the last that was answered."""
    return finding.first_command or min(int(done.events["command"].max(initial=0)) + 1, len(done.commands))


def _why(state: State, expected: tuple[str, ...], others: tuple[str, ...]) -> str:
    if state == "misnamed":
        return f"{', '.join(others)} saw it; wanted {' or '.join(expected)}"
    return "no check that was asked saw it" if state == "missed" else "no scenario is about its conventions"


def _added(before: HealthyResult | None, more: HealthyResult) -> HealthyResult:
    """Two results of one engine as one."""
    if before is None:
        return more
    return HealthyResult(
        name=more.name, adapter=more.adapter, seeds=before.seeds + more.seeds, commands=before.commands + more.commands,
        findings=before.findings + more.findings, first=before.first or more.first,
    )  # fmt: skip
