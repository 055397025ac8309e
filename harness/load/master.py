"""The master of a load: it waits for its workers, says who sends for whom and when to begin, and hears how each part ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, Self

import msgspec

from harness.base.errors import SetupError
from harness.load.afar import Afar
from harness.load.arrivals import Arrivals, known
from harness.load.clocks import Readings
from harness.load.crew import LoadError
from harness.load.locusts import Environment, RPCError, User, gevent, runners, task
from harness.load.messages import Done, Go, Hello, Job, Over, Ready, Seats, Tally, plain, read
from harness.load.page import Page
from harness.load.places import Place

LOOK_S = 0.02
GATHER_S = 60.0
"""How long workers may take to come."""
READY_S = 120.0
"""How long they may take to connect and to draw what is due first; a kernel may have to be compiled."""
AHEAD_NS = 200_000_000
"""How long before the first command is due all are told when that is."""


class Gathering(NamedTuple):
    """How workers are waited for."""

    most_s: float = 0.0
    """0: as long as those may take that are started here."""
    told: Callable[[str], None] = lambda _: None
    """Who came."""
    stopped: Callable[[], bool] = lambda: False


AT_ONCE = Gathering()


class Account(User):
    """A session of one account, as Locust counts it; the users of the workers do its work."""

    @task
    def trade(self) -> None:
        """A master has no users of its own."""
        gevent.sleep(1.0)


class Master:
    """Listens from when it is made until it is closed."""

    def __init__(self, place: Place, lost: Callable[[], str]) -> None:
        """`lost` says which worker has ended by itself.

        Raises:
            SetupError: it cannot listen there.
        """
        self._environment = Environment(user_classes=[Account])
        try:
            self._runner = self._environment.create_master_runner(*place)
        except (RPCError, SystemExit) as error:
            raise SetupError(f"the master of the load cannot listen at {place}: {error}") from error
        self._lost = lost
        self.page = Page(self._environment)
        self.arrivals = Arrivals(lambda worker, told: self._say("welcome", told, worker), self._forget)
        self.ready: dict[str, Ready] = {}
        self.done: dict[str, Done] = {}
        """By the id that Locust gives a worker."""
        self.clocks: dict[str, Readings] = {}
        """Those of workers on other machines."""
        self.afar = Afar(self._runner, self._is_missing, self.name)
        self._seated: tuple[str, ...] = ()
        self._is_over = False
        for name, hear in {"hello": self._take_hello, "ready": self._take_ready, "done": self._take_done}.items():
            self._runner.register_message(name, hear)
        self._environment.events.worker_report.add_listener(self._take_report)

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._runner.server.port
        return port

    @classmethod
    @contextmanager
    def listening(cls, place: Place, lost: Callable[[], str]) -> Iterator[Self]:
        """A master that lets its workers go at the end, and tells them if that is no good one."""
        master, why = cls(place, lost), "the master broke off"
        try:
            yield master
            why = ""
        except (LoadError, SetupError) as error:
            why = str(error)
            raise
        finally:
            master.let_go(why)
            master._runner.quit()
            # Its messages go out by a loop that runs only while somebody waits.
            gevent.sleep(10 * LOOK_S)
            # Locust's server closes its socket and leaves what that hangs on.
            context = master._runner.server.socket.context
            master._runner.server.close(linger=0)
            context.term()

    def seat(self, accounts: tuple[int, ...], workers: int, gathering: Gathering = AT_ONCE) -> dict[str, Seats]:
        """Wait for the workers and have Locust spread one user for each account over them; who sends for whom, by worker. None if the user ends it.

        Raises:
            LoadError: they do not all come.
        """
        runner, crew = self._runner, self.arrivals.crew
        self.arrivals.places, self.arrivals.told = workers, gathering.told
        most_s = gathering.most_s or GATHER_S
        self.wait(
            lambda: len(self._present()) >= workers or gathering.stopped(), most_s,
            lambda: f"{len(crew)} of {workers} workers came within {most_s:g} s",
        )  # fmt: skip
        if gathering.stopped():
            return {}
        self._seated = tuple(crew)
        for stranger in [worker for worker in runner.clients if worker not in crew]:
            self._forget(stranger)
        runner.start(len(accounts), spawn_rate=max(len(accounts), 1))
        # Whoever comes now is no worker of this load.
        runner._users_dispatcher = None  # noqa: SLF001 - Locust would spread the users anew
        clients = [runner.clients[worker] for worker in self._seated]
        self.wait(
            lambda: sum(client.user_count for client in clients) >= len(accounts), READY_S,
            lambda: "Locust did not spread the users over the workers",
        )  # fmt: skip
        left, found = list(accounts), {}
        for number, client in enumerate(clients):
            mine, left = left[: client.user_count], left[client.user_count :]
            others = tuple(account for account in accounts if account not in set(mine))
            found[client.id] = Seats(accounts=tuple(mine), others=others, takes_rest=number == 0)
        return found

    def begin(self, job: Job, seats: Mapping[str, Seats], stopped: Callable[[], bool], *, apart: bool = False) -> int:
        """Have all make ready, and say when the first command is due; that time in ns of Unix.

        Workers that are `apart`, on machines with clocks of their own, are told it by their own time of day.

        Raises:
            LoadError: one of them cannot, or they do not draw the same.
        """
        for worker, one in seats.items():
            self._say("job", job, worker)
            self._say("seats", one, worker)
        self.wait(
            lambda: len(self.ready | self.done) >= len(seats) or stopped(), READY_S,
            lambda: f"{len(self.ready)} of {len(seats)} workers were ready within {READY_S:g} s",
        )  # fmt: skip
        if len({ready.drawn for ready in self.ready.values()}) > 1:
            raise LoadError(
                "the workers do not draw the same commands from the same seed: their machines or versions differ"
            )
        if apart and not (self.done or stopped()):
            self.clocks = {
                worker: Readings(self.afar.offset(worker, "day"), self.afar.offset(worker, "steady"))
                for worker in seats
            }
        way_ns = max((clocks.day.half_trip_ns for clocks in self.clocks.values()), default=0)
        unix_ns = time.time_ns() + AHEAD_NS + 4 * way_ns
        if not (self.done or stopped()):
            for worker in seats:
                ahead_ns = self.clocks[worker].day.offset_ns if apart else 0
                self._say("go", Go(unix_ns=unix_ns + ahead_ns), worker)
        return unix_ns

    def name(self, worker: str) -> str:
        """What people call it, once it is seated."""
        return f"worker {self._seated.index(worker) + 1} of {len(self._seated)}, {known(self.arrivals.crew[worker])}"

    def halt(self) -> None:
        """Have all end; what they sent stays."""
        for worker in self._seated:
            self._runner.send_message("halt", client_id=worker)

    def let_go(self, why: str = "") -> None:
        """The workers may end: all that they left is here, or it is not wanted, and why."""
        told, self._is_over = self._is_over, True
        for worker in () if told else self.arrivals.crew:
            self._say("over", Over(why=why), worker)

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
        self.arrivals.look()
        if lost := self._lost():
            raise LoadError(lost)
        missing = next(
            (worker for worker in self._seated if worker not in self.done and self._is_missing(worker)), None
        )
        if missing is not None:
            raise LoadError(f"nothing is heard any more of {self.name(missing)}")

    def _present(self) -> Mapping[str, Hello]:
        """Those that have a place and are still there."""
        crew = self.arrivals.crew
        for worker in [worker for worker in crew if worker in self.done or self._is_missing(worker)]:
            self.done.pop(worker, None)
            self.arrivals.leave(worker)
            self._forget(worker)
        return crew

    def _is_missing(self, worker: str) -> bool:
        client = self._runner.clients.get(worker)
        return client is None or client.state == runners.STATE_MISSING

    def _forget(self, worker: str) -> None:
        """Locust gives it no users."""
        self._runner.clients.pop(worker, None)

    def _say(self, name: str, message: msgspec.Struct, worker: str) -> None:
        self._runner.send_message(name, plain(message), worker)

    def _take_hello(self, environment: Environment, msg: Any) -> None:
        del environment
        self.arrivals.take(msg.node_id, read(msg.data, Hello))

    def _take_ready(self, environment: Environment, msg: Any) -> None:
        del environment
        self.ready[msg.node_id] = read(msg.data, Ready)

    def _take_done(self, environment: Environment, msg: Any) -> None:
        del environment
        done = read(msg.data, Done)
        if msg.node_id in self.arrivals.crew:
            self.page.take(done.last)
            self.done[msg.node_id] = done

    def _take_report(self, client_id: str, data: dict[str, Any]) -> None:
        told = data.get("tally")
        if told and client_id in self.arrivals.crew:
            self.page.take(read(told, Tally))
