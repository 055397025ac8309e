"""Has pyperf time the operations that an engine offers, each by a program of its own (`timed`), and puts its figures together.

It is no instrument of a run: nothing is judged by these figures, and no evidence is left but pyperf's own file, if that is asked for.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, NamedTuple

import msgspec
import pyperf

import harness
from harness.base.errors import EngineError, SetupError
from harness.base.judgement import EngineIdentity
from harness.compose import plugs
from harness.compose.timed import EMPTY_LOOP
from harness.evidence.host import host
from harness.evidence.run import HostRecord
from harness.operations import BOOK, Offered, Offers
from harness.port import Engine

SCHEMA = 1
"""Version of what `gonogo latency --json` prints. 1: first."""
SAID_BYTES = 2_000
"""Of what a program that failed said last, so much is told."""
UNSTABLE = "WARNING:"
JUDGEMENTS = (UNSTABLE, "* ", "The benchmark seems")
"""How those lines of `pyperf check` begin that say how stable a benchmark is; the others give advice."""


class Effort(NamedTuple):
    """How much is timed, in pyperf's words."""

    processes: int
    values: int
    """Of each process."""
    min_time_s: float = 0.1
    """The least that one value takes; pyperf finds out how many calls that are."""
    timeout_s: int = 300
    """How long one process may take. It needs some seconds, but the first of all compiles the kernels of an engine that has some."""


FAST, USUAL, RIGOROUS = Effort(5, 3), Effort(10, 5), Effort(20, 5)


class OperationTime(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One operation as `gonogo latency --json` tells it; times are of one operation."""

    name: str
    about: str
    batch: int = 0
    """Operations of one timed call."""
    values: int = 0
    median_ns: float | None = None
    mad_ns: float | None = None
    """The median absolute deviation."""
    min_ns: float | None = None
    mean_ns: float | None = None
    stdev_ns: float | None = None
    empty_loop_ns: float | None = None
    """What of each operation's time is the call's and the loop's: taken off nowhere."""
    against: str = ""
    difference_ns: float | None = None
    """How much more the median is than that of `against`."""
    stable: bool | None = None
    """None: one value says nothing of it."""
    pyperf: tuple[str, ...] = ()
    """What pyperf says of how stable it is, in its own words."""
    failure: str = ""
    """Why it could not be timed."""


class LatencyReport(msgspec.Struct, frozen=True, kw_only=True):
    """All figures of one call."""

    schema: int = SCHEMA
    engine: str
    engine_version: str
    host: HostRecord
    versions: dict[str, str]
    operations: tuple[OperationTime, ...]

    def complete(self) -> bool:
        """Whether every operation was timed."""
        return not any(one.failure for one in self.operations)


def latency(engine: str, asked: Sequence[str], effort: Effort, out: Path | None, tell: Callable[[str], None]) -> LatencyReport:  # fmt: skip
    """Time these operations of an engine, all that it offers where none is asked for; pyperf's file goes to `out`.

    Raises:
        SetupError: it offers none, or not these; or the file cannot be written.
    """
    choice = plugs.engine(engine)
    built, chosen = _offered(choice, asked)
    if out is not None:
        _look_at(out)
    results: list[OperationTime] = []
    timed: list[pyperf.Benchmark] = []
    for name, offered in chosen.items():
        result, benchmark = _timed(choice.argument(), name, offered, effort, tell)
        results.append(result)
        timed += [benchmark] if benchmark is not None else []
    if timed and out is not None:
        _write(out, timed, choice.identity(built))
    medians = {one.name: one.median_ns for one in results}
    return LatencyReport(
        engine=engine, engine_version=built.version, host=host(),
        versions={"gonogo": harness.__version__, "pyperf": pyperf.__version__},
        operations=tuple(_beside(one, medians) for one in results),
    )  # fmt: skip


def _offered(choice: plugs.EngineChoice, asked: Sequence[str]) -> tuple[Engine, Offers]:
    """The engine, not started, and those of its operations that are asked for."""
    try:
        engine = choice.engine((BOOK,), None)
        offers = engine.operations()
    except EngineError as error:
        raise SetupError(f"the engine {choice.name} cannot say what can be timed of it: {error}") from error
    if not offers:
        raise SetupError(
            f"the engine {choice.name} offers no operation that can be timed by itself, as one behind a wire or in a process of its own does not; "
            "`gonogo run` measures its latency as a whole. An adapter offers some by its method `operations` (docs/adapters.md)"
        )
    if strange := [name for name in asked if name not in offers]:
        raise SetupError(f"the engine {choice.name} offers no operation {strange[0]!r}; it offers: {', '.join(offers)}")
    return engine, {name: offers[name] for name in dict.fromkeys(asked or offers)}


def _timed(
    engine: str, name: str, offered: Offered, effort: Effort, tell: Callable[[str], None]
) -> tuple[OperationTime, pyperf.Benchmark | None]:
    """An operation's figures without what it is held against, and pyperf's own; None where it could not be timed."""
    with tempfile.TemporaryDirectory(prefix="gonogo-latency-") as folder:
        part = Path(folder) / "timed.json"
        failure = _run(_words(engine, name, effort, part), lambda done: tell(f"{name}, {_stage(done, effort)}"))
        if failure:
            return OperationTime(name=name, about=offered.about, against=offered.against, failure=failure), None
        benchmark = pyperf.Benchmark.load(str(part))
        judgement = _judgement(part)
    values = benchmark.get_values()
    empty_ns = statistics.median(run.get_metadata()[EMPTY_LOOP] for run in benchmark.get_runs())
    result = OperationTime(
        name=name, about=offered.about, against=offered.against, batch=benchmark.get_inner_loops(), values=len(values),
        median_ns=_ns(benchmark.median()), mad_ns=_ns(benchmark.median_abs_dev()), min_ns=_ns(min(values)),
        mean_ns=_ns(benchmark.mean()), stdev_ns=_ns(benchmark.stdev()) if len(values) > 1 else None, empty_loop_ns=empty_ns,
        # Of a single value pyperf says that it seems to be stable.
        stable=not any(line.startswith(UNSTABLE) for line in judgement) if len(values) > 1 else None, pyperf=judgement,
    )  # fmt: skip
    benchmark.update_metadata({"description": offered.about})
    return result, benchmark


def _words(engine: str, name: str, effort: Effort, part: Path) -> list[str]:
    """What pyperf's program is told. Its workers have the whole environment, since an engine may need any of it."""
    return [
        f"--engine={engine}", f"--operation={name}", f"--processes={effort.processes}", f"--values={effort.values}",
        f"--min-time={effort.min_time_s}", f"--timeout={effort.timeout_s}", "--copy-env", f"--output={part}",
    ]  # fmt: skip


def _stage(done: int, effort: Effort) -> str:
    """What goes on once so many processes are done. The first of all finds out how many calls a value takes."""
    if not done:
        return "calibrating"
    return f"process {done} of {effort.processes}" if done <= effort.processes else "done"


def _run(words: list[str], progress: Callable[[int], None]) -> str:
    """Run pyperf's program to its end, and all that it starts; why it failed, if it did."""
    command = [sys.executable, "-P", "-m", "harness.compose.timed", *words]
    with (
        tempfile.TemporaryFile() as said,
        # A session of its own: Ctrl-C ends gonogo, which then ends all of them at once.
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, start_new_session=True
        ) as program,
    ):
        try:
            rest = _follow(program, progress)
        finally:
            # Not yet waited for, so that its group is still its own.
            os.killpg(program.pid, signal.SIGKILL)
        return "" if program.wait() == 0 else _last(said, rest)


def _follow(program: subprocess.Popen[bytes], progress: Callable[[int], None]) -> bytes:
    """Count the dots, and give what comes behind them once the program has ended."""
    if program.stdout is None:
        raise ValueError("a program without a stdout cannot be followed")
    done = 0
    progress(done)
    while (first := program.stdout.read(1)) == b".":
        done += 1
        progress(done)
    rest = first + program.stdout.read()
    os.waitid(os.P_PID, program.pid, os.WEXITED | os.WNOWAIT)
    return rest


def _last(said: IO[bytes], rest: bytes) -> str:
    """The last of what a program that failed wrote."""
    said.seek(0)
    told = (said.read() + rest).decode(errors="replace").strip()
    return told[-SAID_BYTES:]


def _judgement(part: Path) -> tuple[str, ...]:
    """What pyperf says of how stable a benchmark is."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pyperf", "check", str(part)], capture_output=True, text=True, check=True
    )
    return tuple(line for line in done.stdout.splitlines() if line.startswith(JUDGEMENTS))


def _look_at(out: Path) -> None:
    """Before anything is timed for nothing."""
    if out.exists():
        raise SetupError(f"{out} is there already; name another file, or remove it")
    if not out.resolve().parent.is_dir():
        raise SetupError(f"{out} cannot be written: there is no folder {out.resolve().parent}")


def _write(out: Path, timed: list[pyperf.Benchmark], engine: EngineIdentity) -> None:
    """The file of pyperf, which says which engine it is of."""
    about = {"engine": engine.name, "engine_version": engine.version, "engine_commit": engine.commit, "gonogo_version": harness.__version__}  # fmt: skip
    for benchmark in timed:
        # pyperf takes no empty words.
        benchmark.update_metadata({name: told for name, told in about.items() if told})
    try:
        with out.open("x", encoding="utf-8") as file:
            pyperf.BenchmarkSuite(timed).dump(file)
    except OSError as error:
        raise SetupError(f"{out} cannot be written: {error.strerror}") from error


def _beside(one: OperationTime, medians: dict[str, float | None]) -> OperationTime:
    """The operation with what it costs more than the one that it is held against, where both were timed."""
    median_ns, other_ns = one.median_ns, medians.get(one.against)
    if median_ns is None or other_ns is None:
        return one
    return msgspec.structs.replace(one, difference_ns=round(median_ns - other_ns, 3))


def _ns(seconds: float) -> float:
    return round(seconds * 1e9, 3)
