"""Drives an engine with a flow at a pace, open loop: soak, chaos and correctness runs are this loop with other values.

Open loop means that a command goes out when it is due, whether or not the engine has answered the one before; so a stalled
engine shows as latency and never as a slower generator.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from harness.base.clock import MonotonicClock
from harness.base.errors import EngineError
from harness.base.records import EVENT, NONE, Commands, Events, Int64Array
from harness.base.shortfall import Shortfall
from harness.evidence.conversation import Conversation
from harness.evidence.journal import Journal
from harness.evidence.repeats import repeat_marks
from harness.evidence.run import Status
from harness.flows import numbered
from harness.instruments import Context, Outcome, Progress
from harness.instruments._ask import NO_BOUND, Ask
from harness.instruments._beforehand import drawn, set_aside
from harness.instruments._handing import Ahead, AtOnce, Handing
from harness.pacing import Pacing, Unpaced
from harness.port import WAIT_NS, Engine, Sessions, hear_out, receive_or_wait

GRACE_NS = 10_000_000_000
"""How long a run that is behind its pace may go on beyond twice its duration."""
MOST_UNPACED = 4096
"""Commands handed over in one call where nobody asks how late an answer was: each call costs as much as some hundred commands."""
DRAWN_AHEAD = 1 << 18
"""Commands drawn before the first is due, some 30 MB: a replay of a recording takes microseconds to draw a command."""
MOST_TIMEOUTS = 20
"""For how many times the time for an answer an engine may go on with what it was sent before."""
SAMPLE_NS = 1_000_000_000
PROGRESS_NS = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """How long to drive, how often to look at the book, and how often to do it all again."""

    commands: int = 100_000
    """The most commands to send; the flow may end before."""
    duration_ns: int = 0
    """Send no command that is due after this; 0: no such bound."""
    snapshot_every: int = 0
    """Ask for the book after so many commands, once all are answered; 0: at the end only. Asking delays what is due."""
    runs: int = 1
    """How often the flow is run, each time on an empty engine; all but the first leave digests only."""
    answer_timeout_ns: int = 5_000_000_000
    """How long the last answers are waited for since anything came."""

    def settings(self) -> dict[str, int]:
        """Its settings as evidence."""
        return {name: getattr(self, name) for name in self.__slots__}

    def lasting(self, duration_ns: int) -> Drive:
        """The same drive, bounded by this time instead of by a number of commands."""
        return replace(self, commands=NO_BOUND, duration_ns=duration_ns)

    def run(self, engine: Engine, out: Journal, context: Context) -> Outcome:
        """Drive the engine, started and empty, and write what happens."""
        loop = _Loop(self, engine, context, out)
        try:
            with set_aside():
                status = loop.run(context.pacing)
                for again in range(2, self.runs + 1):
                    if status == "finished":
                        status = _repeat(self, engine, context, out, again)
        except EngineError as error:
            return Outcome(status="engine failed", failure=str(error), duration_ns=loop.elapsed_ns())
        return Outcome(status=status, duration_ns=loop.duration_ns, short=loop.short, emptied=self.runs > 1)


class _Loop:
    """One pass of the flow through the engine."""

    def __init__(self, drive: Drive, engine: Engine, context: Context, out: Journal | None) -> None:
        self._drive = drive
        self._ask = Ask(context.pacing, drive.commands, drive.duration_ns)
        self._engine = engine
        self._context = context
        self._out = out
        self._clock = context.clock
        # What is compared command by command, with another run or with what a person wrote down, must go in one order.
        ordered = drive.runs > 1 or bool(context.flow.notes().cases)
        self._apart = engine.capabilities.accounts_apart and not ordered
        self._sessions = Sessions(engine, context.clock, drive.answer_timeout_ns, apart=self._apart)
        self._way: Handing = AtOnce(context.clock, self._hand_over, self._write)
        self._talk = Conversation(engine.capabilities)
        self._sent = 0
        self._start_ns = 0
        self._next_sample_ns = 0
        self._next_progress_ns = 0
        self.duration_ns = 0
        self.short: Shortfall | None = None
        self.kept: list[Events] = []
        """The events of a pass without a journal, in one order."""

    def run(self, pacing: Pacing) -> Status:
        """Send what the flow gives until it or a bound ends it, then wait for the last answers."""
        try:
            return self._run(pacing)
        finally:
            self._keep(self._way.close())

    def _run(self, pacing: Pacing) -> Status:
        batches = numbered(self._context.flow.batches(self._context.seed), self._drive.commands)
        ready = drawn(batches, DRAWN_AHEAD)
        begin = self._context.begin or self._clock.now_ns
        self._start_ns = begin()
        if pacing.rate_per_s and self._apart and self._engine.dispatches and isinstance(self._clock, MonotonicClock):
            dispatch = self._engine.dispatch(self._clock.origin_ns)
            self._way = Ahead(self._clock, dispatch, self._hand_over, self._write)
        status: Status = "finished"
        for commands in chain(ready, batches):
            due_ns = pacing.due_ns(int(commands["number"][0]), len(commands)) if pacing.rate_per_s else None
            if due_ns is not None:
                due_ns = due_ns + self._start_ns
            ended = self._pump(commands, due_ns)
            if ended:
                status = ended
                break
        else:
            self.short = self._ask.missing(self._sent, self.elapsed_ns())
        self._settle()
        self.duration_ns = self.elapsed_ns()
        if self._talk.has_all() or (status == "finished" and self._context.stopped()):
            # Else the time for it is over. Who is told to wait no longer, as a worker once a drop copy has told all, hears what is on its way.
            hear_out(self._engine, self._clock, self._receive)
        if status != "interrupted":
            self._snapshot()
        self._tell(force=True)
        self._sessions.close()
        return status

    def elapsed_ns(self) -> int:
        """Since the pass began."""
        return self._clock.now_ns() - self._start_ns

    def _pump(self, commands: Commands, due_ns: Int64Array | None) -> Status | None:
        """Send each command of the batch when it is due; the status if this pass must end."""
        at = 0
        while at < len(commands):
            if ended := self._must_end(due_ns, at):
                return ended
            upto = self._due_upto(due_ns, at, len(commands))
            if upto == at and due_ns is not None:
                self._wait(int(due_ns[at]))
                continue
            chunk = commands[at:upto]
            self._send(chunk, None if due_ns is None else due_ns[at:upto])
            at = upto
            every = self._drive.snapshot_every
            if every and self._sent // every > (self._sent - len(chunk)) // every:
                self._settle()
                self._snapshot()
        return None

    def _must_end(self, due_ns: Int64Array | None, at: int) -> Status | None:
        if self._context.stopped():
            return "interrupted"
        if self._out is not None and self._out.full:
            return "bound reached"
        if self._drive.duration_ns and self.elapsed_ns() > 2 * self._drive.duration_ns + GRACE_NS:
            # So far behind its pace, a run would go on for hours; the bound tells so instead of hiding the stall.
            return "bound reached"
        if self._drive.duration_ns:
            reached_ns = self.elapsed_ns() if due_ns is None else int(due_ns[at]) - self._start_ns
            if reached_ns >= self._drive.duration_ns:
                return "finished"
        return None

    def _due_upto(self, due_ns: Int64Array | None, at: int, end: int) -> int:
        """The index behind the last command that may go out now, in one handful."""
        if due_ns is None:
            return min(at + MOST_UNPACED, end)
        until_ns, most = self._way.upto_ns(int(due_ns[at]))
        most = min(at + most, end)
        if self._drive.duration_ns:
            # Who is late at the end would else send some that are due behind it.
            until_ns = min(until_ns, self._start_ns + self._drive.duration_ns - 1)
        return at + int(np.searchsorted(due_ns[at:most], until_ns, side="right"))

    def _wait(self, due_ns: int) -> None:
        """Take events while nothing is due."""
        self._tell()
        until_ns = due_ns - self._way.low_ns
        left_ns = min(until_ns - self._clock.now_ns(), WAIT_NS)
        if not self._receive(max(left_ns, 0)) and not self._way.low_ns:
            self._clock.wait_until(min(until_ns, self._clock.now_ns() + WAIT_NS))

    def _send(self, chunk: Commands, due_ns: Int64Array | None) -> None:
        """Hand the commands over, and take what the engine says meanwhile."""
        chunk["due_ns"] = NONE if due_ns is None else due_ns
        try:
            self._way.hand(chunk)
        finally:
            # What an engine said before it died has come all the same.
            self._receive(0)
        self._tell()

    def _hand_over(self, chunk: Commands) -> None:
        """Give the commands to their sessions in order."""
        self._sent += len(chunk)
        self._talk.say(chunk)
        self._sessions.send(chunk, lambda: self._receive(WAIT_NS))

    def _write(self, chunk: Commands) -> None:
        if self._out is not None:
            self._out.commands(chunk)

    def _receive(self, wait_ns: int) -> bool:
        """Take what the engine says; whether it said anything."""
        events = self._engine.poll(wait_ns)
        if len(events):
            events["received_ns"] = self._clock.now_ns()
        return self._keep(self._way.heard(events))

    def _keep(self, events: Events) -> bool:
        """Write events down; whether there are any."""
        if not len(events):
            return False
        ordered = self._talk.hear(events)
        if self._out is not None:
            self._out.events(events)
        else:
            self.kept.append(ordered)
        return True

    def _settle(self) -> None:
        """Wait until all that was sent is answered, or nothing came for so long; an engine that only talks is left in the end."""
        while self._way.is_waiting():
            self._receive(WAIT_NS)
        now_ns = self._clock.now_ns()
        last_ns, give_up_ns = now_ns, now_ns + MOST_TIMEOUTS * self._drive.answer_timeout_ns
        while not self._talk.has_all() and now_ns < min(last_ns + self._drive.answer_timeout_ns, give_up_ns):
            if self._context.stopped():
                return
            if receive_or_wait(self._clock, self._receive):
                last_ns = self._clock.now_ns()
            now_ns = self._clock.now_ns()

    def _snapshot(self) -> None:
        if self._out is None or not self._sent:
            return
        snapshot = self._engine.snapshot()
        if snapshot is not None:
            self._out.state(self._sent, snapshot.engine_seq, snapshot.rows)

    def _tell(self, *, force: bool = False) -> None:
        """Samples each second and progress ten times a second."""
        if self._out is None:
            return
        now_ns = self._clock.now_ns()
        if force or now_ns >= self._next_sample_ns:
            self._next_sample_ns = now_ns + SAMPLE_NS
            own = (("asked_commands", "sent_commands"), (self._ask.by(now_ns - self._start_ns), self._out.sent))
            read = [own, *((probe.columns, probe.read()) for probe in self._context.probes)]
            columns, values = (tuple(chain.from_iterable(parts)) for parts in zip(*read, strict=True))
            self._out.sample(now_ns, columns, values)
        if force or now_ns >= self._next_progress_ns:
            self._next_progress_ns = now_ns + PROGRESS_NS
            self._context.progress(Progress(self._sent, self._ask.in_all(), now_ns - self._start_ns))


def _repeat(drive: Drive, engine: Engine, context: Context, out: Journal, again: int) -> Status:
    """The same commands through an empty engine, unpaced, leaving a digest a block of commands; none of a pass that was cut."""
    engine.reset()
    # As many commands as the first pass, whatever bound ended that: another number would read as another answer.
    loop = _Loop(replace(drive, commands=out.sent, duration_ns=0), engine, context, None)
    status = loop.run(Unpaced())
    if status != "finished":
        return status
    events = np.concatenate([np.zeros(0, EVENT), *loop.kept], dtype=EVENT)
    for mark in repeat_marks(events, out.sent, again):
        out.repeat(mark)
    return status


INSTRUMENT = Drive
