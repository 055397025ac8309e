"""What the probes of controls are written with: a play has accounts, a firm and instruments of its own, so that no play disturbs another.

A play is what one probe does in one round. What it declares for itself and the commands that it sends are written side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, NamedTuple

from harness.base.capabilities import Instrument
from harness.base.controls import AccountControls, Controls, FirmControls, InstrumentControls, Rate
from harness.base.records import NONE, Command, CommandKind, OrderType, Side, TimeInForce, command_rows, empty_commands

NUMBERS = 10
"""Accounts and instruments that a play has for itself; the firm's number is that of its first account."""
FREE = (1, 2)
"""Accounts without limits, with whom all trade."""
PERSON = 9_001
PRICE = 1_000
"""Around which all happens."""
LONG_NS = 3_600_000_000_000
"""A window that no run outlasts."""
_ABSENT = command_rows(empty_commands(1))[0]


class Declared(NamedTuple):
    """What a play declares for itself, by the numbers of its desk."""

    accounts: tuple[AccountControls, ...] = ()
    firm: FirmControls | None = None
    instruments: tuple[InstrumentControls, ...] = ()


class Desk:
    """Where one play is written."""

    def __init__(self, place: int, turn: int, ids: count[int]) -> None:
        self.first = (place + 1) * NUMBERS
        """The play's first account, its firm and its first instrument."""
        self.turn = turn
        """In which round it is."""
        self._ids = ids
        self._sent = 0
        self.side = Side.BUY if turn % 2 == 0 else Side.SELL
        """The side that the play is about; half of them are about each."""
        self.other = Side.SELL if turn % 2 == 0 else Side.BUY

    def account(self, at: int = 0) -> int:
        return self.first + at

    def instrument(self, at: int = 0) -> int:
        return self.first + at

    def better(self, ticks: int) -> int:
        """A price by so many ticks better for the play's side to sell or buy at: farther from the other side."""
        return PRICE - ticks if self.side == Side.BUY else PRICE + ticks

    def new(self, qty: int, price: int = PRICE, *, at: int = 0, **more: Any) -> Command:
        """A new limit order of the play's account and side; any field may be given."""
        fields: dict[str, Any] = {
            "kind": CommandKind.NEW, "order": next(self._ids), "price": price, "qty": qty, "side": self.side,
            "type": OrderType.LIMIT, "tif": TimeInForce.DAY, "account": self.account(at), "instrument": self.instrument(),
        }  # fmt: skip
        return self._sent_by(fields | more)

    def market(self, qty: int, **more: Any) -> Command:
        return self.new(qty, NONE, **({"type": OrderType.MARKET, "tif": TimeInForce.IOC} | more))

    def stop(self, qty: int, stop: int, **more: Any) -> Command:
        return self.new(qty, NONE, **({"type": OrderType.STOP, "stop": stop} | more))

    def meets(self, qty: int, price: int = PRICE, **more: Any) -> Command:
        """An order of a free account on the other side."""
        return self.new(qty, price, **({"account": FREE[0], "side": self.other} | more))

    def prints(self, qty: int, price: int, **more: Any) -> tuple[Command, Command]:
        """Two free accounts trade, where nothing better stands."""
        first = self.new(qty, price, **({"account": FREE[0], "side": Side.SELL} | more))
        return first, self.new(qty, price, **({"account": FREE[1], "side": Side.BUY} | more))

    def replace(self, order: Command, qty: int, price: int = PRICE, **more: Any) -> Command:
        fields: dict[str, Any] = {
            "kind": CommandKind.REPLACE, "order": next(self._ids), "target": order.order, "price": price, "qty": qty,
            "account": order.account, "instrument": order.instrument,
        }  # fmt: skip
        return self._sent_by(fields | more)

    def cancel(self, order: Command, qty: int = NONE) -> Command:
        return self._sent_by({
            "kind": CommandKind.CANCEL, "order": next(self._ids), "target": order.order, "qty": qty,
            "account": order.account, "instrument": order.instrument,
        })  # fmt: skip

    def sweep(self, account: int, instrument: int = 0) -> Command:
        """A mass cancel of an account's orders."""
        return self._sent_by({"kind": CommandKind.MASS_CANCEL, "account": account, "instrument": instrument})

    def asks(self, kind: CommandKind, **fields: Any) -> Command:
        """What an operator asks; the person is there unless another is named."""
        return _ABSENT._replace(**({"kind": int(kind), "order": PERSON, "session": 0} | fields))

    def _sent_by(self, fields: dict[str, Any]) -> Command:
        """Sessions take turns by four, as the senders of one firm do."""
        self._sent += 1
        return _ABSENT._replace(**({"session": 1 + self._sent % 4} | fields))


Play = Callable[[Desk], Iterator[Command]]
Declares = Callable[[Desk], Declared]


class Probe(NamedTuple):
    """One control, and how it is run into."""

    control: str
    """Which of `Capabilities.controls` it is about."""
    declares: Declares
    play: Play


def rate(most: int) -> Rate:
    """A limit within a window that no run outlasts."""
    return Rate(most=most, window_ns=LONG_NS)


def controls_of(declared: list[Declared]) -> Controls:
    """All that the plays declare, and the accounts without limits."""
    free = tuple(AccountControls(account=number, firm=1) for number in FREE)
    return Controls(
        accounts=(*free, *(account for one in declared for account in one.accounts)),
        firms=tuple(one.firm for one in declared if one.firm),
        instruments=tuple(instrument for one in declared for instrument in one.instruments),
    )


def instruments_of(places: int) -> tuple[Instrument, ...]:
    """Two a play."""
    numbers = [(place + 1) * NUMBERS + at for place in range(places) for at in (0, 1)]
    return tuple(
        Instrument(id=number, symbol=f"PROBE{number}", price_max=10 * PRICE, qty_max=1_000) for number in numbers
    )
