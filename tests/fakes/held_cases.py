"""Every control of a service, each with orders one below its limit, at it and one above.

Each case has accounts, a firm and instruments of its own for each way in, so that all of them can be played to one service.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from harness.base.reasons import Reason

HOUR_NS = 3_600 * 10**9
MAKER, TAKER, FREE_FIRM = 900, 901, 99
STAFF = "staff"
NO_REASON = Reason.NONE
PROTOCOLS = ("ouch", "json")


class Step(NamedTuple):
    """What is sent, and the reason by which it is refused; `other`: somebody without limits sells and another buys it."""

    kind: str
    side: str
    price: int
    qty: int
    refused: Reason = NO_REASON


def new(qty: int, refused: Reason = NO_REASON, price: int = 100, side: str = "buy") -> Step:
    return Step("new", side, price, qty, refused)


def change(qty: int, refused: Reason = NO_REASON, price: int = 100) -> Step:
    """A replace of the order that stands."""
    return Step("replace", "", price, qty, refused)


def other(price: int, qty: int = 1) -> Step:
    """A trade between others."""
    return Step("other", "", price, qty)


def offer(price: int, qty: int) -> Step:
    """Somebody without limits sells."""
    return Step("offer", "sell", price, qty)


@dataclass(frozen=True)
class Case:
    """A control with its limits, and what becomes of orders."""

    steps: tuple[Step, ...]
    account: dict[str, Any] = field(default_factory=dict)
    firm: dict[str, Any] = field(default_factory=dict)
    watched: dict[str, Any] = field(default_factory=dict)
    """Of the instrument."""
    risk: dict[str, Any] = field(default_factory=dict)
    """Of the instrument itself."""
    is_restricted: bool = False


def _rate(most: int) -> dict[str, Any]:
    return {"most": most, "window_ns": HOUR_NS}


def _sums(why: Reason, side: str = "buy") -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """To 10 lots at 100 by new orders, and by replaces: 9, 11, 10, 11."""
    news = (new(9, side=side), new(2, why, side=side), new(1, side=side), new(1, why, side=side))
    return news, (new(5, side=side), change(9), change(11, why), change(10), change(11, why))


_POSITION, _SHORT, _EXPOSURE = (
    _sums(Reason.RISK_POSITION), _sums(Reason.RISK_POSITION, "sell"), _sums(Reason.RISK_EXPOSURE),
)  # fmt: skip
_RATE = (
    (new(1), new(2), new(3), new(4, Reason.RISK_RATE)),
    (new(1), change(2), change(3), change(4, Reason.RISK_RATE)),
)
_BIG, _WORTH, _FAR = Reason.RISK_ORDER_QUANTITY, Reason.RISK_ORDER_VALUE, Reason.RISK_PRICE_COLLAR
_LOT = Reason.INVALID_QUANTITY
_PRICES = (
    (new(1, price=109), new(1, _FAR, 111), new(1, price=110), new(1, price=91), new(1, _FAR, 89), new(1, price=90)),
    (
        new(1),
        change(1, price=109),
        change(1, _FAR, 111),
        change(1, price=110),
        change(1, _FAR, 89),
        change(1, price=90),
    ),
)
_LOST = (offer(110, 1), new(1, price=110), other(101))
_BY_WAY: dict[str, tuple[dict[str, Any], tuple[tuple[Step, ...], ...]]] = {
    "long": ({"account": {"long_max": 10}}, _POSITION),
    "short": ({"account": {"short_max": 10}}, _SHORT),
    "exposure": ({"account": {"exposure_max": 1_000}}, _EXPOSURE),
    "firm long": ({"firm": {"long_max": 10}}, _POSITION),
    "firm short": ({"firm": {"short_max": 10}}, _SHORT),
    "firm exposure": ({"firm": {"exposure_max": 1_000}}, _EXPOSURE),
    "messages": ({"account": {"messages": _rate(3)}}, _RATE),
    "firm messages": ({"firm": {"messages": _rate(3)}}, _RATE),
    "lot": (
        {"watched": {"qty_step": 5}},
        (
            (new(4, _LOT), new(5), new(6, _LOT), new(10)),
            (new(5), change(4, _LOT), change(6, _LOT), change(10), change(11, _LOT)),
        ),
    ),
    "static": ({"watched": {"static_price": 100, "static_ticks": 10}}, _PRICES),
    "collar": ({"risk": {"collar_ticks": 10, "reference_price": 100}}, _PRICES),
    "order quantity": (
        {"risk": {"order_qty_max": 10}},
        ((new(9), new(11, _BIG), new(10)), (new(9), change(11, _BIG), change(10))),
    ),
    "order value": (
        {"risk": {"order_value_max": 1_000}},
        ((new(9), new(11, _WORTH), new(10)), (new(9), change(11, _WORTH), change(10))),
    ),
    "loss": (
        {"account": {"loss_max": 10}},
        (
            (*_LOST, new(1, price=50), other(100), new(1, Reason.RISK_LOSS, 50)),
            (*_LOST, new(1, price=50), change(2, price=50), other(100), change(3, Reason.RISK_LOSS, 50)),
        ),
    ),
    "breaker": (
        {"watched": {"breaker_ticks": 5, "breaker_window_ns": HOUR_NS, "pause_ns": HOUR_NS}},
        (
            (other(100), other(105), new(1, price=50), other(106), new(1, Reason.HALTED, 50)),
            (other(100), other(105), new(1, price=50), other(106), change(2, Reason.HALTED, 50)),
        ),
    ),
    "volume": (
        {"watched": {"volume_max": 10, "breaker_window_ns": HOUR_NS, "pause_ns": HOUR_NS}},
        (
            (other(100, 9), other(100), new(1, price=50), other(100), new(1, Reason.HALTED, 50)),
            (other(100, 10), new(1, price=50), other(100), change(2, Reason.HALTED, 50)),
        ),
    ),
    "duplicates": ({"account": {"duplicates": _rate(2)}}, ((new(7), new(7), new(7, Reason.RISK_DUPLICATE), new(8)),)),
    "repeats": (
        {"account": {"repeats": _rate(2)}},
        ((offer(100, 5), new(1), new(1, price=101), new(1, Reason.RISK_DISABLED)),),
    ),
    "restricted": ({"watched": {"restricted": True}}, ((new(1, Reason.RISK_RESTRICTED),),)),
    "restricted for the account": ({"is_restricted": True}, ((new(1, Reason.RISK_RESTRICTED),),)),
}
CASES = {
    f"{name}, by {way}": Case(steps, **limits)
    for name, (limits, ways) in _BY_WAY.items()
    for way, steps in zip(("new", "replace"), ways, strict=False)
}
PLAYS = [(name, protocol) for name in CASES for protocol in PROTOCOLS]


def number_of(name: str, protocol: str) -> int:
    """Of a play: its account, its firm, its instrument and its port have this number."""
    return 1 + PLAYS.index((name, protocol))


def _port(number: int, account: int, protocol: str, username: str = "") -> dict[str, Any]:
    return {
        "number": number,
        "username": username or f"p{number}",
        "password": "secret",
        "account": account,
        "protocol": protocol,
    }


def held_config(**sections: Any) -> dict[str, Any]:
    """A service with all cases; its `firm` controls are only of those that limit a firm."""
    plays = {number_of(*play): CASES[play[0]] for play in PLAYS}
    free = [{"account": account, "firm": FREE_FIRM} for account in (MAKER, TAKER)]
    staff = {"number": 999, "username": STAFF, "password": "secret", "protocol": "operator", "person": "Ann Example"}
    return {
        "journal": {"segment_commands": 4_096, "syncs": "none"},
        "sessions": {"orders_max": 10_000},
        "engine": {"orders": 50_000, "self_trade": "none"},
        "instruments": [
            {"id": number, "symbol": f"S{number}", "tick_1e9": 10_000_000, "price_max": 10_000, "qty_max": 1_000, "risk": case.risk}
            for number, case in plays.items()
        ],
        "controls": {
            "accounts": [
                {"account": number, "firm": number, "restricted": [number] * case.is_restricted} | case.account
                for number, case in plays.items()
            ]
            + free,
            "firms": [{"firm": number} | case.firm for number, case in plays.items()],
            "instruments": [{"instrument": number} | case.watched for number, case in plays.items()],
        },
        "ports": [_port(number_of(*play), number_of(*play), play[1]) for play in PLAYS]
        + [_port(MAKER, MAKER, "json"), _port(TAKER, TAKER, "json"), staff],
        "drop_copies": [{"username": "watch", "password": "secret"}],
    } | sections  # fmt: skip
