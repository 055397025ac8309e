"""What is drawn of a command before the book says what it comes to: prices by where they lie, orders by how many are newer.

So the same draw fits any instrument and any book, and a sequence can be shortened without losing its sense. Each kind of wish is one rule
of the state machine, which tries some of the rules in each example.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from hypothesis import strategies as st

from harness.base.capabilities import Capabilities, Instrument
from harness.base.records import (
    NONE,
    Command,
    CommandKind,
    Flag,
    OrderType,
    Side,
    TimeInForce,
    command_rows,
    empty_commands,
)
from harness.flows._odd import MOST, ODD, ODD_FROM, among, odd_prices, odd_quantities
from harness.flows._swarm import center
from harness.instruments._seen import Book

ACCOUNTS_MAX = 3


class View(NamedTuple):
    """What a wish is seen against."""

    instruments: tuple[Instrument, ...]
    """Those in use, in this example."""
    book: Book
    asked: list[Command]
    session: int = 1
    """By which the next command goes."""

    def at(self, home: int) -> Instrument:
        """An instrument by its place."""
        return self.instruments[home % len(self.instruments)]

    def named(self, back: int, *, stale: bool) -> Command:
        """A command that brought an order, by how many are newer, of those that are live or of all; if need be one never sent."""
        brought = [one for one in self.asked if one.kind in {CommandKind.NEW, CommandKind.REPLACE}]
        known = brought if stale else [one for one in brought if self.book.find(one.order)]
        return (
            known[-1 - back % len(known)] if known else _ABSENT._replace(order=1, account=1, instrument=self.at(0).id)
        )


class Wish(Protocol):
    """What a rule draws."""

    def command(self, view: View) -> Command:
        """The command that it comes to."""
        ...


@dataclass(frozen=True, slots=True)
class Spot:
    """A price: how many steps further than where something lies, towards what it would trade with; or an odd one."""

    anchor: str
    steps: int

    def price(self, instrument: Instrument, side: int, book: Book) -> int:
        """The price of a side."""
        if self.anchor == "odd":
            return among(odd_prices(instrument), ODD - self.steps)
        sides = {"own": side, "other": 1 - side}
        known = book.best(instrument.id, sides[self.anchor]) if self.anchor in sides else book.last_trade(instrument.id)
        towards = 1 if side == Side.BUY else -1
        return (center(instrument) if known is None else known) + towards * self.steps * instrument.price_step


@dataclass(frozen=True, slots=True)
class Order:
    """A new order."""

    home: int
    account: int
    side: int
    price: Spot
    size: int
    """So much more than the least; from ODD_FROM on an odd quantity."""
    type: OrderType = OrderType.LIMIT
    tif: TimeInForce = TimeInForce.DAY
    flags: Flag = Flag.NONE
    stop: Spot = Spot("last", 0)
    least: int = NONE
    again: int = -1
    """Which id is used again, by how many orders are newer; -1: one of its own."""

    def command(self, view: View) -> Command:
        """The order at its price."""
        instrument = view.at(self.home)
        stops = self.type in {OrderType.STOP, OrderType.STOP_LIMIT}
        priced = self.type in {OrderType.LIMIT, OrderType.STOP_LIMIT}
        price = self.price.price(instrument, self.side, view.book) if priced else NONE
        own = len(view.asked) + 1
        return _command(
            view, CommandKind.NEW, order=own if self.again < 0 else view.named(self.again, stale=self.again % 2 > 0).order,
            account=self.account, instrument=instrument.id, side=self.side, type=self.type, tif=self.tif, flags=self.flags,
            price=price, stop=self.stop.price(instrument, self.side, view.book) if stops else NONE,
            qty=_quantity(self.size, instrument, price), min_qty=self.least,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Same:
    """The same new order once more, with an id of its own."""

    back: int

    def command(self, view: View) -> Command:
        """The order that is meant; before there was one, an order without any terms."""
        sent = [one for one in view.asked if one.kind == CommandKind.NEW] or [
            _command(view, CommandKind.NEW, instrument=view.at(0).id)
        ]
        return sent[-1 - self.back % len(sent)]._replace(order=len(view.asked) + 1, session=view.session)


@dataclass(frozen=True, slots=True)
class Cancel:
    """A cancel of an order, or of a part of it."""

    back: int
    qty: int = NONE
    stale: bool = False
    account: int = 0
    """Who asks; 0: its owner."""

    def command(self, view: View) -> Command:
        """The cancel of the order that is meant."""
        one = view.named(self.back, stale=self.stale)
        account = self.account or one.account
        return _command(
            view, CommandKind.CANCEL, order=one.order, target=one.order, account=account, instrument=one.instrument, qty=self.qty
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Replace:
    """A replace by another price and quantity; None: as they were sent."""

    back: int
    price: Spot | None
    size: int | None
    keeps: bool
    """Whether it keeps its id."""
    stale: bool = False
    account: int = 0

    def command(self, view: View) -> Command:
        """The replace of the order that is meant."""
        one = view.named(self.back, stale=self.stale)
        instrument = next(known for known in view.instruments if known.id == one.instrument)
        order = view.book.find(one.order)
        side = order.side if order else Side.BUY
        price = one.price if self.price is None else self.price.price(instrument, side, view.book)
        return _command(
            view, CommandKind.REPLACE, target=one.order, order=one.order if self.keeps else len(view.asked) + 1,
            account=self.account or one.account, instrument=one.instrument, price=price,
            qty=one.qty if self.size is None else _quantity(self.size, instrument, price),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MassCancel:
    """A cancel of what belongs to an account, an instrument, a side, or to any."""

    account: int
    home: int | None
    side: int

    def command(self, view: View) -> Command:
        """The mass cancel."""
        instrument = 0 if self.home is None else view.at(self.home).id
        return _command(view, CommandKind.MASS_CANCEL, account=self.account, instrument=instrument, side=self.side)


def wishes(capabilities: Capabilities) -> dict[str, st.SearchStrategy[Wish]]:
    """A strategy for each rule that fits the engine."""
    offered = capabilities.offered()
    day = {} if "day" in offered else {"tif": st.just(_first_tif(offered))}
    rules: dict[str, tuple[str, st.SearchStrategy[Wish]]] = {
        "rest": ("", _orders(_passive, **day)),
        "cross": ("", _orders(_crossing, **day)),
        "gtc": ("gtc", _orders(_passive, tif=st.just(TimeInForce.GTC))),
        "ioc": ("ioc", _orders(_crossing, tif=st.just(TimeInForce.IOC))),
        "fok": ("fok", _orders(_crossing, tif=st.just(TimeInForce.FOK))),
        "post": ("post_only", _orders(_passive, flags=st.just(Flag.POST_ONLY), **day)),
        "least": ("min_qty", _orders(_crossing, least=st.integers(0, 6), **day)),
        "market": ("market", _orders(_crossing, type=st.just(OrderType.MARKET), **day)),
        "stop": ("stop", _orders(_passive, type=st.just(OrderType.STOP), stop=_stops, **day)),
        "stop_limit": ("stop_limit", _orders(_crossing, type=st.just(OrderType.STOP_LIMIT), stop=_stops, **day)),
        "odd": ("", _orders(_odd, size=st.integers(ODD_FROM, ODD), again=st.integers(-1, 3), **day)),
        "same": ("", st.builds(Same, _back)),
        "cancel": ("cancel", st.builds(Cancel, _back)),
        "reduce": ("cancel", st.builds(Cancel, _back, qty=st.sampled_from((1, 2, 3, 5, MOST, 0)))),
        "cancel_wrongly": ("cancel", st.builds(Cancel, _back, stale=st.booleans(), account=_accounts)),
        "replace": ("replace", st.builds(Replace, _back, _passive, _size, st.booleans())),
        "replace_across": ("replace", st.builds(Replace, _back, _crossing, _size, st.booleans())),
        "replace_down": ("replace", st.builds(Replace, _back, st.none(), st.just(0) | st.none(), st.booleans())),
        "replace_wrongly": (
            "replace",
            st.builds(Replace, _back, _odd, st.integers(ODD_FROM, ODD), st.booleans(), st.booleans(), _accounts),
        ),
        "mass_cancel": (
            "mass_cancel",
            st.builds(MassCancel, st.integers(0, 2), st.none() | _home, st.sampled_from((Side.NONE, Side.BUY, Side.SELL))),
        ),
    }  # fmt: skip
    return {name: strategy for name, (need, strategy) in rules.items() if not need or need in offered}


def _orders(price: st.SearchStrategy[Spot], **more: st.SearchStrategy[object]) -> st.SearchStrategy[Wish]:
    sides = st.sampled_from((Side.BUY, Side.SELL))
    return st.builds(
        Order, **{"home": _home, "account": _accounts, "side": sides, "price": price, "size": _size, **more}
    )


def _quantity(size: int, instrument: Instrument, price: int) -> int:
    return instrument.qty_min + size if size < ODD_FROM else among(odd_quantities(instrument, price), size)


def _first_tif(offered: frozenset[str]) -> TimeInForce:
    """What stands in for day where that is not offered."""
    return next((tif for tif in TimeInForce if tif.name.lower() in offered), TimeInForce.DAY)


def _command(view: View, kind: CommandKind, **fields: int) -> Command:
    named = {name: int(value) for name, value in fields.items()}
    return _ABSENT._replace(kind=int(kind), session=view.session, **named)


def absent() -> Command:
    """A command that says nothing yet."""
    return _ABSENT


_home = st.integers(0, 3)
_accounts = st.integers(1, ACCOUNTS_MAX)
_back = st.integers(0, 15)
_size = st.integers(0, 5)
_passive = st.builds(Spot, st.sampled_from(("last", "own")), st.integers(-3, 0))
_crossing = st.builds(Spot, st.sampled_from(("other", "last")), st.integers(0, 3))
_stops = st.builds(Spot, st.sampled_from(("last", "other")), st.integers(-2, 3))
_odd = st.builds(Spot, st.sampled_from(("odd", "other", "own")), st.integers(0, 20))
_ABSENT = command_rows(empty_commands(1))[0]
