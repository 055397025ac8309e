"""`gonogo doctor --engine`: tries an engine row by row, on an empty book each time.

A short battery, not a verdict: it is for whoever writes an adapter, before the first run. What is seen is held against what is
declared; whether an engine is right under load, over time and in corners is for `gonogo run` to find out.
"""

from __future__ import annotations

from harness.base.capabilities import Conventions, Instrument
from harness.base.clock import Clock, MonotonicClock
from harness.base.errors import EngineError, MisspokeError, SetupError
from harness.base.records import EventKind
from harness.base.words import say_command, say_events
from harness.compose.plugs import EngineChoice
from harness.conformance.readings import is_undeclared, note_habits, note_row
from harness.conformance.rows import ROWS, Row, with_kept_ids
from harness.conformance.seen import Seen, Told, Whose
from harness.conformance.talk import PATIENCE_NS, Ground, Talk
from harness.conformance.wire.battery import Battery as WireBattery
from harness.port import Engine

ASKED = Instrument(id=1, symbol="DOCTOR", price_min=1, price_max=199, qty_max=1000)
FAILURES_MOST = 3
"""After so many failures nothing more is tried: each costs a start, and most have one cause."""
_RESTING = ("new sell 101 x 5 #1", "new sell 100 x 4 #2", "new sell 101 x 3 #3", "new buy 99 x 2 #4")


def examine(choice: EngineChoice, conventions: Conventions | None = None) -> tuple[Engine, Seen]:
    """Try every row on the engine, under its own conventions unless others are asked for; it is stopped then.

    Raises:
        SetupError: it cannot be built, or does not say what it offers or trades.
    """
    engine = choice.engine((ASKED,), conventions)
    logins = choice.file.session if choice.file else []
    own = tuple(login.account for login in logins if login.account is not None)
    if not engine.instruments:
        raise SetupError(f"the engine {engine.name} declares no instrument; wanted one that it trades")
    traded = engine.instruments[0]
    battery = Battery(engine, Ground(traded, own or traded.risk.accounts or (1, 2)), MonotonicClock())
    # One that runs already is only connected to: it cannot be emptied by starting it again.
    starts = choice.file is None or bool(choice.file.ways)
    try:
        battery.run(can_be_emptied=starts or engine.capabilities.reset == "call")
    finally:
        engine.stop(graceful=False)
    return engine, battery.seen


class Battery:
    """All rows, one after the other, and what they have shown so far."""

    def __init__(self, engine: Engine, ground: Ground, clock: Clock) -> None:
        self._engine, self._ground, self._clock = engine, ground, clock
        self._patience_ns = PATIENCE_NS
        self._runs = False
        self._asks_book = False
        self._failures = 0
        self.seen = Seen()

    def run(self, *, can_be_emptied: bool) -> None:
        """Try what can be tried."""
        if self._starts():
            self._run_by_commands(can_be_emptied=can_be_emptied)
            self._run_by_wire()

    def _run_by_commands(self, *, can_be_emptied: bool) -> None:
        self._try(ROWS[0])
        if not self.seen.takes_orders:
            self._tell(Told("note", "the rest", "not tried: an engine that takes no order shows no more; what is traded and by whom say [[instrument]] and [[session]] of engine.toml"))  # fmt: skip
            return
        if not can_be_emptied:
            self._tell(Told("note", "the rest", "not tried: it runs already and cannot be emptied"))
            return
        self._reset()
        self._book()
        for row in ROWS[1:]:
            if set(row.needs) <= self.seen.known() and self._failures < FAILURES_MOST:
                self._try(row)
        note_habits(self.seen)
        if self._failures >= FAILURES_MOST:
            self._tell(Told("note", "the rest", f"not tried: it failed {FAILURES_MOST} times"))

    def _run_by_wire(self) -> None:
        """Hold the rules of its wire against it, where it speaks one of those: on one start, and without the adapter's own sessions."""
        try:
            if not self._runs:
                self._engine.start()
            if not self._engine.doors():
                return
            self._engine.stop(graceful=False)
            self._engine.start()
            self.seen.by_wire += WireBattery(self._engine.doors()).run()
        except EngineError as error:
            self._tell(Told("note", "the rest", f"not tried: it does not start again: {error}"))

    def _starts(self) -> bool:
        try:
            self._engine.start()
        except EngineError as error:
            self._tell(Told("wrong", "start", str(error), whose=_whose(error)))
            return False
        self._runs = True
        self._tell(Told("ok", "start", f"{self._engine.name} {self._engine.version}"))
        return True

    def _try(self, row: Row) -> None:
        if not self._ground.has(row.sent):
            self._tell(Told("note", row.name, "not tried: it needs two accounts, and there is one"))
            return
        forgiven = is_undeclared(row, self._engine.capabilities)
        talk = self._said(row.name, row.sent, forgiven=forgiven)
        kept = with_kept_ids(row)
        if talk is not None and kept != row and not all(heard.said for heard in talk.heard):
            row, talk = kept, self._said(kept.name, kept.sent, forgiven=forgiven)
        if talk is not None:
            note_row(row, talk.heard, self._ground, self._engine, self.seen)

    def _said(self, what: str, lines: tuple[str, ...], *, forgiven: bool = False) -> Talk | None:
        """The conversation about these lines; None if the engine failed in it, which is told."""
        talk = Talk(self._engine, self._clock, self._ground, self._patience_ns, asks_book=self._asks_book)
        try:
            self._empty()
            talk.say(lines)
        except EngineError as error:
            self._failures += 1
            self._runs = False
            last = talk.heard[-1] if talk.heard else None
            sent = say_command(last.command) if last else "a request to be empty"
            self._tell(Told("note" if forgiven else "wrong", what, str(error), _whose(error), sent, say_events(last.events) if last else "nothing", "an answer"))  # fmt: skip
            return None
        self._patience_ns = talk.patience_ns
        return talk

    def _empty(self) -> None:
        if self._runs and self.seen.resets and self._engine.capabilities.reset != "none":
            self._engine.reset()
        else:
            self._engine.stop(graceful=False)
            self._engine.start()
            self._runs = True

    def _book(self) -> None:
        """Whether the book that can be asked is the one that the events told of."""
        if "snapshot" not in self._engine.capabilities.book or not (talk := self._said("book", _RESTING)):
            return
        try:
            found = self._engine.snapshot()
        except EngineError as error:
            self._runs, self.seen.keeps_book = False, False
            self._tell(Told("wrong", "book", str(error), _whose(error), "a request for the book", "", "the orders that rest"))  # fmt: skip
            return
        (far, near, behind, buy) = (heard.command for heard in talk.heard)
        places = ((buy, 0, 0), (near, 1, 0), (far, 1, 0), (behind, 1, 1))
        wanted = [
            (one.instrument, side, one.price, place, talk.named(one.order), one.qty) for one, side, place in places
        ]
        came = None if found is None else [tuple(row) for row in found.rows.tolist()]
        self.seen.keeps_book = self._asks_book = came == wanted
        form = "(instrument, side, price, place, order, what is open)"
        if came == wanted:
            self._tell(Told("ok", "book", "what can be asked for is what the events told of"))
        else:
            sent = "\n".join(say_command(heard.command) for heard in talk.heard)
            self._tell(Told("wrong", "book", f"the book is not the one that the events told of, as {form}", "adapter", sent, str(came), str(wanted)))  # fmt: skip

    def _reset(self) -> None:
        """Whether nothing is left of an order once the engine was emptied by call; else it is started anew from here on."""
        if self._engine.capabilities.reset != "call" or not self._said("reset", _RESTING[:1]):
            return
        if talk := self._said("reset", ("cancel #1",)):
            heard = talk.heard[0]
            self.seen.resets = all(event.kind != EventKind.CANCELED for event in heard.events)
            if self.seen.resets:
                self._tell(Told("ok", "reset", "nothing is left of an order from before"))
            else:
                self._tell(Told("wrong", "reset", "an order from before a reset is still there", "adapter", say_command(heard.command), say_events(heard.events), "cancel_rejected"))  # fmt: skip

    def _tell(self, told: Told) -> None:
        self.seen.told.append(told)


def _whose(error: BaseException | None) -> Whose:
    """A line or an answer that is none of the protocol is of whoever speaks for the engine; all else is the engine's."""
    while error is not None:
        if isinstance(error, MisspokeError):
            return "adapter"
        error = error.__cause__
    return "engine"
