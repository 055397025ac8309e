"""Drives an engine by several processes under Locust, each with some accounts' share of one flow, and leaves one history of it all.

The due time of each command is that of the flow, whoever sends it; so the load is open loop, and the same experiment over any number of workers.
What a drop copy tells is heard here. If a worker is lost, or does not draw what the others draw, what was driven is not what was asked for,
and the run says so; it says nothing about the engine then.
"""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from harness.base.clock import CommonClock
from harness.base.errors import SetupError
from harness.base.records import Commands, Events, Int64Array
from harness.base.shortfall import Shortfall
from harness.engine_file import to_json
from harness.evidence.journal import Journal
from harness.evidence.load_file import ClockRecord, LoadRecord, SenderRecord
from harness.evidence.run import Status
from harness.evidence.store import write_json
from harness.instruments import Context, Outcome, Progress
from harness.instruments._ask import NO_BOUND, Ask
from harness.load.arrivals import known
from harness.load.clocks import margin_ns
from harness.load.crew import LOOPBACK, Crew, LoadError
from harness.load.hearing import Hearing
from harness.load.merging import Source, merge
from harness.load.messages import Done, Seats
from harness.load.places import Place, beyond_reach, seen_from_elsewhere
from harness.load.received import checked_part
from harness.load.shares import Whole
from harness.load.sources import COPY, Left, read_part
from harness.port import Engine, Spoken

if TYPE_CHECKING:
    from harness.load.master import Master

SAMPLE_NS = 1_000_000_000
GRACE_NS = 30_000_000_000
"""How long workers may go on beyond twice the time asked for, before they count as lost."""
PARTS = "parts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How long to drive."""

    commands: int = NO_BOUND
    """The most commands to send, by all workers."""
    duration_ns: int = 0
    """Send no command that is due after this; 0: no such bound."""
    answer_timeout_ns: int = 5_000_000_000
    """How long a worker waits for its last answers since anything came."""

    def settings(self) -> dict[str, int]:
        """Its settings as evidence."""
        return {name: getattr(self, name) for name in self.__slots__}

    def lasting(self, duration_ns: int) -> Load:
        """The same load, bounded by this time instead of by a number of commands."""
        return replace(self, commands=NO_BOUND, duration_ns=duration_ns)

    def run(self, engine: Engine, out: Journal, context: Context) -> Outcome:
        """Drive the engine, started and empty, and write what happens."""
        from harness.load.master import Master  # noqa: PLC0415 - Locust, a second, only where there is a load

        crew = context.crew
        if crew is None:
            raise SetupError("a load is sent by workers: wanted --workers N")
        try:
            with (
                Master.listening(crew.meeting.place if crew.meeting else Place(LOOPBACK, 0), crew.lost) as master,
                crew.at_work(master.port, out.folder / PARTS),
                master.page.written(out.folder),
                master.page.shown(LOOPBACK, crew.page_port),
            ):
                told = _Led(self, engine, out, context, master).run(crew)
            if (out.folder / PARTS).is_dir():
                shutil.rmtree(out.folder / PARTS)
        except LoadError as error:
            return Outcome(status="generator failed", generator=str(error))
        return told


class _Led:
    """One load, from its first worker to its one history."""

    def __init__(self, load: Load, engine: Engine, out: Journal, context: Context, master: Master) -> None:
        self._load, self._engine, self._out, self._context, self._master = load, engine, out, context, master
        self._ask = Ask(context.pacing, load.commands, load.duration_ns)
        self._due = self._ask.due()
        """How many commands the whole has, unless the flow ends before."""
        self._clock = CommonClock()
        self._samples: list[tuple[tuple[str, ...], tuple[float, ...]]] = []
        """What probes read by the end of each second."""
        self._halted_as: Status | None = None
        """What it has come to for workers that were ended before they did by themselves."""
        self._clocks: dict[str, ClockRecord] = {}
        """Those of workers on other machines."""

    def run(self, crew: Crew) -> Outcome:
        seats = self._seats(crew)
        if not seats:
            return Outcome(status="interrupted")
        apart = crew.meeting is not None
        self._clock.count_from(self._master.begin(crew.job, seats, self._context.stopped, apart=apart))
        with Hearing(self._engine, self._parts / COPY, self._clock) as hearing:
            self._wait(len(seats), hearing)
        if hearing.trouble is not None:
            raise hearing.trouble
        done = {worker: self._master.done[worker] for worker in seats}
        duration_ns = max(one.elapsed_ns for one in done.values())
        status, failure = _ended({self._master.name(worker): one for worker, one in done.items()}, hearing.failure)
        if apart:
            self._fetch(seats)
        self._master.let_go()
        self._merge(self._left(done) if apart else [read_part(self._parts / str(at)) for at in range(crew.workers)])
        self._record(seats, done, hearing.heard, apart=apart)
        # Workers that are told to end wait for nothing that is under way, unless all is answered.
        cut = self._halted_as in ("interrupted", "bound reached")
        if status == "interrupted" and self._halted_as:
            status = self._halted_as
        return Outcome(
            status=status,
            cut=cut,
            failure=failure,
            duration_ns=duration_ns,
            short=self._short(status, list(done.values()), duration_ns),
        )

    def _seats(self, crew: Crew) -> dict[str, Seats]:
        """Who sends for whom, once all are there; nobody if the user ended the wait.

        Raises:
            LoadError: they do not all come.
            SetupError: one of them cannot reach the engine.
        """
        from harness.load.master import Gathering  # noqa: PLC0415 - as above

        context, master = self._context, self._master
        whole = Whole(context.flow, context.pacing, context.seed, self._load.commands, self._load.duration_ns)
        accounts, gathering = whole.accounts(), Gathering()
        if crew.meeting:
            gathering = Gathering(crew.meeting.wait_s, context.tell, context.stopped)
            place = crew.meeting.place._replace(port=master.port)
            command = shlex.join(("gonogo", "worker", str(seen_from_elsewhere(place)), *crew.meeting.words))
            context.tell(
                f"waits at {place} for workers, {crew.workers} in all, at most {gathering.most_s:g} s; to start one: {command}"
            )
        seats = {}
        for worker, seat in master.seat(accounts, crew.workers, gathering).items():
            joined = self._engine.joining(seat.accounts)
            if told := beyond_reach(joined, master.arrivals.crew[worker].address):
                raise SetupError(
                    f"{master.name(worker)} cannot reach the engine at {told}, a loopback address of the master's machine; "
                    "wanted an engine.toml whose endpoints are addresses that other machines reach, or tunnels to both and workers that come over loopback (docs/load.md)"
                )
            seats[worker] = msgspec.structs.replace(seat, engine=to_json(joined))
        return seats

    def _fetch(self, seats: Iterable[str]) -> None:
        """What workers on other machines left, and how far their clocks went meanwhile.

        Raises:
            LoadError: one of them is gone, or what came is not what it left, or the user ends it.
        """
        afar, done = self._master.afar, self._master.done
        # Who ended the load before wants what was sent by then.
        stopped = (lambda: False) if self._context.stopped() else self._context.stopped
        for number, worker in enumerate(seats):
            if worker in self._master.clocks:
                self._clocks[worker] = clock = self._master.clocks[worker].record(afar.offset(worker, "steady"))
                said = "; ".join(filter(None, (clock.words(), clock.caveat())))
                self._context.tell(f"{self._master.name(worker)}: {said}")
            afar.collect(worker, done[worker].left, self._parts / str(number), stopped)

    @property
    def _parts(self) -> Path:
        return self._out.folder / PARTS

    def _wait(self, workers: int, hearing: Hearing) -> None:
        """Until all have told how their part ended, or failed to make ready."""
        master = self._master
        most_ns = (
            2 * self._load.duration_ns + GRACE_NS + self._load.answer_timeout_ns if self._load.duration_ns else NO_BOUND
        )
        while len(master.done) < workers:
            master.look()
            now_ns = self._clock.now_ns()
            if self._halted_as is None and (come_to := self._come_to(hearing, late=now_ns > most_ns)):
                self._halted_as = come_to
                master.halt()
            self._sample(now_ns)
            self._context.progress(Progress(master.page.sent, self._ask.in_all(), max(now_ns, 0)))

    def _come_to(self, hearing: Hearing, *, late: bool) -> Status | None:
        """What the load has come to, where its workers are to end; None: they go on."""
        done = self._master.done.values()
        if late or self._context.stopped() or hearing.failure or hearing.trouble or any(one.failure for one in done):
            return "interrupted"
        if hearing.full or any(one.status == "bound reached" for one in done):
            return "bound reached"
        # A worker cannot know of a cancel that nothing will answer it, as over OUCH; who hears the drop copy does.
        page = self._master.page
        if page.sent >= self._due and hearing.has_answered(self._due - page.unsaid):
            return "finished"
        return None

    def _sample(self, now_ns: int) -> None:
        """What the probes read, once a second."""
        if now_ns < (len(self._samples) + 1) * SAMPLE_NS:
            return
        read = [(probe.columns, probe.read()) for probe in self._context.probes]
        columns = tuple(name for names, _ in read for name in names)
        self._samples.append((columns, tuple(value for _, values in read for value in values)))

    def _left(self, done: dict[str, Done]) -> list[Left]:
        """What came from other machines, looked at before it is merged.

        Raises:
            LoadError: it is no part of this load.
        """
        parts = []
        for number, (worker, one) in enumerate(done.items()):
            try:
                parts.append(checked_part(self._parts / str(number), one, self._load.commands))
            except LoadError as error:
                raise LoadError(f"{self._master.name(worker)}: {error}") from error
        return parts

    def _merge(self, parts: Sequence[Left]) -> None:
        """One history, and the samples beside it with what was sent by then."""
        spoken = tuple(one for part in parts for one in part.spoken)
        sources = [Source(part.folder, part.numbers, self._naming(part.spoken)) for part in parts]
        sources.append(Source(self._parts / COPY, None, self._naming(spoken)))
        sent: Int64Array = np.zeros(len(self._samples) + 1, np.int64)

        def count(commands: Commands) -> None:
            seconds = np.minimum(commands["sent_ns"] // SAMPLE_NS, len(sent) - 1)
            np.add.at(sent, np.maximum(seconds, 0), 1)

        merge(sources, self._out, count, margin_ns(self._clocks.values()))
        for second, ((columns, values), by_then) in enumerate(zip(self._samples, np.cumsum(sent).tolist()), 1):  # noqa: B905 - what was sent behind the last sample is not sampled
            now_ns = second * SAMPLE_NS
            own = (self._ask.by(now_ns), by_then)
            self._out.sample(now_ns, ("asked_commands", "sent_commands", *columns), (*own, *values))

    def _naming(self, spoken: tuple[Spoken, ...]) -> Callable[[Events], Events]:
        return lambda events: self._engine.renamed(events, spoken)

    def _record(self, seats: dict[str, Seats], done: dict[str, Done], copied: int, *, apart: bool) -> None:
        senders = tuple(
            SenderRecord(
                accounts=seats[worker].accounts, sent=one.sent, received=one.received, response=one.response, service=one.service,
                machine=known(self._master.arrivals.crew[worker]) if apart else "", clock=self._clocks.get(worker),
            )
            for worker, one in done.items()
        )  # fmt: skip
        page = self._master.page
        write_json(
            self._out.folder / "load.json",
            LoadRecord(
                senders=senders,
                response=page.response.distribution(),
                service=page.service.distribution(),
                copied=copied,
            ),
        )

    def _short(self, status: Status, done: list[Done], elapsed_ns: int) -> Shortfall | None:
        drawn_out = max(one.drawn_out for one in done)
        return self._ask.missing(drawn_out, elapsed_ns) if status == "finished" and drawn_out else None


def _ended(told: dict[str, Done], failure: str) -> tuple[Status, str]:
    """How the load ended; `failure` is what the engine failed with where it was heard.

    Raises:
        LoadError: a worker could not send.
    """
    done = list(told.values())
    for name, one in told.items():
        if one.status == "generator failed":
            raise LoadError(f"{name}: {one.failure}")
    failed = next((one.failure for one in done if one.status == "engine failed"), "")
    if failure or failed:
        return "engine failed", failure or failed
    return next((one.status for one in done if one.status in ("interrupted", "bound reached")), "finished"), ""


INSTRUMENT = Load
