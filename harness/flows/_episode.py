"""An episode of the explored flow from bytes: any bytes give a valid one, and nearby bytes give nearby ones.

So a seed can draw episodes, and a tool that varies or shrinks bytes can look for one that an engine gets wrong. The first bytes tell
the swarm, then come COMMAND_BYTES for each command, one byte a choice. An order's id follows from the place of its command, and a cancel
names an order by how far back it stands, so that another byte in one command leaves most of the others what they were. An episode ends
by canceling all, so that the next begins on an empty book.
"""

from __future__ import annotations

from typing import NamedTuple

from harness.base.capabilities import OF_ANY_ACCOUNT, Instrument
from harness.base.records import (
    NONE,
    Command,
    CommandKind,
    Commands,
    Flag,
    OrderType,
    Side,
    TimeInForce,
    command_rows,
    commands_of,
    empty_commands,
)
from harness.flows._belief import Belief, Sent
from harness.flows._odd import MOST, ODD, ODD_FROM, among, odd_prices, odd_quantities
from harness.flows._swarm import HEADER_BYTES, TYPES, Market, Swarm, center, swarm_of

COMMAND_BYTES = 8
"""One byte each: act, parties, price, quantity, terms, stop price, which order is named, and the id."""
COMMANDS_MAX = 400
STRANGER = 4_000_000_000
"""No account and no instrument is this one."""
NO_SIDE = 2
HIGHEST = 2**64 - 1
BACK = 32
"""A command names one of the last so many orders, or what lies before them."""
STEPS = 224
"""Lower bytes tell so many prices and quantities apart; those above may be odd."""


class Choices(NamedTuple):
    """The bytes of one command."""

    act: int
    parties: int
    price: int
    qty: int
    terms: int
    stop: int
    target: int
    order: int


def episode(data: bytes, market: Market, first: int = 1) -> Commands:
    """The episode that the bytes tell; its ids are from `first` on, unless the swarm says otherwise."""
    header = data[:HEADER_BYTES].ljust(HEADER_BYTES, b"\0")
    count = min(max(len(data) - HEADER_BYTES, 0) // COMMAND_BYTES, COMMANDS_MAX)
    decoder = _Decoder(swarm_of(header, market), market, first)
    for at in range(HEADER_BYTES, HEADER_BYTES + count * COMMAND_BYTES, COMMAND_BYTES):
        decoder.add(Choices(*data[at : at + COMMAND_BYTES]))
    return commands_of([*decoder.commands, *decoder.ending()])


class _Decoder:
    """The commands so far, and what is believed of them."""

    def __init__(self, swarm: Swarm, market: Market, first: int) -> None:
        self._swarm = swarm
        self._market = market
        self._first = 1 if "ids_from_one" in swarm.on else first
        if "high_ids" in swarm.on:
            self._first = HIGHEST - COMMANDS_MAX
        self._belief = Belief()
        self.commands: list[Command] = []

    def add(self, choices: Choices) -> None:
        """One command more; where nothing is there to be named, a new order."""
        act = self._swarm.acts[choices.act * len(self._swarm.acts) // 256]
        if act in TYPES:
            self._new(choices, OrderType[act.upper()])
        elif act == "mass":
            self._mass_cancel(choices)
        elif not self._belief:
            self._new(choices, OrderType.LIMIT)
        elif act in {"cancel", "reduce"}:
            self._cancel(choices, whole=act == "cancel")
        else:
            self._replace(choices, same=act == "same")

    def ending(self) -> list[Command]:
        """What cancels all, as far as the engine lets it be canceled."""
        if {"mass_cancel", OF_ANY_ACCOUNT} <= self._market.offered:
            return [_command(CommandKind.MASS_CANCEL)]
        if "cancel" not in self._market.offered:
            return []
        # Any order that was sent may be live: what is believed is no more than that.
        homes = dict.fromkeys((sent.order, sent.account, sent.instrument) for sent in self._belief.sent.values())
        return [
            _command(CommandKind.CANCEL, order=order, target=order, account=account, instrument=instrument)
            for order, account, instrument in homes
        ]

    # The kinds of command.

    def _new(self, choices: Choices, order_type: OrderType) -> None:
        number, side = self._instrument(choices.parties), choices.parties & 1
        instrument = self._known(number)
        price = self._price(instrument, side, choices.price) if order_type in _PRICED else NONE
        qty = self._quantity(instrument, price, choices.qty)
        # A stop price that belongs to no stop must be refused.
        stray = "odd_stops" in self._swarm.on and choices.stop == ODD
        stop = self._stop(instrument, choices.stop) if order_type in _STOPS or stray else NONE
        tif = self._swarm.tifs[choices.terms % len(self._swarm.tifs)]
        self._say(
            CommandKind.NEW, order=self._id(choices.order), account=self._account(choices.parties), instrument=number,
            side=NO_SIDE if "strangers" in self._swarm.on and choices.parties == ODD else side, type=order_type, price=price,
            qty=qty, stop=stop, tif=tif, **self._terms(choices.terms, order_type, tif, qty),
        )  # fmt: skip
        asked = self.commands[-1]
        rests = order_type != OrderType.MARKET and tif not in _IMMEDIATE
        self._remember(Sent(asked.order, asked.account, number, asked.side, price, qty, stop, rests))

    def _cancel(self, choices: Choices, *, whole: bool) -> None:
        place, named = self._named(choices)
        qty = NONE if whole else self._part(choices.qty, named.qty)
        self._say(
            CommandKind.CANCEL, order=named.order, target=named.order, account=named.account,
            instrument=named.instrument, qty=qty,
        )  # fmt: skip
        if whole and named == self._belief.sent[place]:
            self._belief.lose_all(place)
        elif qty > 0 and named == self._belief.sent[place]:
            self._belief.lose(place, qty)

    def _replace(self, choices: Choices, *, same: bool) -> None:
        place, named = self._named(choices)
        instrument = self._known(named.instrument)
        price = named.price if same else self._price(instrument, named.side, choices.price)
        qty = named.qty if same else self._quantity(instrument, price, choices.qty)
        # An order that keeps its id and one that gets another are two ways through an engine.
        order = named.order if choices.order < ODD_FROM // 2 else self._id(choices.order)
        self._say(
            CommandKind.REPLACE, target=named.order, order=order, account=named.account, instrument=named.instrument,
            price=price, qty=qty,
        )  # fmt: skip
        if named == self._belief.sent[place] and named.stop == NONE:
            self._belief.lose_all(place)
            self._remember(named._replace(order=order, price=price, qty=qty))

    def _mass_cancel(self, choices: Choices) -> None:
        """Of one or any account, where the engine lets it be any, instrument and side."""
        of_one = choices.target & 1 or OF_ANY_ACCOUNT not in self._market.offered
        account = self._account(choices.parties) if of_one else 0
        instrument = self._instrument(choices.parties) if choices.target & 2 else 0
        side = choices.parties & 1 if choices.target & 4 else int(Side.NONE)
        self._say(CommandKind.MASS_CANCEL, account=account, instrument=instrument, side=side)
        self._belief.mass_cancel(account, instrument, side)

    def _say(self, kind: CommandKind, **fields: int) -> None:
        self.commands.append(_command(kind, **fields))

    def _remember(self, sent: Sent) -> None:
        """The order that the last command sent, unless it is one that must be refused."""
        bounds = self._known(sent.instrument)
        good_qty = bounds.qty_min <= sent.qty <= bounds.qty_max
        good_price = sent.price == NONE or bounds.price_min <= sent.price <= bounds.price_max
        place = len(self.commands) - 1
        self._belief.send(place, sent if good_qty and good_price else sent._replace(qty=0))

    # What a byte says.

    def _account(self, parties: int) -> int:
        bits = parties >> 1 & 7
        if "nobody" in self._swarm.on and bits == 7:
            return 0
        if "strangers" in self._swarm.on and bits == 6:
            return STRANGER
        return 1 + bits % self._swarm.accounts

    def _instrument(self, parties: int) -> int:
        bits = parties >> 4
        if "strangers" in self._swarm.on and bits == 14:
            return STRANGER
        return self._swarm.instruments[bits % len(self._swarm.instruments)].id

    def _known(self, number: int) -> Instrument:
        """The instrument of this number; for a stranger, which has no bounds, the first one."""
        return next((one for one in self._swarm.instruments if one.id == number), self._swarm.instruments[0])

    def _price(self, instrument: Instrument, side: int, byte: int) -> int:
        """Around the center, or anywhere that the bounds and the collar allow."""
        if "odd_prices" in self._swarm.on and byte >= ODD_FROM:
            return among(odd_prices(instrument), byte)
        middle, step, reach = center(instrument), instrument.price_step, instrument.risk.collar_ticks or MOST
        low, high = max(instrument.price_min, middle - reach), min(instrument.price_max, middle + reach)
        if self._swarm.width:
            lean = -self._swarm.lean if side == Side.BUY else self._swarm.lean
            wanted = middle + (lean + byte % self._swarm.width) * step
        else:
            wanted = low + (high - low) * (byte % STEPS) // (STEPS - 1)
        return min(max(wanted, low), high) // step * step

    def _quantity(self, instrument: Instrument, price: int, byte: int) -> int:
        if "odd_quantities" in self._swarm.on and byte >= ODD_FROM:
            return among(odd_quantities(instrument, price), byte)
        low, high = instrument.qty_min, instrument.risk.order_qty_max or instrument.qty_max
        if self._swarm.span:
            return min(low + byte % self._swarm.span, high)
        return low + (high - low) * (byte % STEPS) // (STEPS - 1)

    def _stop(self, instrument: Instrument, byte: int) -> int:
        """A price near the last trade."""
        if "odd_stops" in self._swarm.on and byte >= ODD_FROM:
            return among(odd_prices(instrument), byte)
        last = self._belief.last(instrument.id)
        wanted = (center(instrument) if last is None else last) + byte % 8 - 4
        return min(max(wanted, instrument.price_min), instrument.price_max)

    def _terms(self, byte: int, order_type: OrderType, tif: int, qty: int) -> dict[str, int]:
        """Post-only for one in four, a minimum quantity for one in five: only where the page allows it, unless terms are odd."""
        odd = "odd_terms" in self._swarm.on
        plain = order_type == OrderType.LIMIT and tif not in _IMMEDIATE
        terms = {"flags": int(Flag.NONE), "min_qty": NONE}
        if "post_only" in self._swarm.on and byte >> 3 & 3 == 3 and (plain or odd):
            terms["flags"] = int(Flag.POST_ONLY)
        fits = order_type not in _STOPS and tif != TimeInForce.FOK and not terms["flags"]
        if "min_qty" in self._swarm.on and byte >= STEPS - 16 and 0 < qty < MOST and (fits or odd):
            terms["min_qty"] = (0, -1, qty + 1)[byte % 3] if odd and byte & 4 else (1, qty // 2 + 1, qty)[byte % 3]
        return terms

    @staticmethod
    def _part(byte: int, qty: int) -> int:
        """A part of an order, all of it, more than there is; seldom what is no quantity."""
        if byte >= ODD - 7:
            return among((0, -1, NONE + 1), byte)
        return (1, 2, qty // 2, qty - 1, qty, qty + 1, 2**62, MOST)[byte % 8] if 1 < qty < MOST else 1

    def _id(self, byte: int) -> int:
        """The place's own id; or one that was sent before, or none."""
        own = self._first + len(self.commands)
        if "used_ids" not in self._swarm.on or byte < ODD_FROM:
            return own
        sent = self._belief.sent.get(self._back(byte))
        return 0 if byte == ODD else sent.order if sent else own

    def _named(self, choices: Choices) -> tuple[int, Sent]:
        """The place of a live order and the order as it is named: now and then by a wrong id, account or instrument."""
        back = self._back(choices.target)
        place = self._belief.before(back)
        sent = self._belief.sent[place]
        if "stale" in self._swarm.on and choices.target >= ODD_FROM:
            # An id of the place of a command that sent no order names none.
            return place, self._belief.sent.get(back, sent._replace(order=max(self._first + back, 1)))
        if "others" in self._swarm.on and choices.target >= ODD_FROM - 32:
            if choices.target & 1:
                return place, sent._replace(account=self._account(choices.parties))
            return place, sent._replace(instrument=self._instrument(choices.parties))
        return place, sent

    def _back(self, byte: int) -> int:
        """The place so far back."""
        return len(self.commands) - 1 - byte % BACK


def _command(kind: CommandKind, **fields: int) -> Command:
    """All through one session, so that the order of the commands is known."""
    return _ABSENT._replace(kind=int(kind), session=1, **{name: int(value) for name, value in fields.items()})


_PRICED = frozenset({OrderType.LIMIT, OrderType.STOP_LIMIT})
_STOPS = frozenset({OrderType.STOP, OrderType.STOP_LIMIT})
_IMMEDIATE = frozenset({TimeInForce.IOC, TimeInForce.FOK})
_ABSENT = command_rows(empty_commands(1))[0]
