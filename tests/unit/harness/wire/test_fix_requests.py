"""Commands as FIX says them, and requests as our words have them."""

import pytest

from harness.base.capabilities import Instrument
from harness.base.reasons import Reason
from harness.base.records import NONE, CommandKind, Flag, OrderType, Side, TimeInForce
from harness.wire.fix import Message
from harness.wire.fix_dictionary import refusal_of
from harness.wire.fix_requests import NOTHING, Listing, Named, read_request, to_request
from harness.wire.fix_tags import Kind, Tag
from tests.fakes.fix_talk import ORDER, header

LISTING = Listing([Instrument(id=4, symbol="ONE", tick_1e9=10_000_000), Instrument(id=5, symbol="TWO", lot_1e9=10**11)])
NEW = NOTHING._replace(
    kind=CommandKind.NEW, instrument=4, side=Side.SELL, type=OrderType.LIMIT, tif=TimeInForce.DAY, price=150, qty=7
)
NAMED = Named("own", "target", Side.BUY, OrderType.LIMIT, 9)
AT = "20260105-12:00:00.000"
SAYABLE = {
    "limit": NEW,
    "market": NEW._replace(type=OrderType.MARKET, price=NONE),
    "stop": NEW._replace(type=OrderType.STOP, price=NONE, stop=-3),
    "stop limit": NEW._replace(type=OrderType.STOP_LIMIT, stop=3),
    "a stop price where none belongs": NEW._replace(stop=3),
    "fill or kill": NEW._replace(tif=TimeInForce.FOK),
    "until canceled": NEW._replace(tif=TimeInForce.GTC),
    "post only": NEW._replace(flags=Flag.POST_ONLY),
    "a minimum": NEW._replace(min_qty=2),
    "lots of a hundred": NEW._replace(instrument=5, price=150),
    "nothing at all": NEW._replace(qty=0),
    "no price": NEW._replace(price=NONE),
    "cancel": NOTHING._replace(kind=CommandKind.CANCEL, instrument=4),
    "replace": NOTHING._replace(kind=CommandKind.REPLACE, instrument=4, price=3, qty=7),
    "mass cancel": NOTHING._replace(kind=CommandKind.MASS_CANCEL),
    "mass cancel of one side": NOTHING._replace(kind=CommandKind.MASS_CANCEL, instrument=5, side=Side.BUY),
}


@pytest.mark.parametrize("name", SAYABLE)
def test_a_command_there_and_back(name):
    command = SAYABLE[name]
    kind, body = to_request(command, NAMED, LISTING, AT)
    message = Message(kind, (*header(1), *body))
    assert refusal_of(message) is None
    assert read_request(message, LISTING) == (command, 0)
    assert message.get(Tag.CL_ORD_ID) == "own"
    assert message.get(Tag.ORIG_CL_ORD_ID) == ("target" if kind in (Kind.ORDER_CANCEL_REQUEST, Kind.ORDER_CANCEL_REPLACE_REQUEST) else None)  # fmt: skip


UNSAYABLE = {
    "a kind": NOTHING._replace(kind=CommandKind.HALT),
    "an instrument": NEW._replace(instrument=9),
    "a side": NEW._replace(side=7),
    "a type": NEW._replace(type=9),
    "a time in force": NEW._replace(tif=TimeInForce.GTD),
    "a flag": NEW._replace(flags=2),
    "a display quantity": NEW._replace(display=2),
    "no quantity": NEW._replace(qty=NONE),
    "a cancel of a part": SAYABLE["cancel"]._replace(qty=2),
    "a replace of no quantity": SAYABLE["replace"]._replace(qty=NONE),
    "a mass cancel elsewhere": SAYABLE["mass cancel"]._replace(instrument=9),
}


@pytest.mark.parametrize("name", UNSAYABLE)
def test_what_fix_cannot_say_is_not_made(name):
    assert to_request(UNSAYABLE[name], NAMED, LISTING, AT) is None


def test_what_has_no_name_is_not_made():
    assert to_request(NEW, NAMED._replace(own=""), LISTING, AT) is None
    assert to_request(SAYABLE["cancel"], NAMED._replace(target=""), LISTING, AT) is None


@pytest.mark.parametrize(
    ("tag", "value", "reason"),
    [
        (Tag.SIDE, "5", Reason.UNSUPPORTED),
        (Tag.ORD_TYPE, "P", Reason.UNSUPPORTED),
        (Tag.TIME_IN_FORCE, "6", Reason.UNSUPPORTED),
        (Tag.EXEC_INST, "1", Reason.UNSUPPORTED),
        (Tag.MAX_FLOOR, "2", Reason.UNSUPPORTED),
        (Tag.PRICE, "1.001", Reason.INVALID_PRICE),
        (Tag.ORDER_QTY, "1.5", Reason.INVALID_QUANTITY),
        (Tag.SYMBOL, "NONE", Reason.UNKNOWN_INSTRUMENT),
    ],
)
def test_what_our_commands_cannot_say_has_its_reason(tag, value, reason):
    fields = {**dict(ORDER), tag: value}
    read = read_request(Message("D", tuple(fields.items())), LISTING)
    assert read.reason == reason
    assert (read.command.instrument == 0) == (tag == Tag.SYMBOL)


@pytest.mark.parametrize(
    ("scope", "symbol", "reason"), [("6", "ONE", Reason.UNSUPPORTED), ("1", "NONE", Reason.UNKNOWN_INSTRUMENT)]
)
def test_a_mass_cancel_of_what_there_is_not(scope, symbol, reason):
    assert read_request(Message("q", ((530, scope), (55, symbol))), LISTING).reason == reason
