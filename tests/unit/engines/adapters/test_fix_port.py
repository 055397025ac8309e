"""What one account's FIX session says of commands, and what it makes of answers."""

import pytest

from engines.adapters._fix_client import Received
from engines.adapters._fix_port import FixPort, Words
from harness.base.capabilities import Instrument
from harness.base.errors import EngineDiedError
from harness.base.reasons import Reason
from harness.base.records import NONE, EventKind, Role, commands_of, event_rows
from harness.wire.fix import Message
from harness.wire.fix_requests import Listing
from harness.wire.fix_tags import Tag
from tests.fakes.fix_talk import told
from tests.fakes.lines import commands

LISTING = Listing([Instrument(id=1, symbol="ONE")])
ORDER = ((Tag.ORDER_ID, "9"), (Tag.EXEC_ID, "1"), (Tag.SYMBOL, "ONE"), (Tag.SIDE, "1"), (Tag.AVG_PX, "0"))


class Client:
    """Takes down what is sent."""

    is_clear = True

    def __init__(self):
        self.sent = []

    def send(self, kind, body):
        self.sent.append(Message(kind, body))

    def flush(self):
        """Nothing waits."""


@pytest.fixture
def port():
    return FixPort(3, 1, Client(), Words(LISTING, "G.", set()))


def say(port, lines):
    return port.say(commands_of(commands(lines)))


def report(exec_type, own, **more):
    fields = {Tag.EXEC_TYPE: exec_type, Tag.CL_ORD_ID: own, Tag.LEAVES_QTY: "0", Tag.CUM_QTY: "0"}
    return Message("8", (*ORDER, *(fields | {Tag[name.upper()]: value for name, value in more.items()}).items()))


def hear(port, *messages):
    told = port.hear(Received(list(messages)))
    assert told.failure is None
    return event_rows(told.events)


def test_every_request_has_a_cl_ord_id_of_its_own(port):
    assert say(port, "B 100x5 #7; S 101x2 #8; cancel #7") == (3, [])
    assert told(port.client.sent, Tag.CL_ORD_ID, Tag.ORIG_CL_ORD_ID, Tag.SIDE, Tag.ORDER_QTY) == [
        ("D", "G.1", None, "1", "5"),
        ("D", "G.2", None, "2", "2"),
        ("F", "G.3", "G.1", "1", "5"),
    ]
    assert port.asked["order"][:4].tolist() == [0, 7, 8, 7]


@pytest.mark.parametrize("second", ["B 100x5 #7", "cancel #9", "cancel #7 x2", "cancel #7 i2"])
def test_what_cannot_be_said_has_no_number(port, second):
    count, unsaid = say(port, f"B 100x5 #7; {second}; B 100x5 #8")
    assert (count, unsaid) == (3, [2])
    assert told(port.client.sent, Tag.CL_ORD_ID) == [("D", "G.1"), ("D", "G.2")]


def test_an_order_whose_replace_is_not_answered_is_not_named(port):
    lines = "B 100x5 #7; replace #7 #8 101x5; cancel #8"
    assert say(port, lines)[0] == 2
    assert hear(port, report("5", "G.2", orig_cl_ord_id="G.1", price="101", leaves_qty="5"))[0][1:3] == (7, 8)
    assert say(port, "cancel #8") == (1, [])
    assert port.client.sent[-1].get(Tag.ORIG_CL_ORD_ID) == "G.2"


def test_after_a_refused_replace_the_order_has_its_name_still(port):
    say(port, "B 100x5 #7; replace #7 #7 101x5")
    refused = Message("9", ((Tag.CL_ORD_ID, "G.2"), (Tag.CXL_REJ_RESPONSE_TO, "2"), (Tag.CXL_REJ_REASON, "0")))
    (event,) = hear(port, refused)
    assert (event.kind, event.order, event.new_order, event.reason) == (
        EventKind.REPLACE_REJECTED,
        7,
        7,
        Reason.UNKNOWN_ORDER,
    )
    say(port, "cancel #7")
    assert port.client.sent[-1].get(Tag.ORIG_CL_ORD_ID) == "G.1"


def test_a_replace_that_keeps_the_id_changes_the_name(port):
    say(port, "B 100x5 #7; replace #7 #7 101x5")
    hear(port, report("5", "G.2", price="101", leaves_qty="5"))
    say(port, "cancel #7")
    assert port.client.sent[-1].get(Tag.ORIG_CL_ORD_ID) == "G.2"


def test_both_sides_of_a_trade(port):
    say(port, "B 100x5 #7")
    side = {"last_px": "100", "last_qty": "2", "secondary_exec_id": "4"}
    maker, taker = hear(port, *(report("F", "G.1", last_liquidity_ind=liquidity, **side) for liquidity in "12"))
    assert (maker.order, maker.maker, maker.account, maker.role) == (0, 7, 0, Role.MAKER)
    assert (taker.order, taker.maker, taker.account, taker.role) == (7, 0, 1, Role.TAKER)
    assert (maker.match, maker.price, maker.qty, maker.command) == (4, 100, 2, 0)


def test_answers_name_their_command_and_effects_do_not(port):
    say(port, "B 100x5 #7; cancel #7; B 99x5 #8")
    events = hear(port, report("0", "G.1"), report("4", "G.2", order_qty="5"), report("4", "G.3", order_qty="5"))
    assert [(event.kind, event.order, event.command, event.reason) for event in events] == [
        (EventKind.ACCEPTED, 7, 1, 0),
        (EventKind.CANCELED, 7, 2, Reason.USER),
        (EventKind.CANCELED, 8, 0, Reason.OTHER),
    ]
    assert (port.said, port.answered) == (3, 2)
    assert {event.qty for event in events[1:]} == {5}
    assert events[0].price == NONE


def test_what_the_engine_does_not_understand_is_refused_by_it(port):
    say(port, "B 100x5 #7; cancel #7")
    refused = [
        Message("j", ((Tag.BUSINESS_REJECT_REF_ID, own), (Tag.REF_MSG_TYPE, "D")))
        for own in ("G.1", "G.2", "elsewhere")
    ]
    assert [event.kind for event in hear(port, *refused)] == [EventKind.REJECTED, EventKind.CANCEL_REJECTED]


def test_what_its_session_refuses_is_its_end_behind_what_came_before(port):
    say(port, "B 100x5 #7; B 100x5 #8")
    refused = Message("3", ((Tag.TEXT, "no such tag"),))
    told = port.hear(Received([report("0", "G.1"), refused, report("0", "G.2")], EngineDiedError("the engine left")))
    assert told.events["order"].tolist() == [7]
    assert str(told.failure) == "session 3: the engine refuses a message: no such tag"
    assert str(port.hear(Received([], EngineDiedError("the engine left"))).failure) == "the engine left"


def test_orders_of_somebody_else_are_not_told(port):
    say(port, "B 100x5 #7")
    assert hear(port, report("0", "theirs"), report("0", "G.2"), report("0", "G.x")) == []
