"""A worker: a process whose users are sessions, and which sends for all of them in a thread of its own."""

from __future__ import annotations

import socket
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import msgspec

import harness
from harness.base.errors import SetupError
from harness.base.findings import Distribution
from harness.load.clocks import CLOCKS
from harness.load.locusts import Environment, Event, ThreadPool, User, gevent, runners, stats, task
from harness.load.messages import (
    Done,
    Go,
    Hello,
    Job,
    Over,
    Ping,
    Pong,
    Ready,
    Seats,
    Tally,
    Wanted,
    Welcome,
    plain,
    read,
)
from harness.load.parcels import piece
from harness.load.places import Place

GO_S = 120.0
"""How long the others may take to be ready."""
LOOK_S = 0.01
IDLE_S = 0.1
"""How often it is looked whether it may end; seldom, since each look takes the interpreter from what sends."""
AGAIN_S = 2.0
"""How often it says that it is there, until somebody hears it."""
ANSWER_S = 60.0
"""How long a master may take to answer that: it may have a flow to draw first."""
GONE_S = 20.0
"""For how long nothing is heard of a master that is gone."""
END_S = 5.0
"""How long what sends may take to end once it is told to."""


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


class Ended(NamedTuple):
    """How a worker came to its end."""

    done: Done | None
    """How its part ended; None: it had none."""
    why: str
    """Why it ended before the load did; empty where the master let it go."""
    later: bool = False
    """Whether a next load of this master may take it."""
    setup: bool = False
    """Whether it is for the user to change something here."""


class _Runner(runners.WorkerRunner):
    """Locust's own goes on for five minutes before it says that nobody answers."""

    def connect_to_master(self) -> None:
        end_s = time.monotonic() + ANSWER_S
        while time.monotonic() < end_s:
            self.send_message("client_ready", runners.__version__)
            if self.connection_event.wait(AGAIN_S):
                self.connected = True
                return
        self.greenlet.kill(block=True)
        _close(self, 0)
        raise SetupError(
            f"{self.master_host}:{self.master_port} did not answer as the master of a load within {ANSWER_S:g} s"
        )


class Worker:
    """Connected to a master until that lets it go.

    `parts` is where its part lies if the master must ask for it; `address` its own, on the way to the master.

    Raises:
        SetupError: nobody answers.
    """

    def __init__(
        self, place: Place, make: Callable[[Job, Seats], Sending], *, address: str = "", parts: Path | None = None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._make, self._parts, self._tell = make, parts, tell
        self._pool = ThreadPool(1)
        self._job: Job | None = None
        self._sending: Sending | None = None
        self._ready: Ready | None = None
        self._welcome: Welcome | None = None
        self._done: Done | None = None
        self._setup = self._let_go = ""
        self._is_let_go = self._is_ended_here = False
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
        environment.stats = stats.RequestStats(use_response_times_cache=False)
        self._runner = environment.runner = _Runner(environment, *place)
        for name, hear in {
            "welcome": self._take_welcome, "job": self._take_job, "seats": self._take_seats, "ping": self._answer, "go": self._go,
            "halt": self._halt, "wanted": self._give, "over": self._end,
        }.items():  # fmt: skip
            self._runner.register_message(name, hear, concurrent=name == "seats")
        environment.events.report_to_master.add_listener(self._report)
        self._say("hello", Hello(gonogo=harness.__version__, machine=socket.gethostname(), address=address))

    def run(self, stopped: Callable[[], bool] = lambda: False) -> Ended:
        """Until the master says that it is over, or is gone.

        Raises:
            KeyboardInterrupt: the user asked to end it; the master is told.
        """
        asked_s = time.time()
        try:
            while len(self._runner.greenlet):
                gevent.sleep(IDLE_S)
                if stopped():
                    self._is_ended_here = True
                    self._say("done", Done(status="generator failed", failure="it was ended on its own machine"))
                    raise KeyboardInterrupt
                if self._welcome is None and time.time() - asked_s > ANSWER_S:
                    return Ended(None, "the master did not say whether it has a place", later=True)
                if self._is_gone(asked_s):
                    return Ended(self._done, "the master is gone")
        finally:
            self._leave()
        return self._ended()

    def _ended(self) -> Ended:
        if self._welcome is not None and self._welcome.why_not:
            return Ended(None, self._welcome.why_not, later=self._welcome.later, setup=not self._welcome.later)
        if self._setup:
            return Ended(self._done, self._setup, setup=True)
        if self._welcome is None:
            # It came before the next load of a profile, while the one before was still being merged.
            return Ended(None, "the master ended before it had a place", later=True)
        return Ended(self._done, self._let_go if self._is_let_go else "the master broke off")

    def _is_gone(self, asked_s: float) -> bool:
        """Whether a master that has a place for it is heard no more."""
        heard_s = self._runner.last_heartbeat_timestamp or asked_s
        return self._welcome is not None and time.time() - heard_s > GONE_S

    def _leave(self) -> None:
        """Nothing is sent any more, and no connection is left that a process would wait for."""
        self._stopped.set()
        self._going.set()
        end_s = time.monotonic() + END_S
        while self._sending is not None and time.monotonic() < end_s:
            gevent.sleep(LOOK_S)
        self._runner.greenlet.kill(block=True)
        # What was said last may be on its way.
        _close(self._runner, 1_000)

    def _take_welcome(self, environment: Environment, msg: Any) -> None:
        del environment
        self._welcome = read(msg.data, Welcome)
        if self._welcome.why_not:
            self._runner.greenlet.kill(block=False)
        else:
            self._tell("one of the load's workers; it begins once all are there")

    def _take_job(self, environment: Environment, msg: Any) -> None:
        del environment
        self._job = read(msg.data, Job)

    def _take_seats(self, environment: Environment, msg: Any) -> None:
        """Send, and tell how it ended; other messages are heard meanwhile."""
        del environment
        self._done = self._sent(read(msg.data, Seats))
        if not self._is_ended_here:
            self._say("done", self._done)
            self._tell(f"has sent {self._done.sent:,} commands; the master takes over what came of them once all have")
        self._over.set()

    def _sent(self, seats: Seats) -> Done:
        if self._job is None:
            return Done(status="generator failed", failure="it was told whom to send for, and not what")
        try:
            # In the other thread too: whoever makes it ready may import much, and messages are heard meanwhile.
            self._sending = self._pool.spawn(self._make, self._job, seats).get()
            self._tell(f"draws {self._job.name or self._job.scenario} and connects {len(seats.accounts)} accounts")
            sent = self._pool.spawn(self._sending.run, self._begin, self._stopped.is_set)
            while self._ready is None and not sent.ready():
                gevent.sleep(LOOK_S)
            if self._ready is not None:
                self._say("ready", self._ready)
            done: Done = sent.get()
            last = self._sending.tally()
            response, service = self._sending.in_all()
        except SetupError as error:
            self._setup = str(error)
            return Done(status="generator failed", failure=self._setup)
        except Exception as error:  # whatever it is, the master must hear of it
            return Done(status="generator failed", failure="".join(traceback.format_exception(error)))
        finally:
            self._sending = None
        return msgspec.structs.replace(done, last=last, response=response, service=service)

    def _begin(self, ready: Ready) -> int:
        """Wait until all others are ready too; called by the thread that sends."""
        self._ready = ready
        if not self._going.wait(GO_S):
            raise TimeoutError(f"nobody said within {GO_S:g} s when to begin")
        return self._begin_ns

    def _answer(self, environment: Environment, msg: Any) -> None:
        """What time it is."""
        ping = read(msg.data, Ping)
        clock = CLOCKS[ping.clock]
        received_ns = clock()
        del environment
        self._say("pong", Pong(number=ping.number, received_ns=received_ns, said_ns=clock()))

    def _go(self, environment: Environment, msg: Any) -> None:
        del environment
        self._begin_ns = read(msg.data, Go).unix_ns
        self._going.set()
        self._tell("sends")

    def _halt(self, environment: Environment, msg: Any) -> None:
        del environment, msg
        self._stopped.set()
        self._going.set()

    def _give(self, environment: Environment, msg: Any) -> None:
        """A piece of what it left."""
        del environment
        if self._parts is not None and self._done is not None:
            self._say("chunk", piece(self._parts, self._done.left, read(msg.data, Wanted)))

    def _end(self, environment: Environment, msg: Any) -> None:
        del environment
        self._is_let_go, self._let_go = True, read(msg.data, Over).why
        self._runner.greenlet.kill(block=False)

    def _report(self, client_id: str, data: dict[str, Any]) -> None:
        """Locust's own report, each second, takes ours with it."""
        del client_id
        if self._sending is not None:
            data["tally"] = plain(self._sending.tally())

    def _say(self, name: str, message: msgspec.Struct) -> None:
        self._runner.send_message(name, plain(message))


def _close(runner: runners.WorkerRunner, linger_ms: int) -> None:
    """Locust closes its socket and leaves what that hangs on, which the process would wait for."""
    context = runner.client.socket.context
    runner.client.close(linger=linger_ms)
    context.term()
