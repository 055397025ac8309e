"""Says the lines of a row to an engine, one command at a time, and hears what each brings about.

An engine that gives orders ids of its own is followed: what it calls an order is learnt from its first answer, used towards it, and turned back,
so that the rest of what it does can be seen all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from harness.base.bits import copied
from harness.base.capabilities import Instrument
from harness.base.clock import Clock
from harness.base.notes import ExpectedEvent
from harness.base.reasons import Reason
from harness.base.records import NONE, Command, CommandKind, Event, EventKind, Events, commands_of, event_rows
from harness.evidence.conversation import Conversation
from harness.evidence.one_order import unsaid
from harness.flows._case_lines import command_of, expected_of
from harness.port import HEARD_OUT_NS, WAIT_NS, Engine, Sessions, receive_or_wait

PATIENCE_NS = 2_000_000_000
"""How long an answer may take."""
IMPATIENCE_NS = 100_000_000
"""The same of an engine that already left a command unanswered: it is one that leaves others so, too."""
QUIET_NS = 100_000_000
"""For how long nothing comes once a row is over, where the engine's book cannot be asked."""
MIDDLE = 100
"""The price of the rows that stands for the middle of an instrument's bounds."""
NAMED = ("order", "maker", "new_order", "price", "qty", "remaining")
"""What a row may say of an event."""
Row = TypeVar("Row", Command, Event)
_ABSENT = Event()


class Ground(NamedTuple):
    """What is traded and by whom."""

    instrument: Instrument
    accounts: tuple[int, ...]
    """What stands for account 1 and 2 of the rows."""

    def command(self, line: str, number: int) -> Command:
        """The line as a command on this ground."""
        row, account, _ = command_of(line)
        home = self.accounts[(account or 1) - 1]
        return _moved(self, row)._replace(number=number, account=home, session=home, instrument=self.instrument.id)

    def has(self, lines: tuple[str, ...]) -> bool:
        """Whether there are accounts enough for the lines."""
        return all((command_of(line).account or 1) <= len(self.accounts) for line in lines)

    def event(self, line: str) -> Event:
        """The line as an event on this ground; what it does not name is absent."""
        want: ExpectedEvent = expected_of(line)
        named = {name: value for name in NAMED if (value := getattr(want, name)) is not None}
        reason = Reason[want.reason.upper()] if want.reason else 0
        # A count of orders is no quantity.
        told = Event(kind=EventKind[want.kind.upper()], reason=reason, **named)
        return told if told.kind == EventKind.DONE else _moved(self, told)


@dataclass(slots=True)
class Heard:
    """A command, and what came of it, under the ids that the row gives."""

    command: Command
    events: list[Event] = field(default_factory=list)
    said: bool = True
    """Whether the wire can say it."""
    foreign: dict[int, int] = field(default_factory=dict)
    """The engine's own ids of the orders that it names, by those that they were sent under."""


class Talk:
    """One row's conversation with an empty engine."""

    def __init__(
        self, engine: Engine, clock: Clock, ground: Ground, patience_ns: int = PATIENCE_NS, *, asks_book: bool = False
    ) -> None:  # fmt: skip
        self._engine, self._clock, self._ground = engine, clock, ground
        self._sessions = Sessions(engine, clock, PATIENCE_NS, apart=engine.capabilities.accounts_apart)
        self._talk = Conversation(engine.capabilities)
        self._asks_book = asks_book
        """Whether the engine's book can be asked: what is told before it is all that there is."""
        self._ids: dict[int, int] = {}
        """The engine's own id of an order, by the one that it was sent under."""
        self.patience_ns = patience_ns
        self.heard: list[Heard] = []
        self.nowhere: list[Event] = []
        """What names no command that was sent."""

    def say(self, lines: tuple[str, ...]) -> None:
        """Send each line once the one before is answered, or its time is over.

        Raises:
            EngineError: it failed.
        """
        for line in lines:
            command = self._ground.command(line, len(self.heard) + 1)
            self.heard.append(Heard(command))
            sent = command._replace(target=self.named(command.target))
            commands = commands_of([sent])
            commands["sent_ns"] = commands["due_ns"] = self._clock.now_ns()
            self._talk.say(commands)
            self._sessions.send(commands, lambda: self._receive(WAIT_NS))
            self._answered()
            if self.nowhere:
                # What names no command is of the one before which it came.
                self._hear_out()
        self._hear_out()
        self._sessions.close()

    def _answered(self) -> None:
        """Wait until the command is answered, or its time is over."""
        give_up_ns = self._clock.now_ns() + self.patience_ns
        while not self._talk.has_all() and self._clock.now_ns() < give_up_ns:
            if receive_or_wait(self._clock, self._receive) and self.nowhere:
                # No answer that names no command will be known as one.
                return
        if not self._talk.has_all():
            self.patience_ns = IMPATIENCE_NS

    def _hear_out(self) -> None:
        """Take what is behind an answer; what comes later still is put to its command by its number."""
        if self._asks_book:
            self._engine.snapshot()
        quiet_ns = 0 if self._asks_book or self._engine.capabilities.answers_at_once else QUIET_NS
        begun_ns = since_ns = self._clock.now_ns()
        while self._receive(0) or self._clock.now_ns() - since_ns < quiet_ns:
            if self._clock.now_ns() - begun_ns > HEARD_OUT_NS:
                # It goes on for ever; what came shows that.
                return
            if receive_or_wait(self._clock, self._receive):
                since_ns = self._clock.now_ns()

    def named(self, order: int) -> int:
        """What the engine calls the order."""
        return self._ids.get(order, order)

    def _receive(self, wait_ns: int) -> bool:
        came: Events = self._engine.poll(wait_ns)
        if not len(came):
            return False
        came = copied(came)
        if self._engine.capabilities.may_leave_unsaid():
            for number in unsaid(came).tolist():
                self.heard[number - 1].said = False
        for event in event_rows(self._talk.hear(came)):
            self._place(event)
        return True

    def _place(self, event: Event) -> None:
        """Put it to the command that it names; what names none is of the last one, as far as can be told."""
        named = 0 < event.command <= len(self.heard)
        if not named:
            self.nowhere.append(event)
        heard = self.heard[event.command - 1 if named else -1]
        given = event.new_order if event.kind == EventKind.REPLACED else 0
        if event.kind == EventKind.ACCEPTED or (event.kind, heard.command.kind) == (
            EventKind.REJECTED,
            CommandKind.NEW,
        ):
            given = event.order
        if given not in (0, heard.command.order):
            self._ids[heard.command.order] = heard.foreign[heard.command.order] = given
        back = {theirs: ours for ours, theirs in self._ids.items()}
        names = {name: back.get(getattr(event, name), getattr(event, name)) for name in ("order", "maker", "new_order")}
        heard.events.append(event._replace(**names))


def effects(events: list[Event]) -> list[Event]:
    """What came about: without acknowledgements, each trade once, and the cancels of a mass cancel by their orders."""
    told = list(_once([event for event in events if event.kind not in (EventKind.ACCEPTED, EventKind.RESTED)]))
    done = next((at for at, event in enumerate(told) if event.kind == EventKind.DONE), 0)
    return sorted(told[:done], key=lambda event: event.order) + told[done:]


def are_sides(one: Event, other: Event) -> bool:
    """Whether two events that follow each other tell the two sides of one trade."""
    both = one.kind == other.kind == EventKind.TRADE
    return both and 0 != one.order != other.order != 0 and (one.price, one.qty) == (other.price, other.qty)


def agree(wanted: list[Event], came: list[Event]) -> bool:
    """Whether the events are those that are wanted, as far as they say; no reason is compared: venues have their own."""
    return len(wanted) == len(came) and all(map(_agree, wanted, came))


def _agree(want: Event, got: Event) -> bool:
    told = (name for name in NAMED if getattr(_ABSENT, name) not in (getattr(want, name), getattr(got, name)))
    return want.kind == got.kind and all(getattr(want, name) == getattr(got, name) for name in told)


def _once(events: list[Event]) -> Iterator[Event]:
    """Each trade as its taker's: in every row that is the order with the higher id."""
    at = 0
    while at < len(events):
        pair = events[at : at + 2]
        two = len(pair) == 2 and are_sides(*pair)
        yield max(pair, key=lambda event: event.order) if two else pair[0]
        at += 1 + two


def ticks(traded: Instrument, price: int) -> int:
    """A price of the rows within the bounds of what is traded."""
    middle = (traded.price_min + traded.price_max) // 2 // traded.price_step * traded.price_step
    return middle + (price - MIDDLE) * traded.price_step


def _moved(ground: Ground, row: Row) -> Row:
    """A command or an event of the rows, in the prices and quantities of the instrument."""
    traded = ground.instrument
    moved = {}
    for name in ("price", "stop", "qty", "min_qty", "remaining"):
        value = getattr(row, name, NONE)
        if value != NONE and name in ("price", "stop"):
            moved[name] = ticks(traded, value)
        elif value != NONE:
            moved[name] = value * traded.qty_min
    return row._replace(**moved)
