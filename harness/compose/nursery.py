"""Gives each run of a comparison a process of its own, all of them born alike.

A process keeps what it met: modules, memory, the places where its code happens to lie, which alone can make the same program some
percent slower than itself (T. Mytkowicz and others, "Producing Wrong Data Without Doing Anything Obviously Wrong!", 2009). So both
builds descend from one process, which has loaded gonogo and the kernels of the flows; it forks one holder a side, which loads that
side's files and no others, and forks one child a run. A fork takes milliseconds where a fresh start takes seconds.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import tempfile
import traceback
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from harness.base.errors import EngineError, SetupError
from harness.compose import plugs
from harness.compose.driving import Planned
from harness.compose.turns import Ready, Side, Task, Timed, drawn, made_ready, timed

WARM_COMMANDS = 4096
WARM_ENGINE = "plain"
"""What loads the flows' kernels where neither side is an engine of gonogo's own process."""


class Failed(NamedTuple):
    """What came instead of a result, in words."""

    said: str
    usage: bool = False
    """Whether what was asked for cannot be: else the engine failed."""


class Nursery:
    """Both sides, ready for runs; leaving the context ends every process of it."""

    def __init__(self, sides: Mapping[str, Side]) -> None:
        # Spawned: it must have no thread of this process, and nothing that this process loaded.
        context = multiprocessing.get_context("spawn")
        pipes = {name: context.Pipe() for name in sides}
        self._lines = {name: ours for name, (ours, _) in pipes.items()}
        theirs = {name: line for name, (_, line) in pipes.items()}
        self._process = context.Process(target=_nurse, args=(theirs, dict(sides)), daemon=True)
        self._process.start()
        for line in theirs.values():
            line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # Who holds the other ends sees that nobody asks any more, and ends what is under way.
        for line in self._lines.values():
            line.close()
        self._process.join()

    def ready(self, side: str) -> Ready:
        """Wait until a side can be run; asked once, before its first run.

        Raises:
            SetupError: what was asked for cannot be.
            EngineError: it failed before its first run.
        """
        answer: Ready = self._answer(side)
        return answer

    def run(self, side: str, task: Task) -> Timed:
        """One run, waited for.

        Raises:
            EngineError: the engine failed, in words.
        """
        self._lines[side].send(task)
        answer: Timed = self._answer(side)
        return answer

    def _answer(self, side: str) -> Any:
        try:
            answer = self._lines[side].recv()
        except EOFError:
            raise EngineError(f"the process that held the {side} is gone") from None
        if isinstance(answer, Failed):
            raise (SetupError if answer.usage else EngineError)(answer.said)
        return answer


def _nurse(lines: dict[str, Connection], sides: dict[str, Side]) -> None:
    """In the new process: load what is common, fork the holders, outlive them."""
    # Ctrl-C is for who gives the tasks. Not SIG_IGN: the programs of engines would inherit that.
    signal.signal(signal.SIGINT, lambda *_: None)
    _warm(sides)
    holders = []
    for name, line in lines.items():
        if not (pid := os.fork()):
            for other in lines.values():
                if other is not line:
                    other.close()
            _leave_after(lambda line=line, side=sides[name]: _hold(line, side))
        holders.append(pid)
    for line in lines.values():
        line.close()
    for pid in holders:
        os.waitpid(pid, 0)


def _warm(sides: dict[str, Side]) -> None:
    """Drive a little of everything here, so that each child finds it loaded; what goes wrong is told by the side itself."""
    inside = {side.engine for side in sides.values() if side.engine in plugs.healthy()}
    side = next(iter(sides.values()))
    for engine in sorted(inside or {WARM_ENGINE}):
        with suppress(SetupError, EngineError), tempfile.TemporaryDirectory(prefix="gonogo-compare-") as folder:
            _, planned = made_ready(side._replace(engine=engine))
            for name, one in planned.items():
                timed(one, Task(name, WARM_COMMANDS, looks=True), side.seed, Path(folder) / one.name)
    gc.collect()
    # What is here by now is never looked at again by the collector of a child, which would copy its pages.
    gc.freeze()


def _hold(line: Connection, side: Side) -> None:
    """One side's holder: make it ready, then fork a child for every task until nobody asks any more."""
    ready, planned = _made_ready(side)
    drew: dict[str, tuple[int, Planned]] = {}
    with suppress(EOFError, BrokenPipeError):
        line.send(ready)
        while True:
            task: Task = line.recv()
            if drew.get(task.scenario, (0, None))[0] != task.commands:
                drew[task.scenario] = task.commands, drawn(planned[task.scenario], task.commands, side.seed)
            line.send(_in_child(line, drew[task.scenario][1], task, side.seed))


def _made_ready(side: Side) -> tuple[Ready | Failed, dict[str, Planned]]:
    try:
        ready, planned = made_ready(side)
        file = plugs.engine(side.engine).file
        if file is not None and file.build:
            # What was built in a process is not built again there, and so not in its children.
            engine = next(iter(planned.values())).engine
            engine.start()
            engine.stop(graceful=False)
    except SetupError as error:
        return Failed(str(error), usage=True), {}
    except EngineError as error:
        return Failed(str(error)), {}
    return ready, planned


def _in_child(line: Connection, one: Planned, task: Task, seed: int) -> Timed | Failed:
    """What a child says, or that it died; should nobody wait for it any more, this process ends with it."""
    heard, tells = Pipe(duplex=False)
    with tempfile.TemporaryDirectory(prefix="gonogo-compare-") as folder:
        if not (pid := os.fork()):
            _leave_after(lambda: tells.send(_said(one, task, seed, Path(folder))))
        tells.close()
        wait([heard, line])
        # The other end never speaks while a task is under way: it was closed.
        abandoned = not heard.poll() and line.poll()
        if abandoned:
            os.kill(pid, signal.SIGKILL)
        answer: Timed | Failed | None = None
        with suppress(EOFError):
            answer = None if abandoned else heard.recv()
        _, status = os.waitpid(pid, 0)
        heard.close()
    if answer is None:
        return Failed(f"its process died with status {os.waitstatus_to_exitcode(status)}")
    return answer


def _said(one: Planned, task: Task, seed: int, place: Path) -> Timed | Failed:
    try:
        return timed(one, task, seed, place)
    except (EngineError, SetupError) as error:
        return Failed(str(error))
    except Exception:  # whatever it is, it must be told by the process that the user sees
        return Failed("gonogo itself failed in this run:\n" + traceback.format_exc())


def _leave_after(work: Any) -> None:
    """End this process once the work is done, without what else the one that it was forked from would do at its end."""
    code = 1
    try:
        work()
        code = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(code)
