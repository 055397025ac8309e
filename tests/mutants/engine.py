"""Breaks the plain engine on purpose, one place at a time, and asks the checks alone: how many of the breaks that matter do they see?

    python -m tests.mutants.engine --count 200 --seed 1

A break matters if its events or its book differ from the whole engine's on any tape: all edge cases, and 100,000 commands of each flow.
What is killed is killed by a finding of a check on such a tape; that comparison itself kills nothing. An engine that hangs is stopped and
counts as killed, as its commands are never answered. Breaks are drawn by the seed from all methods, so that each method has its turn.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from harness.base import discover
from harness.base.bits import digest, timeless
from harness.base.capabilities import Conventions, Instrument
from harness.base.notes import FlowNotes
from harness.base.records import Commands
from harness.base.seeds import Seed
from harness.compose import plugs
from harness.compose.plugs import EngineChoice
from harness.compose.spreading import cores, spread
from harness.compose.tapes import first_commands
from harness.compose.trial import Trial, all_checks
from tests.mutants.changes import Change, changes_of

ROOT = Path(__file__).parents[2]
PACKAGE = "engines.plain"
FLOWS = ("poisson", "cancel_heavy", "made_up_day", "explore")
SHORT, LONG = 3_000, 100_000
HANGS_S = 60


class HangError(BaseException):
    """An engine takes too long. No `Exception`: that would be the engine's own death, which the port's guard tells."""


class Mutant(NamedTuple):
    """One break of one method."""

    module: str
    method: str
    change: Change

    def said(self) -> str:
        """Where it is and what it is."""
        return f"{self.module}.py:{self.change.line} {self.method}: {self.change.said}"


class Told(NamedTuple):
    """What became of it."""

    said: str
    outcome: str
    """killed, survived, or same: nothing on any tape differs."""
    by: tuple[str, ...]
    tape: str


class Tape(NamedTuple):
    """Commands of one scenario, with what the checks must know of them."""

    name: str
    instruments: tuple[Instrument, ...]
    conventions: Conventions | None
    commands: Commands
    notes: FlowNotes


def mutants(count: int, seed: int) -> list[Mutant]:
    """So many breaks: one of each method in turn, until there are enough or no more."""
    queues = []
    for path in sorted((ROOT / PACKAGE.replace(".", "/")).glob("*.py")):
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef) and (found := list(changes_of(node, source))):
                random.Random(f"{seed}|{path.stem}|{node.name}").shuffle(found)
                queues.append([Mutant(path.stem, node.name, change) for change in found])
    random.Random(seed).shuffle(queues)
    turns = (queue[turn] for turn in range(max(map(len, queues))) for queue in queues if turn < len(queue))
    return list(islice(turns, count))


def judged(one: Mutant) -> Told:
    """Drive it with one tape after another, until a check sees it."""
    signal.signal(signal.SIGALRM, _hang)
    try:
        build = _broken(one)
    except Exception as error:  # a break that cannot be imported is one that nobody ships
        return Told(one.said(), "killed", (f"import: {type(error).__name__}",), "")
    differs = False
    for tape in chain(_tapes(SHORT), _tapes(LONG)):
        signal.alarm(HANGS_S)
        try:
            found, other = _tried(tape, build)
        except HangError:
            return Told(one.said(), "killed", ("it hangs",), tape.name)
        finally:
            signal.alarm(0)
        if found:
            return Told(one.said(), "killed", found, tape.name)
        differs |= other
    return Told(one.said(), "survived" if differs else "same", (), "")


def _tried(tape: Tape, build: Callable[..., object]) -> tuple[tuple[str, ...], bool]:
    """The checks that find something in the tape, and whether the engine did anything else than the whole one."""
    with Trial(EngineChoice("plain", "plain", build), tape.instruments, tape.conventions) as trial:
        done = trial.run(tape.commands, (), snapshot_every=_looks(tape), notes=tape.notes)
        if not done.failure and (digest(timeless(done.events)), _last_book(trial)) == _whole(
            tape.name, len(tape.commands)
        ):
            return (), False
        seen = trial.run(tape.commands, all_checks(), snapshot_every=_looks(tape), notes=tape.notes)
    return tuple(sorted({finding.check for finding in seen.findings()})), True


def _looks(tape: Tape) -> int:
    return max(len(tape.commands) // 10, 1)


@cache
def _whole(name: str, length: int) -> tuple[str, str]:
    """What the whole engine does with the tape."""
    tape = next(
        tape for tape in _tapes(LONG if length > SHORT else SHORT) if (tape.name, len(tape.commands)) == (name, length)
    )
    with Trial(plugs.engine("plain"), tape.instruments, tape.conventions) as trial:
        done = trial.run(tape.commands, (), snapshot_every=_looks(tape), notes=tape.notes)
        return digest(timeless(done.events)), _last_book(trial)


def _last_book(trial: Trial) -> str:
    snapshot = trial.engine.snapshot()
    return digest(snapshot.rows) if snapshot else ""


@lru_cache(maxsize=2)
def _tapes(length: int) -> tuple[Tape, ...]:
    """The edge cases, all conventions, while tapes are short; then each flow."""
    known = plugs.profiles()["quick"]
    names = [name for name in known if name.startswith("edge_cases")] if length == SHORT else []
    names += [name for name in FLOWS if name in discover.names(plugs.SCENARIOS)]
    return tuple(_tape(name, length) for name in names)


def _tape(name: str, length: int) -> Tape:
    scenario = plugs.scenario(name)
    engine = plugs.engine("plain").engine(scenario.flow.instruments(), scenario.conventions)
    flow = scenario.flow.fitted(engine.capabilities, engine.conventions)
    commands = first_commands(flow.batches(Seed(1).branch(name)), length)
    return Tape(name, engine.instruments, scenario.conventions, commands, flow.notes())


def _broken(one: Mutant) -> Callable[..., object]:
    """The engine with the break in it: the package's modules are run afresh, one of them changed."""
    saved = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[:2] == PACKAGE.split(".")}
    finder = _Finder(f"{PACKAGE}.{one.module}", one.change)
    sys.meta_path.insert(0, finder)
    try:
        made: Callable[..., object] = importlib.import_module(f"{PACKAGE}.engine").PlainEngine
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.split(".")[:2] == PACKAGE.split(".")]:
            del sys.modules[name]
        sys.modules.update(saved)
    return made


class _Finder:
    """Finds one module as its changed source."""

    def __init__(self, name: str, change: Change) -> None:
        self._name, self._change = name, change

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        del path, target
        return importlib.machinery.ModuleSpec(name, self) if name == self._name else None

    def create_module(self, spec: object) -> None:
        """As usual."""

    def exec_module(self, module: object) -> None:
        path = ROOT / f"{self._name.replace('.', '/')}.py"
        source = self._change.applied(path.read_text(encoding="utf-8"))
        exec(compile(source, str(path), "exec"), module.__dict__)


def _hang(number: int, frame: object) -> None:
    raise HangError


def results(chosen: list[Mutant]) -> Iterator[Told]:
    """What became of each, in order."""
    return spread(judged, chosen, cores())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    told = []
    for one in results(mutants(asked.count, asked.seed)):
        told.append(one)
        print(f"{one.outcome:8} {one.said}  {', '.join(one.by)} {one.tape}", flush=True)
    counts = Counter(one.outcome for one in told)
    alone = Counter(one.by[0] for one in told if len(one.by) == 1)
    matter = counts["killed"] + counts["survived"]
    print(
        f"{len(told)} breaks: {counts['same']} change nothing, {counts['killed']} of {matter} that do are killed ({counts['killed'] / max(matter, 1):.1%})"
    )
    print(f"seen by one check alone: {dict(alone.most_common())}")
    if asked.json:
        asked.json.write_text(json.dumps([one._asdict() for one in told], indent=1))
    return 1 if counts["survived"] > 0.05 * matter else 0


if __name__ == "__main__":
    sys.exit(main())
