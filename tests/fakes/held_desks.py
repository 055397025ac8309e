"""Clients that play the cases of `held_cases` step by step, by OUCH or by JSON lines, over connections that may end between two steps."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

from harness.base.reasons import Reason, reason_name
from harness.wire import ouch
from harness.wire.ouch_words import REJECT_OF_REASON
from tests.fakes.held_cases import CASES, MAKER, STAFF, TAKER, number_of
from tests.fakes.json_client import JsonClient
from tests.fakes.ouch_client import buy, replace, replies, sell, sent
from tests.fakes.soup_client import Client


class Addresses(NamedTuple):
    """Where a service listens."""

    ouch: tuple[str, int]
    json_lines: tuple[str, int]


class OuchDesk:
    """By OUCH."""

    def __init__(self, addresses: Addresses, name: str, instrument: int, first: int = 1, standing: int = 0) -> None:
        self._client = Client(addresses.ouch).log_in(name, sequence=0)
        self._symbol = ouch.word(f"S{instrument}", 8)
        self.next, self.standing = first, standing

    def new(self, side: str, price: int, qty: int) -> int | str:
        made = (buy if side == "buy" else sell)(self.next, price, qty, symbol=self._symbol)
        return self._answered(made)

    def replace(self, price: int, qty: int) -> int | str:
        return self._answered(replace(self.standing, self.next, price, qty))

    def word(self, reason: Reason) -> int | str:
        return int(REJECT_OF_REASON[reason]) if reason else ""

    def _answered(self, made: Any) -> int | str:
        number, self.next = self.next, self.next + 1
        self._client.send(sent(made))
        answers: list[Any] = []

        def is_answered() -> bool:
            answers[:] = [
                one
                for one in replies(self._client.stream)
                if one["user_ref_num"] == number and chr(one["type"]) in "AUJ"
            ]
            return bool(answers)

        self._client.until(is_answered)
        if chr(answers[0]["type"]) == "J":
            return int(answers[0]["reject_reason"])
        self.standing = number
        return ""

    def close(self) -> None:
        self._client.socket.close()


class JsonDesk:
    """By JSON lines."""

    def __init__(self, addresses: Addresses, name: str, instrument: int, first: int = 1, standing: int = 0) -> None:
        self._client = JsonClient(addresses.json_lines).log_in(name)
        self._instrument = instrument
        self.next, self.standing = first, standing

    def new(self, side: str, price: int, qty: int) -> int | str:
        return self._answered({"type": "new", "side": side, "order_type": "limit", "tif": "day"}, price, qty)

    def replace(self, price: int, qty: int) -> int | str:
        return self._answered({"type": "replace", "target": self.standing}, price, qty)

    def word(self, reason: Reason) -> int | str:
        return reason_name(reason).replace(" ", "_") if reason else ""

    def _answered(self, line: dict[str, Any], price: int, qty: int) -> int | str:
        number, self.next = self.next, self.next + 1
        self._client.say(line | {"order": number, "price": price, "qty": qty, "instrument": self._instrument})
        while heard := self._client.hear():
            renamed = heard["type"] in ("replaced", "replace_rejected")
            if heard.get("new_order" if renamed else "order") == number:
                break
        assert heard, "the service closed"
        if heard["type"] in ("rejected", "replace_rejected"):
            return str(heard["reason"])
        self.standing = number
        return ""

    def close(self) -> None:
        self._client.__exit__()


DESKS = {"ouch": OuchDesk, "json": JsonDesk}


class Play:
    """One case by one protocol, step by step, over connections that may end between two steps."""

    def __init__(self, name: str, protocol: str) -> None:
        self.name, self._protocol, self._number = name, protocol, number_of(name, protocol)
        self._left = list(CASES[name].steps)
        self._desk: OuchDesk | JsonDesk | None = None
        self._next, self._standing = 1, 0

    @property
    def left(self) -> int:
        return len(self._left)

    def connect(self, addresses: Addresses) -> Self:
        self.leave()
        self._desk = DESKS[self._protocol](addresses, f"p{self._number}", self._number, self._next, self._standing)
        return self

    def leave(self) -> None:
        if self._desk:
            self._next, self._standing = self._desk.next, self._desk.standing
            self._desk.close()
            self._desk = None

    def new(self) -> int | str:
        """An order beside the case; by which word it was refused."""
        assert self._desk
        return self._desk.new("buy", 100, 1)

    def go(self, others: Others, steps: int | None = None) -> None:
        """So many steps, or all that are left; each must be answered as the case says."""
        assert self._desk
        for _ in range(self.left if steps is None else steps):
            step = self._left.pop(0)
            if step.kind == "other":
                others.trade(self._number, step.price, step.qty)
                continue
            if step.kind == "offer":
                others.sell(self._number, step.price, step.qty)
                continue
            is_new = step.kind == "new"
            told = (
                self._desk.new(step.side, step.price, step.qty) if is_new else self._desk.replace(step.price, step.qty)
            )
            assert told == self._desk.word(step.refused), (self.name, self._protocol, step)


class Others:
    """Two accounts without limits, and an operator."""

    def __init__(self, addresses: Addresses, first: int = 1) -> None:
        self._maker, self._taker = (
            JsonClient(addresses.json_lines).log_in(f"p{account}") for account in (MAKER, TAKER)
        )
        self._staff = JsonClient(addresses.json_lines).log_in(STAFF)
        self._next = first

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in (self._maker, self._taker, self._staff):
            client.__exit__()

    def sell(self, instrument: int, price: int, qty: int) -> None:
        self._say(self._maker, "sell", instrument, price, qty, "rested")

    def trade(self, instrument: int, price: int, qty: int) -> None:
        self.sell(instrument, price, qty)
        self._say(self._taker, "buy", instrument, price, qty, "trade")

    def ask(self, kind: str, **fields: int | str) -> dict[str, Any]:
        """What an operator asks for; the answer."""
        self._staff.say({"type": kind, "order": 1} | fields)
        heard: dict[str, Any] = self._staff.hear()
        return heard

    def _say(self, client: JsonClient, side: str, instrument: int, price: int, qty: int, until: str) -> None:
        number, self._next = self._next, self._next + 1
        terms = {
            "order_type": "limit",
            "tif": "day",
            "side": side,
            "price": price,
            "qty": qty,
            "instrument": instrument,
        }
        client.say({"type": "new", "order": number} | terms)
        for heard in iter(client.hear, {}):
            assert heard["type"] != "rejected", heard
            if heard["type"] == until and heard.get("order") == number:
                return
        raise AssertionError("the service closed")
