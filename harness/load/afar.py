"""What a master asks of workers on other machines: what time it is there, and what they left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from harness.load.clocks import CLOCKS, EXCHANGES, ClockName, Reading, nearest, reading
from harness.load.crew import LoadError
from harness.load.locusts import Empty, Environment, Queue, runners
from harness.load.messages import Chunk, Leaf, Ping, Pong, Wanted, plain, read
from harness.load.parcels import WINDOW, Unpacking

LOOK_S = 0.1
ANSWER_S = 30.0
"""How long a worker that is there may take for all that one question asks: the exchanges of one clock, or a piece."""


class _Question:
    """What one worker is asked. Whatever else comes, or comes from another, is not kept: anybody may send anything."""

    def __init__(self, worker: str) -> None:
        self.worker = worker
        self.end_s = time.monotonic() + ANSWER_S
        self.pong = 0
        """The number of the pong that is awaited; 0: none is."""
        self.pieces = 0
        """How many pieces were asked for and have not come."""
        self.answers: Queue[tuple[Any, Mapping[ClockName, int]]] = Queue()
        """What came, each with the time by each clock."""


class Afar:
    """Asks one worker at a time."""

    def __init__(
        self, runner: runners.MasterRunner, is_missing: Callable[[str], bool], name: Callable[[str], str]
    ) -> None:
        self._runner, self._is_missing, self._name = runner, is_missing, name
        self._numbers = count(1)
        self._question: _Question | None = None
        runner.register_message("pong", self._take_pong)
        runner.register_message("chunk", self._take_chunk)

    def offset(self, worker: str, clock: ClockName) -> Reading:
        """How far a worker's clock is ahead of the same one here.

        Raises:
            LoadError: it does not say so in time.
        """
        with self._asking(worker) as question:
            return nearest(self._exchange(question, clock) for _ in range(EXCHANGES))

    def collect(
        self, worker: str, left: tuple[Leaf, ...], folder: Path, stopped: Callable[[], bool] = lambda: False
    ) -> None:
        """Have a worker send what it left, into a folder.

        Raises:
            LoadError: it is gone, or what comes is not what it announced, or the user ends it.
            OSError: it cannot be written.
        """
        unpacking = Unpacking(folder, left)
        wanted = list(unpacking.wanted())
        try:
            with self._asking(worker) as question:
                for one in wanted[:WINDOW]:
                    self._want(question, one)
                for came in range(len(wanted)):
                    chunk, _ = self._answer(question, stopped)
                    unpacking.take(chunk)
                    question.end_s = time.monotonic() + ANSWER_S
                    for one in wanted[came + WINDOW : came + WINDOW + 1]:
                        self._want(question, one)
        finally:
            unpacking.close()

    @contextmanager
    def _asking(self, worker: str) -> Iterator[_Question]:
        """Its messages are heard meanwhile."""
        self._question = question = _Question(worker)
        try:
            yield question
        finally:
            self._question = None

    def _want(self, question: _Question, wanted: Wanted) -> None:
        question.pieces += 1
        self._runner.send_message("wanted", plain(wanted), question.worker)

    def _exchange(self, question: _Question, clock: ClockName) -> Reading:
        question.pong = next(self._numbers)
        asked_ns = CLOCKS[clock]()
        self._runner.send_message("ping", plain(Ping(number=question.pong, clock=clock)), question.worker)
        pong, at_ns = self._answer(question)
        return reading(asked_ns, pong.received_ns, pong.said_ns, at_ns[clock])

    def _answer(
        self, question: _Question, stopped: Callable[[], bool] = lambda: False
    ) -> tuple[Any, Mapping[ClockName, int]]:
        """What comes next.

        Raises:
            LoadError: nothing comes, or the user ends it.
        """
        while time.monotonic() < question.end_s:
            if self._is_missing(question.worker):
                raise LoadError(f"nothing is heard any more of {self._name(question.worker)}")
            if stopped():
                raise LoadError(f"its user ended the load while {self._name(question.worker)} handed over what it left")
            try:
                came: tuple[Any, Mapping[ClockName, int]] = question.answers.get(timeout=LOOK_S)
            except Empty:
                continue
            return came
        raise LoadError(f"{self._name(question.worker)} did not answer within {ANSWER_S:g} s")

    def _take_pong(self, environment: Environment, msg: Any) -> None:
        at_ns = {name: clock() for name, clock in CLOCKS.items()}
        del environment
        question = self._asked(msg.node_id)
        if question is None or not question.pong:
            return
        pong = read(msg.data, Pong)
        if pong.number == question.pong:
            question.pong = 0
            question.answers.put((pong, at_ns))

    def _take_chunk(self, environment: Environment, msg: Any) -> None:
        del environment
        question = self._asked(msg.node_id)
        if question is not None and question.pieces:
            chunk = read(msg.data, Chunk)
            question.pieces -= 1
            question.answers.put((chunk, {}))

    def _asked(self, worker: str) -> _Question | None:
        """What a worker is being asked; None: nothing."""
        return self._question if self._question is not None and self._question.worker == worker else None
