"""Judges a run folder: hears every check over its evidence, asks for the verdict, and writes both down.

What a check finds out hangs on the evidence alone, so checks are heard on all cores: those of a long scenario each by itself.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from harness.base.findings import Facts
from harness.base.judgement import RunVerdict
from harness.compose import folding, hearing, plugs
from harness.compose.spreading import DiedError, cores, spread
from harness.evidence.archive import Archive
from harness.evidence.fold import RunInfo
from harness.evidence.hgrm import write_hgrm
from harness.evidence.hlog import write_hlog
from harness.evidence.store import write_json
from harness.policy import LoadedPolicy
from harness.verdict.heard import Heard
from harness.verdict.judge import judge

Telling = Callable[[str], None]
LONG = 50_000
"""Commands of a scenario from which on it is worth while to start processes: four seconds' work for the checks."""
TELL_S = 5.0


class Task(NamedTuple):
    """Checks to be heard over one scenario, for a process of its own."""

    folder: Path
    fresh: bool
    scenario: str
    checks: tuple[str, ...]
    damaged: tuple[str, ...]


class Found(NamedTuple):
    """What one check found out, as it travels between processes."""

    check: str
    facts: Facts
    basis: Literal["history", "seed", "facts"]


def judge_run(
    archive: Archive, loaded: LoadedPolicy, use: str, damaged: tuple[str, ...], tell: Telling
) -> tuple[RunVerdict, tuple[Heard, ...]]:
    """Hear every check of every scenario and judge; also gives what was heard.

    `damaged` is what `Archive.damaged` found: it hashes the whole folder, so it is asked once.
    """
    infos = {scenario: archive.info(scenario) for scenario in archive.run.scenarios}
    tasks = [task for info in infos.values() for task in _tasks(archive, info, damaged)]
    known = plugs.checks()
    heard: list[Heard] = []
    found = _found(tasks)
    told = _Told(tell, tasks)
    for task in tasks:
        told.begin(task)
        heard += [
            Heard(check=one.check, rule=plugs.rule(known[one.check]), info=infos[task.scenario], facts=one.facts, basis=one.basis)
            for one in next(found)
        ]  # fmt: skip
    return judge(archive.run, tuple(heard), loaded, use, damaged), tuple(heard)


def _tasks(archive: Archive, info: RunInfo, damaged: tuple[str, ...]) -> list[Task]:
    """The checks that apply, each alone where the scenario was long; a bounded history was judged beside the run for the most part."""
    record = archive.scenario(info.scenario)
    checks = tuple(folding.applying(record.checks, info))
    alone = record.commands >= LONG and not record.history_bytes
    groups = [(check,) for check in checks] if alone else [checks]
    return [Task(archive.folder, archive.fresh, info.scenario, group, damaged) for group in groups]


def _found(tasks: Sequence[Task]) -> Iterator[list[Found]]:
    """What the checks of each task found out; they are unknown where a process died."""
    scenarios = {task.scenario for task in tasks}
    if cores() == 1 or len(tasks) == len(scenarios):
        yield from map(_hear, tasks)
        return
    done = 0
    try:
        for found in spread(_hear, tasks):
            done += 1
            yield found
    except DiedError as error:
        for task in tasks[done:]:
            yield [Found(check, Facts(seen=0, unknown=str(error)), "history") for check in task.checks]


def _hear(task: Task) -> list[Found]:
    archive = Archive(task.folder, fresh=task.fresh)
    heard = hearing.hear(archive, task.scenario, task.checks, task.damaged)
    return [Found(one.check, one.facts, one.basis) for one in heard]


class _Told:
    """Tells which scenario is judged, and now and then how far that is."""

    def __init__(self, tell: Telling, tasks: Sequence[Task]) -> None:
        self._tell = tell
        self._left = Counter(task.scenario for task in tasks)
        self._of = dict(self._left)
        self._next_s = 0.0

    def begin(self, task: Task) -> None:
        """This task is waited for now."""
        done, of = self._of[task.scenario] - self._left[task.scenario], self._of[task.scenario]
        self._left[task.scenario] -= 1
        now_s = time.monotonic()
        if not done or now_s >= self._next_s:
            self._next_s = now_s + TELL_S
            self._tell(f"judging {task.scenario}" + (f": {done} of {of} checks are done" if done else ""))


def store(archive: Archive, verdict: RunVerdict, heard: tuple[Heard, ...]) -> None:
    """Write the verdict, the facts and the latency logs into the run folder; stored facts that were judged stay as they are."""
    for scenario in dict.fromkeys(one.info.scenario for one in heard):
        folder = archive.folder / "scenarios" / scenario
        own = [one for one in heard if one.info.scenario == scenario]
        for one in own:
            if one.basis != "facts":
                write_json(folder / "facts" / f"{one.check}.json", one.facts)
        latency = {name: d for one in own for name, d in one.facts.distributions.items() if name.startswith("latency.")}
        if latency:
            write_hlog(folder / "latency.hlog", latency, archive.scenario(scenario).duration_ns)
        if response := latency.get("latency.response"):
            write_hgrm(folder / "latency.hgrm", response)
    write_json(archive.folder / "verdict.json", verdict)
