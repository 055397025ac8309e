"""Breaks the plain engine on purpose, one place at a time, and asks the checks alone: how many of the breaks that matter do they see?

    python -m tests.mutants.engine --count 200 --seed 1

A break matters if its events or its book differ from the whole engine's on any tape: all edge cases, and 100,000 commands of each flow.
What is killed is killed by a finding of a check on such a tape; that comparison itself kills nothing. An engine that hangs is stopped and
counts as killed, as its commands are never answered; how many died or hung and broke no rule before is told apart. Breaks are drawn by
the seed from all methods, so that each method has its turn.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import random
import resource
import signal
import sys
import time
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
from harness.compose.spreading import spread
from harness.compose.trial import Trial
from harness.flows import first_commands
from tests.mutants.changes import Change, changes_of

ROOT = Path(__file__).parents[2]
PACKAGE = "engines.plain"
FLOWS = ("poisson", "cancel_heavy", "made_up_day", "explore")
SHORT, LONG = 3_000, 100_000
HANGS, HANGS_S = 10, 3
"""An engine hangs when it works so many times as long as the whole one on the same tape, and so many seconds more. Only the engine's own work
is timed, and in time of the processor: a slow machine, a kernel that compiles or a check that thinks long must not look like a hang."""
MEMORY_BYTES = 4 * 2**30
"""How much one process may ask for: an engine that grows without end dies of it, and not the machine."""
NO_RULE = {"alive", "it hangs", "import"}
"""What kills without a rule of the book: whoever only looks whether the engine answers sees it."""


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


class Whole(NamedTuple):
    """What the engine without a break does with a tape, and how long it works."""

    done: tuple[str, ...]
    took_s: float


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
    signal.signal(signal.SIGVTALRM, _hang)
    try:
        build = _broken(one)
    except Exception:  # whatever it raises: a break that cannot be imported is one that nobody ships
        return Told(one.said(), "killed", ("import",), "")
    differs = False
    for tape in chain(_tapes(SHORT), _tapes(LONG)):
        found, other = _tried(tape, build)
        if found:
            return Told(one.said(), "killed", found, tape.name)
        differs |= other
    return Told(one.said(), "survived" if differs else "same", (), "")


def _tried(tape: Tape, build: Callable[..., object]) -> tuple[tuple[str, ...], bool]:
    """The checks that find something in the tape, and whether the engine did anything else than the whole one."""
    whole = _whole(tape.name, len(tape.commands))
    with Trial(EngineChoice("plain", "plain", build), tape.instruments, tape.conventions) as trial:
        signal.setitimer(signal.ITIMER_VIRTUAL, HANGS * whole.took_s + HANGS_S)
        try:
            done = _done(trial, tape)
        except HangError:
            return ("it hangs",), True
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if done and done == whole.done:
            return (), False
        seen = trial.run(tape.commands, plugs.checks(), snapshot_every=_looks(tape), notes=tape.notes)
    return tuple(sorted({finding.check for finding in seen.findings()})), True


def _done(trial: Trial, tape: Tape) -> tuple[str, ...]:
    """All that the engine says of the tape, and its book at the end, in short; nothing where it died."""
    tried = trial.run(tape.commands, (), snapshot_every=_looks(tape), notes=tape.notes)
    if tried.failure:
        return ()
    snapshot = trial.engine.snapshot()
    return digest(timeless(tried.events)), digest(snapshot.rows) if snapshot else ""


def _looks(tape: Tape) -> int:
    return max(len(tape.commands) // 10, 1)


@cache
def _whole(name: str, length: int) -> Whole:
    """What the whole engine does with the tape."""
    tapes = _tapes(LONG if length > SHORT else SHORT)
    tape = next(tape for tape in tapes if (tape.name, len(tape.commands)) == (name, length))
    with Trial(plugs.engine("plain"), tape.instruments, tape.conventions) as trial:
        begun_s = time.process_time()
        return Whole(_done(trial, tape), time.process_time() - begun_s)


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
    return spread(_judged_within_bounds, chosen)


def _judged_within_bounds(one: Mutant) -> Told:
    """For a process of its own, whose memory it bounds."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
    return judged(one)


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
    summary(told)
    if asked.json:
        asked.json.write_text(json.dumps([one._asdict() for one in told], indent=1))
    return 1 if any(one.outcome == "survived" for one in told) else 0


def summary(told: list[Told]) -> None:
    """Print how many of the breaks that matter are killed, and what by."""
    counts = Counter(one.outcome for one in told)
    matter = counts["killed"] + counts["survived"]
    share = counts["killed"] / max(matter, 1)
    print(
        f"{len(told)} breaks: {counts['same']} change nothing; of {matter} that do {counts['killed']} are killed ({share:.1%})"
    )
    killed = [one.by for one in told if one.outcome == "killed"]
    print(
        f"killed only because the engine died, hung or could not be imported: {sum(set(by) <= NO_RULE for by in killed)}"
    )
    print(f"killed by one check alone: {dict(Counter(by[0] for by in killed if len(by) == 1).most_common())}")


if __name__ == "__main__":
    sys.exit(main())
