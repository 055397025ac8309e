"""The master of a load: it waits for its workers, says who sends for whom and when to begin, and hears how each part ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import msgspec

from harness.load.crew import LoadError
from harness.load.locusts import Environment, User, gevent, runners, task
from harness.load.messages import Done, Go, Job, Ready, Seats, Tally
from harness.load.page import Page

LOOK_S = 0.02
GATHER_S = 60.0
"""How long workers may take to come."""
READY_S = 120.0
"""How long they may take to connect and to draw what is due first; a kernel may have to be compiled."""
AHEAD_NS = 200_000_000
"""How long before the first command is due all are told when that is."""


class Account(User):
    """A session of one account, as Locust counts it; the users of the workers do its work."""

    @task
    def trade(self) -> None:
        """A master has no users of its own."""
        gevent.sleep(1.0)


class Master:
    """Listens from when it is made until it is closed."""

    def __init__(self, host: str, port: int, lost: Callable[[], str]) -> None:
        """`lost` says which worker has ended by itself."""
        self._environment = Environment(user_classes=[Account])
        self._runner = self._environment.create_master_runner(host, port)
        self._lost = lost
        self.page = Page(self._environment)
        self.ready: dict[str, Ready] = {}
        self.done: dict[str, Done] = {}
        """By the id that Locust gives a worker."""
        self._runner.register_message("ready", self._take_ready)
        self._runner.register_message("done", self._take_done)
        self._environment.events.worker_report.add_listener(self._take_report)

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._runner.server.port
        return port

    @classmethod
    @contextmanager
    def listening(cls, host: str, port: int, lost: Callable[[], str]) -> Iterator[Self]:
        """A master that lets its workers go at the end."""
        master = cls(host, port, lost)
        try:
            yield master
        finally:
            master._runner.quit()
            # Its messages go out by a loop that runs only while somebody waits.
            gevent.sleep(10 * LOOK_S)
            # Locust's server closes its socket and leaves what that hangs on.
            context = master._runner.server.socket.context
            master._runner.server.close(linger=0)
            context.term()

    def seat(self, accounts: tuple[int, ...], workers: int) -> dict[str, Seats]:
        """Wait for the workers and have Locust spread one user for each account over them; who sends for whom, by worker.

        Raises:
            LoadError: they do not all come.
        """
        runner = self._runner
        self.wait(
            lambda: len(runner.clients.ready) >= workers, GATHER_S,
            lambda: f"{len(runner.clients.ready)} of {workers} workers came within {GATHER_S:g} s",
        )  # fmt: skip
        runner.start(len(accounts), spawn_rate=max(len(accounts), 1))
        self.wait(
            lambda: sum(client.user_count for client in runner.clients.all) >= len(accounts), READY_S,
            lambda: "Locust did not spread the users over the workers",
        )  # fmt: skip
        left, found = list(accounts), {}
        for number, client in enumerate(sorted(runner.clients.all, key=lambda client: client.id)):
            mine, left = left[: client.user_count], left[client.user_count :]
            others = tuple(account for account in accounts if account not in set(mine))
            found[client.id] = Seats(accounts=tuple(mine), others=others, takes_rest=number == 0)
        return found

    def begin(self, job: Job, seats: dict[str, Seats], stopped: Callable[[], bool]) -> int:
        """Have all make ready, and say when the first command is due; that time in ns of Unix.

        Raises:
            LoadError: one of them cannot, or they do not draw the same.
        """
        self._runner.send_message("job", msgspec.to_builtins(job))
        for worker, one in seats.items():
            self._runner.send_message("seats", msgspec.to_builtins(one), worker)
        self.wait(
            lambda: len(self.ready | self.done) >= len(seats) or stopped(), READY_S,
            lambda: f"{len(self.ready)} of {len(seats)} workers were ready within {READY_S:g} s",
        )  # fmt: skip
        if len({ready.drawn for ready in self.ready.values()}) > 1:
            raise LoadError(
                "the workers do not draw the same commands from the same seed: their machines or versions differ"
            )
        unix_ns = time.time_ns() + AHEAD_NS
        if not (self.done or stopped()):
            self._runner.send_message("go", msgspec.to_builtins(Go(unix_ns=unix_ns)))
        return unix_ns

    def halt(self) -> None:
        """Have all end; what they sent stays."""
        self._runner.send_message("halt")

    def wait(self, until: Callable[[], bool], most_s: float, otherwise: Callable[[], str]) -> None:
        """Let messages come until something is so.

        Raises:
            LoadError: it takes too long, or a worker is lost.
        """
        end_s = time.monotonic() + most_s
        while not until():
            self.look()
            if time.monotonic() > end_s:
                raise LoadError(otherwise())

    def look(self) -> None:
        """Let messages come for a moment.

        Raises:
            LoadError: a worker is lost that has not told how its part ended.
        """
        gevent.sleep(LOOK_S)
        missing = [
            client.id for client in self._runner.clients.all
            if client.state == runners.STATE_MISSING and client.id not in self.done
        ]  # fmt: skip
        if lost := self._lost():
            raise LoadError(lost)
        if missing:
            raise LoadError(f"nothing is heard any more of the worker {missing[0]}")

    def _take_ready(self, environment: Environment, msg: Any) -> None:
        del environment
        self.ready[msg.node_id] = msgspec.convert(msg.data, Ready)

    def _take_done(self, environment: Environment, msg: Any) -> None:
        del environment
        done = msgspec.convert(msg.data, Done)
        self.page.take(done.last)
        self.done[msg.node_id] = done

    def _take_report(self, client_id: str, data: dict[str, Any]) -> None:
        del client_id
        if told := data.get("tally"):
            self.page.take(msgspec.convert(told, Tally))
