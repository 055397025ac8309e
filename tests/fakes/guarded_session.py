"""Talks to a guarded engine in lines of text and as an operator, under a clock that is turned by hand."""

from __future__ import annotations

from engines.guarded.engine import GuardedEngine
from harness.base.capabilities import Conventions, Instrument, RiskLimits
from harness.base.controls import AccountControls, Controls, FirmControls, InstrumentControls
from harness.base.reasons import reason_name
from harness.base.records import CommandKind, Event, EventKind, command_rows, commands_of, empty_commands, event_rows
from harness.base.words import say_event
from tests.fakes.clock import FakeClock
from tests.fakes.lines import commands

INSTRUMENTS = (
    Instrument(id=1, symbol="ONE", price_min=-1_000, price_max=1_000, qty_max=100),
    Instrument(id=2, symbol="TWO", price_max=2**62, qty_max=2**40, risk=RiskLimits(reference_price=50)),
)
_ABSENT = command_rows(empty_commands(1))[0]
_REFUSALS = (EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)
PERSON = 77


class GuardedSession:
    """A guarded engine of two instruments, and everybody who talks to it."""

    def __init__(self, controls: Controls, build: type[GuardedEngine] = GuardedEngine, **conventions: str) -> None:
        self.clock = FakeClock()
        self.engine = build(INSTRUMENTS, Conventions(**conventions), controls, self.clock.now_ns)

    def rows(self, lines: str, session: int | None = None) -> list[Event]:
        """The events that answer the lines; each comes on the session of its account's number unless one is named."""
        asked = commands(lines)
        if session is not None:
            asked = [command._replace(session=session) for command in asked]
        return event_rows(self.engine.submit(commands_of(asked)))

    def says(self, lines: str) -> str:
        """The events that answer the lines, in words, parted by semicolons."""
        return "; ".join(map(say_event, self.rows(lines)))

    def refusal(self, lines: str, session: int | None = None) -> str:
        """The reason by which the last of the lines is refused, in words; empty where it is not."""
        return _refusal(self.rows(lines, session))

    def asks(self, word: str, **fields: int) -> list[Event]:
        """What is said to an operator, whom the command names unless it names another."""
        named = {"order": PERSON, **fields}
        command = _ABSENT._replace(number=1, kind=CommandKind[word.upper()], **named)
        return event_rows(self.engine.submit(commands_of([command])))

    def told(self, word: str, **fields: int) -> str:
        """The same, in words."""
        return "; ".join(map(say_event, self.asks(word, **fields)))

    def denial(self, word: str, **fields: int) -> str:
        """The reason by which an operator is refused, in words; empty where it is not."""
        return _refusal(self.asks(word, **fields))

    def book(self) -> str:
        """The live orders in the order they stand: price, id x quantity; a waiting stop has a @ at its price."""
        return "; ".join(
            f"{('B', 'S', 'B@', 'S@')[side]}{price} #{order}x{remaining}"
            for _, side, price, _, order, remaining in self.engine.snapshot().tolist()
        )


def account(number: int = 1, **limits: object) -> AccountControls:
    """An account of firm 1, unless it is said otherwise."""
    return AccountControls(account=number, **limits)


def open_to(*more: AccountControls | FirmControls | InstrumentControls) -> GuardedSession:
    """A guarded engine with these controls, where accounts 8 and 9 of firm 9 may trade without a limit."""
    accounts = {8: AccountControls(account=8, firm=9), 9: AccountControls(account=9, firm=9)}
    accounts |= {one.account: one for one in more if isinstance(one, AccountControls)}
    return GuardedSession(
        Controls(
            accounts=tuple(accounts.values()),
            firms=tuple(one for one in more if isinstance(one, FirmControls)),
            instruments=tuple(one for one in more if isinstance(one, InstrumentControls)),
        )
    )


def _refusal(events: list[Event]) -> str:
    last = events[-1]
    return reason_name(last.reason) if last.kind in _REFUSALS else ""
