"""Dumps of Bitfinex's raw order book (channel `book`, precision R0, websocket API version 2): a JSON array of all messages, in order.

    {"event": "subscribed", "channel": "book", "prec": "R0", "chanId": 8047, "symbol": "tBTCUSD", ...}
    [8047, [[60504777678, 60945, 0.246386], ...]]      the snapshot: order id, price, amount
    [8047, [60504484135, 60941, -0.0002]]              an order that is new or changed; the amount of an ask is below 0
    [8047, [60504484135, 0, 1]]                        price 0: it is gone; 1: it was a bid, -1: an ask

Such a message tells neither a time nor why an order went, so all its records are adds, modifies and cancels of whole orders. The
feed shows the best orders of each side only: one that is gone may have moved out of sight. Messages: <https://docs.bitfinex.com/reference/ws-public-raw-books>.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from harness.base.errors import SetupError
from harness.base.records import NONE, Side
from harness.wire.recording import Action, Recording, Told, reading, recorded
from harness.wire.recording_numbers import scaled

ORDER = "[order id, price, amount]"


def read(path: Path) -> Recording:
    """A dump as a recording without times.

    Raises:
        SetupError: it is missing, cut, or no such dump; told with the number of the item, what came and what was wanted.
    """
    with reading(path) as text:
        try:
            # Numbers with a point become decimals: a binary float would change them.
            items = json.load(text, parse_float=Decimal, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise SetupError(f"{path} is no JSON: {error}; wanted an array of the messages of a raw book") from error
    if not isinstance(items, list):
        raise SetupError(f"{path}: {_seen(items)} came, wanted an array of the messages of a raw book")
    dump = _Dump(path)
    lines = list(dump.lines(items))
    if not lines:
        raise SetupError(
            f"{path}: no order in {len(items):,} items; wanted a snapshot of a raw book and what follows it"
        )
    return recorded(path, dump.symbol, lines)


class _Dump:
    """Reads on through the items; what is new and what is changed hangs on the orders before."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._channel: int | None = None
        self._live: set[int] = set()
        self.symbol = ""

    def lines(self, items: list[Any]) -> Iterator[Told]:
        for number, item in enumerate(items, 1):
            place = f"item {number}"
            if isinstance(item, dict):
                self._event(place, item)
            elif not isinstance(item, list) or len(item) < 2:
                self._refuse(place, item, "a message such as [channel, [order id, price, amount]]")
            elif self._channel is None or item[0] != self._channel:
                self._refuse(
                    place,
                    item,
                    f"a message of channel {self._channel}"
                    if self._channel
                    else "the subscription to a raw book first",
                )
            elif isinstance(item[1], list):
                yield from self._book(place, item[1])
            # What is left are heartbeats and checksums: text stands where the orders would.

    def _event(self, place: str, event: dict[str, Any]) -> None:
        """Only a subscription says anything about orders; with a further one, of the same book, a new snapshot comes."""
        if event.get("event") == "error":
            self._refuse(place, event, "a subscription that was granted")
        if event.get("event") != "subscribed":
            return
        channel, symbol = event.get("chanId"), event.get("symbol")
        raw = event.get("channel") == "book" and event.get("prec") == "R0"
        if not raw or type(channel) is not int or not isinstance(symbol, str) or self.symbol not in ("", symbol):
            wanted = f"of {self.symbol}, once more" if self.symbol else "with chanId and symbol"
            self._refuse(place, event, f"a subscription to the channel book with prec R0 {wanted}")
        self._channel, self.symbol = channel, symbol

    def _book(self, place: str, told: list[Any]) -> Iterator[Told]:
        """A snapshot, which replaces all before it, or the change of one order."""
        if told and not isinstance(told[0], list):
            yield self._order(place, told, last=True)
            return
        if self._live:
            self._live.clear()
            yield Told(place, NONE, Action.CLEAR, Side.NONE, None, None, 0, last=not told)
        for number, order in enumerate(told, 1):
            yield self._order(f"{place}, order {number}", order, last=number == len(told))

    def _order(self, place: str, told: object, *, last: bool) -> Told:
        """One order as it is now."""
        if not isinstance(told, list) or len(told) != 3:
            self._refuse(place, told, ORDER)
        order, price, amount = told
        if type(order) is not int or not 0 < order < 2**64:
            self._refuse(place, told, f"{ORDER} with a whole number above 0 as id")
        price_1e9, amount_1e9 = self._number(place, price, "price"), self._number(place, amount, "amount")
        if price_1e9 < 0 or amount_1e9 == 0:
            self._refuse(place, told, f"{ORDER} with a price not below 0 and an amount that is not 0")
        side = Side.BUY if amount_1e9 > 0 else Side.SELL
        if price_1e9 == 0:
            self._live.discard(order)
            return Told(place, NONE, Action.CANCEL, side, None, None, order, last)
        action = Action.MODIFY if order in self._live else Action.ADD
        self._live.add(order)
        return Told(place, NONE, action, side, price_1e9, abs(amount_1e9), order, last)

    def _number(self, place: str, came: object, what: str) -> int:
        """A number of JSON, times 1e9."""
        if type(came) is not int and not isinstance(came, Decimal):
            self._refuse(place, came, f"a number as {what}")
        try:
            return scaled(str(came))
        except ValueError as error:
            self._refuse(place, came, f"{error} as {what}")

    def _refuse(self, place: str, came: object, wanted: str) -> NoReturn:
        raise SetupError(f"{self._path}, {place}: {_seen(came)} came, wanted {wanted}")


def _seen(came: object) -> str:
    """What came, as JSON, but not more of it than a message can hold."""
    text = str(came) if isinstance(came, Decimal) else json.dumps(came, default=float)
    return text if len(text) <= 120 else f"{text[:117]}..."


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")
