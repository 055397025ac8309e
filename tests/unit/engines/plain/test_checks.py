"""Every reason to refuse, one row a rule, and the order in which the reasons are looked for."""

import pytest

from engines.plain.engine import PlainEngine
from harness.base.capabilities import Conventions, Instrument, RiskLimits
from harness.base.reasons import Reason
from harness.base.records import NONE, CommandKind, EventKind, OrderType, TimeInForce, commands_of, event_rows
from tests.fakes.lines import command
from tests.fakes.plain_session import INSTRUMENTS, book, engine, held_back, refusal, rows, says

BOOK = "B 100x5 #1; S 110x5 #2 a2; B 100x10 #3 i2; B 99x4 #4 post"
"""Instrument 2 takes prices from -50 to 50 and quantities of 10 only, so its order 3 is refused."""


def answer(line, **fields):
    """What the engine over BOOK says to one command, some of whose fields the language cannot write."""
    plain = engine()
    plain.submit(commands_of([command(row) for row in BOOK.split(";")]))
    (event,) = event_rows(plain.submit(commands_of([command(line)._replace(**fields)])))
    return EventKind(event.kind).name, Reason(event.reason).name


NEW = [
    ("B 100x5 #9", {"type": 5}, "UNSUPPORTED"),
    ("B 100x5 #9", {"type": OrderType.NONE}, "UNSUPPORTED"),
    ("B 100x5 #9", {"tif": TimeInForce.GTD}, "UNSUPPORTED"),
    ("B 100x5 #9", {"tif": TimeInForce.NONE}, "UNSUPPORTED"),
    ("B 100x5 #9", {"flags": 2}, "UNSUPPORTED"),
    ("B 100x5 #9", {"flags": 129}, "UNSUPPORTED"),
    ("B 100x5 #9", {"stop": 100}, "UNSUPPORTED"),
    ("B x5 #9 market", {"stop": 100}, "UNSUPPORTED"),
    ("B 100x5 #9", {"display": 1}, "UNSUPPORTED"),
    ("B 100x5 #9 i3", {}, "UNKNOWN_INSTRUMENT"),
    ("B 100x5 #0", {}, "INVALID_ORDER_ID"),
    ("B 100x5 #9", {"side": 2}, "INVALID_SIDE"),
    ("B 100x5 #9", {"side": 255}, "INVALID_SIDE"),
    ("B 100x0 #9", {}, "INVALID_QUANTITY"),
    ("B 100x-5 #9", {}, "INVALID_QUANTITY"),
    ("B 100x101 #9", {}, "INVALID_QUANTITY"),
    ("B 100x5 #9", {"qty": NONE}, "INVALID_QUANTITY"),
    ("B 10x9 #9 i2", {}, "INVALID_QUANTITY"),
    ("B 100x5 #9 min0", {}, "INVALID_QUANTITY"),
    ("B 100x5 #9 min-1", {}, "INVALID_QUANTITY"),
    ("B 100x5 #9 min6", {}, "INVALID_QUANTITY"),
    ("B 0x5 #9", {}, "INVALID_PRICE"),
    ("B 1001x5 #9", {}, "INVALID_PRICE"),
    ("B x5 #9", {}, "INVALID_PRICE"),
    ("B 51x10 #9 i2", {}, "INVALID_PRICE"),
    ("B -51x10 #9 i2", {}, "INVALID_PRICE"),
    ("B x5 #9", {"type": OrderType.STOP}, "INVALID_PRICE"),
    ("B x5 #9 @0", {}, "INVALID_PRICE"),
    ("B x5 #9 @1001", {}, "INVALID_PRICE"),
    ("B 100x5 #9 @1001", {}, "INVALID_PRICE"),
    ("B 0x5 #9 @100", {}, "INVALID_PRICE"),
    ("B x5 #9 @100", {"type": OrderType.STOP_LIMIT}, "INVALID_PRICE"),
    ("B 100x5 #9 ioc post", {}, "INVALID_TERMS"),
    ("B 100x5 #9 fok post", {}, "INVALID_TERMS"),
    ("B x5 #9 market post", {}, "INVALID_TERMS"),
    ("B 100x5 #9 post min2", {}, "INVALID_TERMS"),
    ("B 100x5 #9 fok min2", {}, "INVALID_TERMS"),
    ("B x5 #9 market fok min2", {}, "INVALID_TERMS"),
    ("B x5 #9 @100 post", {}, "INVALID_TERMS"),
    ("B 100x5 #9 @100 post", {}, "INVALID_TERMS"),
    ("B x5 #9 @100 min2", {}, "INVALID_TERMS"),
    ("B 100x5 #9 @100 min2", {}, "INVALID_TERMS"),
    ("B 100x5 #1", {}, "DUPLICATE_ORDER_ID"),
    ("B x5 #1 @100", {}, "DUPLICATE_ORDER_ID"),
    ("B 100x5 #2 a3", {}, "DUPLICATE_ORDER_ID"),
    ("B 10x10 #2 i2", {}, "DUPLICATE_ORDER_ID"),
    ("B 110x5 #9 post", {}, "POST_ONLY_WOULD_TRADE"),
    ("B 111x5 #9 post gtc", {}, "POST_ONLY_WOULD_TRADE"),
    ("B 110x5 #9 post a2", {}, "POST_ONLY_WOULD_TRADE"),
    ("S 100x5 #9 post", {}, "POST_ONLY_WOULD_TRADE"),
]


@pytest.mark.parametrize(("line", "fields", "reason"), NEW)
def test_a_new_order_is_refused(line, fields, reason):
    assert answer(line, **fields) == ("REJECTED", reason)


FIRST_REASON = [
    ({}, "UNSUPPORTED"),
    ({"display": NONE}, "UNKNOWN_INSTRUMENT"),
    ({"instrument": 1}, "INVALID_ORDER_ID"),
    ({"order": 1}, "INVALID_SIDE"),
    ({"side": 0}, "INVALID_QUANTITY"),
    ({"qty": 5}, "INVALID_PRICE"),
    ({"price": 110}, "INVALID_TERMS"),
    ({"tif": TimeInForce.DAY}, "DUPLICATE_ORDER_ID"),
    ({"order": 9}, "POST_ONLY_WOULD_TRADE"),
]


def test_a_stop_ignores_its_own_price_and_needs_one_of_its_stop_price_only():
    plain = engine()
    (event,) = event_rows(plain.submit(commands_of([command("B 100x5 #9 @1")._replace(type=OrderType.STOP, price=-7)])))
    assert (event.kind, event.price) == (EventKind.ACCEPTED, NONE)


def test_a_price_is_a_multiple_of_the_step_and_a_stop_price_need_not_be():
    plain = held_back(price_step=5)
    assert says(plain, "B 100x5 #1; B 0x5 #2; B -5x5 #3; B x1 #4 @7; S 95x2 #5 @3").count("accepted") == 5
    for line in ("B 101x5 #9", "B -4x5 #9", "B 99x5 #9 @100", "replace #1 #1 104x5"):
        assert refusal(plain, line) == "invalid price", line
    assert refusal(plain, "replace #1 #1 105x5") == ""


def test_an_instrument_that_names_its_accounts_knows_no_others():
    plain = held_back(accounts=(0, 7))
    assert says(plain, "B 100x5 #1 a7; B 100x5 #2 a0").count("rested") == 2
    assert refusal(plain, "B 100x5 #3 a8") == "unknown account"
    assert refusal(plain, "B 100x0 #0 a8") == "unknown account", "before the order id"
    assert refusal(plain, "replace #1 #1 101x5 a8") == "not owner"


def test_an_account_that_an_instrument_names_is_a_stranger_to_the_next_only_where_that_names_some_too():
    risks = [RiskLimits(accounts=(1,)), RiskLimits(accounts=(2,)), RiskLimits()]
    plain = PlainEngine([Instrument(id=at, symbol=f"I{at}", risk=risk) for at, risk in enumerate(risks, 1)])
    refused = [
        refusal(plain, f"B 5x1 #{number}{account} i{number} a{account}") for number in (1, 2, 3) for account in (1, 2)
    ]
    assert refused == ["", "unknown account", "unknown account", "", "", ""]


def test_a_waiting_stop_cannot_be_replaced():
    plain = engine()
    says(plain, "B x5 #1 @100; B 90x5 #2 @100")
    before = book(plain)
    assert refusal(plain, "replace #1 #1 99x4") == refusal(plain, "replace #2 #0 0x0") == "unsupported"
    assert refusal(plain, "replace #1 #9 99x4 a2") == "not owner"
    assert book(plain) == before


def test_the_first_reason_that_applies_is_given():
    """One command that is wrong in every way is mended step by step."""
    mended = {"display": 1, "instrument": 7, "order": 0, "side": 9, "qty": 0, "price": 0, "tif": TimeInForce.IOC}
    for fields, reason in FIRST_REASON:
        mended |= fields
        assert answer("B 100x5 #9 post", **mended) == ("REJECTED", reason)


@pytest.mark.parametrize(
    "kind", [0, CommandKind.HALT, CommandKind.RESUME, CommandKind.KILL_ACCOUNT, CommandKind.PHASE, 99]
)
def test_a_kind_that_is_not_offered_is_refused(kind):
    assert answer("B 100x5 #9", kind=kind) == ("REJECTED", "UNSUPPORTED")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("cancel #7", "UNKNOWN_ORDER"),
        ("cancel #0", "UNKNOWN_ORDER"),
        ("cancel #3", "UNKNOWN_ORDER"),
        ("cancel #1 i2", "UNKNOWN_ORDER"),
        ("cancel #1 i9", "UNKNOWN_ORDER"),
        ("cancel #2", "NOT_OWNER"),
        ("cancel #2 x0", "NOT_OWNER"),
        ("cancel #1 a0", "NOT_OWNER"),
        ("cancel #1 x0", "INVALID_QUANTITY"),
        ("cancel #1 x-1", "INVALID_QUANTITY"),
    ],
)
def test_a_cancel_is_refused(line, reason):
    assert answer(line) == ("CANCEL_REJECTED", reason)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("replace #7 #9 100x5", "UNKNOWN_ORDER"),
        ("replace #1 #9 10x10 i2", "UNKNOWN_ORDER"),
        ("replace #2 #9 100x5", "NOT_OWNER"),
        ("replace #1 #0 0x0", "INVALID_ORDER_ID"),
        ("replace #1 #2 0x0", "DUPLICATE_ORDER_ID"),
        ("replace #1 #4 100x5", "DUPLICATE_ORDER_ID"),
        ("replace #1 #9 0x0", "INVALID_QUANTITY"),
        ("replace #1 #9 100x101", "INVALID_QUANTITY"),
        ("replace #1 #9 100", "INVALID_QUANTITY"),
        ("replace #1 #9 0x5", "INVALID_PRICE"),
        ("replace #1 #9 1001x5", "INVALID_PRICE"),
        ("replace #1 #9 x5", "INVALID_PRICE"),
        ("replace #4 #9 110x5", "POST_ONLY_WOULD_TRADE"),
    ],
)
def test_a_replace_is_refused(line, reason):
    fields = {"qty": NONE, "price": 100} if line.endswith(" 100") else {}
    assert answer(line.removesuffix(" 100") if fields else line, **fields) == ("REPLACE_REJECTED", reason)


def test_a_total_must_leave_something_of_what_was_traded():
    plain = engine(replace_quantity="total")
    says(plain, "B 100x5 #1; S 100x3 #2")
    assert says(plain, "replace #1 #1 100x3") == "replace rejected #1 (invalid quantity)"
    assert says(plain, "replace #1 #1 100x4") == "replaced #1 at 100, 1 left"


def test_the_first_reason_that_applies_to_a_replace_is_given():
    """One replace that is wrong in every way is mended step by step; the traded total is looked at after the price."""
    plain = engine(replace_quantity="total")
    says(plain, "B 100x5 #1 post; S 100x3 #2 a2; S 105x5 #3 a2; B 90x5 #4")
    steps = {
        "replace #7 #0 0x101 a2": "unknown order",
        "replace #1 #0 0x101 a2": "not owner",
        "replace #1 #0 0x101": "invalid order id",
        "replace #1 #4 0x101": "duplicate order id",
        "replace #1 #9 0x101": "invalid quantity",
        "replace #1 #9 0x3": "invalid price",
        "replace #1 #9 105x3": "invalid quantity",
        "replace #1 #9 105x4": "post only would trade",
    }
    for line, reason in steps.items():
        assert says(plain, line).endswith(f" ({reason})"), line


def test_an_order_in_a_kept_id_is_no_duplicate_of_itself():
    plain = engine()
    says(plain, BOOK)
    assert says(plain, "replace #1 #1 99x5") == "replaced #1 at 99, 5 left; rested #1 at 99, 5 left"


def test_a_refused_replace_leaves_the_order_as_it_was():
    plain = engine()
    says(plain, "B 100x5 #1; B 100x5 #2 post; S 101x1 #3; B 100x5 #4")
    before = book(plain)
    says(
        plain, "replace #1 #4 100x3; replace #2 #9 101x5; replace #1 #9 0x3; replace #1 #9 100x0; replace #1 #9 99x1 a2"
    )
    assert book(plain) == before == "B100 #1x5; B100 #2x5; B100 #4x5; S101 #3x1"


def test_bounds_are_inclusive():
    plain = engine()
    assert says(plain, "B 1x1 #1; B 1000x100 #2; B -50x10 #3 i2; S 50x10 #4 i2").count("rested") == 4


def test_a_market_order_needs_no_price_and_ignores_one():
    plain = engine()
    says(plain, "S 100x5 #1")
    accepted, trade, canceled = rows(plain, "B -7x6 #2 market")
    assert (accepted.price, trade.price, canceled.price) == (NONE, 100, NONE)


def test_a_refusal_echoes_what_the_command_said():
    plain = engine()
    (new, cancel, replace) = rows(plain, "S 7x8 #9 i5 a3; cancel #4 x2 i6 a3; replace #5 #6 7x8 i7 a3")
    assert (new.order, new.instrument, new.account, new.side, new.price, new.qty) == (9, 5, 3, 1, 7, 8)
    assert (cancel.order, cancel.instrument, cancel.account, cancel.qty, cancel.new_order) == (4, 6, 3, 2, 0)
    assert (replace.order, replace.new_order, replace.instrument, replace.price, replace.qty) == (5, 6, 7, 7, 8)
    assert {event.remaining for event in (new, cancel, replace)} == {NONE}


def test_an_id_is_free_again_once_its_order_is_gone():
    plain = engine()
    says(plain, "B 100x5 #1; cancel #1; B 100x5 #2; S 100x5 #3; B 100x5 #4; replace #4 #5 100x4; S 100x1 #6 ioc")
    assert says(plain, "B 90x1 #1; B 90x1 #2; B 90x1 #3; B 90x1 #4; B 90x1 #6").count("rested") == 5
    assert says(plain, "B 90x1 #5") == "rejected #5 (duplicate order id)"


def test_its_own_conventions_prevent_self_trades():
    assert PlainEngine(INSTRUMENTS).conventions == Conventions(self_trade="cancel_newest")
