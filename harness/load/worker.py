"""A worker: a process whose users are sessions, and which sends for all of them in a thread of its own."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from harness.base.findings import Distribution
from harness.load.locusts import Environment, Event, ThreadPool, User, gevent, task
from harness.load.messages import Done, Go, Job, Ready, Seats, Tally

GO_S = 120.0
"""How long the others may take to be ready."""
LOOK_S = 0.01


class Sending(Protocol):
    """What a worker does, once it knows its job and whom it sends for."""

    def run(self, begin: Callable[[Ready], int], stopped: Callable[[], bool]) -> Done:
        """Make ready and say so by `begin`, which gives the time to begin at; then send all, unless it is stopped."""
        ...

    def tally(self) -> Tally:
        """What happened since this was asked for last; asked by another thread."""
        ...

    def in_all(self) -> tuple[Distribution, Distribution]:
        """Response and service times of all that was told of so far."""
        ...


class Worker:
    """Connected to a master until that lets it go."""

    def __init__(self, host: str, port: int, make: Callable[[Job, Seats], Sending]) -> None:
        self._make = make
        self._pool = ThreadPool(1)
        self._job: Job | None = None
        self._sending: Sending | None = None
        self._ready: Ready | None = None
        self._begin_ns = 0
        self._going, self._stopped = threading.Event(), threading.Event()
        over = self._over = Event()

        class Account(User):
            """A session of one account; it is there as long as its worker sends."""

            @task
            def trade(self) -> None:
                over.wait()
                gevent.sleep(1.0)

        environment = Environment(user_classes=[Account])
        self._runner = environment.create_worker_runner(host, port)
        for name, hear in {
            "job": self._take_job,
            "seats": self._take_seats,
            "go": self._go,
            "halt": self._halt,
        }.items():
            self._runner.register_message(name, hear, concurrent=name == "seats")
        environment.events.report_to_master.add_listener(self._report)

    def run(self) -> None:
        """Until the master says that it is over, or is gone."""
        self._runner.greenlet.join()

    def _take_job(self, environment: Environment, msg: Any) -> None:
        del environment
        self._job = msgspec.convert(msg.data, Job)

    def _take_seats(self, environment: Environment, msg: Any) -> None:
        """Send, and tell how it ended; other messages are heard meanwhile."""
        del environment
        self._say("done", self._done(msgspec.convert(msg.data, Seats)))
        self._over.set()

    def _done(self, seats: Seats) -> Done:
        if self._job is None:
            return Done(status="generator failed", failure="it was told whom to send for, and not what")
        try:
            self._sending = self._make(self._job, seats)
            sent = self._pool.spawn(self._sending.run, self._begin, self._stopped.is_set)
            while self._ready is None and not sent.ready():
                gevent.sleep(LOOK_S)
            if self._ready is not None:
                self._say("ready", self._ready)
            done: Done = sent.get()
            sending, self._sending = self._sending, None
            last = sending.tally()
            response, service = sending.in_all()
        except Exception as error:  # whatever it is, the master must hear of it
            return Done(status="generator failed", failure="".join(traceback.format_exception(error)))
        return msgspec.structs.replace(done, last=last, response=response, service=service)

    def _begin(self, ready: Ready) -> int:
        """Wait until all others are ready too; called by the thread that sends."""
        self._ready = ready
        if not self._going.wait(GO_S):
            raise TimeoutError(f"nobody said within {GO_S:g} s when to begin")
        return self._begin_ns

    def _go(self, environment: Environment, msg: Any) -> None:
        del environment
        self._begin_ns = msgspec.convert(msg.data, Go).unix_ns
        self._going.set()

    def _halt(self, environment: Environment, msg: Any) -> None:
        del environment, msg
        self._stopped.set()
        self._going.set()

    def _report(self, client_id: str, data: dict[str, Any]) -> None:
        """Locust's own report, each second, takes ours with it."""
        del client_id
        if self._sending is not None:
            data["tally"] = msgspec.to_builtins(self._sending.tally())

    def _say(self, name: str, message: msgspec.Struct) -> None:
        self._runner.send_message(name, msgspec.to_builtins(message))
