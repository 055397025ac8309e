"""What a master asks of workers on other machines: what time it is there, and what they left."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from harness.load.clocks import CLOCKS, EXCHANGES, ClockName, Reading, nearest, reading
from harness.load.crew import LoadError
from harness.load.locusts import Empty, Environment, Queue, runners
from harness.load.messages import Chunk, Leaf, Ping, Pong, Wanted, plain, read
from harness.load.parcels import WINDOW, Unpacking

LOOK_S = 0.1
ANSWER_S = 30.0
"""How long a worker that is there may take to answer."""


class _Came(NamedTuple):
    """A message of a worker."""

    worker: str
    message: Any
    at_ns: Mapping[ClockName, int]
    """When it came, by each clock."""


class Afar:
    """Asks one worker at a time."""

    def __init__(
        self, runner: runners.MasterRunner, is_missing: Callable[[str], bool], name: Callable[[str], str]
    ) -> None:
        self._runner, self._is_missing, self._name = runner, is_missing, name
        self._asked = count(1)
        self._pongs: Queue[_Came] = Queue()
        self._chunks: Queue[_Came] = Queue()
        runner.register_message("pong", self._take_pong)
        runner.register_message("chunk", self._take_chunk)

    def offset(self, worker: str, clock: ClockName) -> Reading:
        """How far a worker's clock is ahead of the same one here.

        Raises:
            LoadError: it does not say so in time.
        """
        return nearest(self._exchange(worker, clock) for _ in range(EXCHANGES))

    def collect(self, worker: str, left: tuple[Leaf, ...], folder: Path) -> None:
        """Have a worker send what it left, into a folder.

        Raises:
            LoadError: it is gone, or what comes is not what it announced.
            OSError: it cannot be written.
        """
        unpacking = Unpacking(folder, left)
        wanted = list(unpacking.wanted())
        try:
            for one in wanted[:WINDOW]:
                self._want(worker, one)
            for came in range(len(wanted)):
                unpacking.take(self._next_chunk(worker))
                for one in wanted[came + WINDOW : came + WINDOW + 1]:
                    self._want(worker, one)
        finally:
            unpacking.close()

    def _want(self, worker: str, wanted: Wanted) -> None:
        self._runner.send_message("wanted", plain(wanted), worker)

    def _exchange(self, worker: str, clock: ClockName) -> Reading:
        number = next(self._asked)
        asked_ns = CLOCKS[clock]()
        self._runner.send_message("ping", plain(Ping(number=number, clock=clock)), worker)
        while True:
            came = self._next(self._pongs, worker)
            pong: Pong = came.message
            if came.worker == worker and pong.number == number:
                return reading(asked_ns, pong.received_ns, pong.said_ns, came.at_ns[clock])

    def _next_chunk(self, worker: str) -> Chunk:
        while True:
            came = self._next(self._chunks, worker)
            chunk: Chunk = came.message
            if came.worker == worker:
                return chunk

    def _next(self, queue: Queue[_Came], worker: str) -> _Came:
        """What comes next.

        Raises:
            LoadError: nothing comes.
        """
        end_s = time.monotonic() + ANSWER_S
        while time.monotonic() < end_s:
            if self._is_missing(worker):
                raise LoadError(f"nothing is heard any more of {self._name(worker)}")
            try:
                came: _Came = queue.get(timeout=LOOK_S)
            except Empty:
                continue
            return came
        raise LoadError(f"{self._name(worker)} did not answer within {ANSWER_S:g} s")

    def _take_pong(self, environment: Environment, msg: Any) -> None:
        at_ns = {name: clock() for name, clock in CLOCKS.items()}
        del environment
        self._pongs.put(_Came(msg.node_id, read(msg.data, Pong), at_ns))

    def _take_chunk(self, environment: Environment, msg: Any) -> None:
        del environment
        self._chunks.put(_Came(msg.node_id, read(msg.data, Chunk), {}))
