"""Trading with the service by FIX 4.4: what each request is told, also after a restart."""

import signal

import pytest

from engines.service.config import Port as Settings
from engines.service.gateway.fix_port import FixPort
from engines.service.gateway.ids import parties_of
from harness.base.capabilities import Instrument
from harness.base.records import EVENT, Event, EventKind, events_of
from harness.wire.fix import Message
from harness.wire.fix_tags import Kind, Tag
from tests.fakes.fix_client import FIRM, PASSWORD, PORTS, FixClient, change, fix_config, new
from tests.fakes.fix_talk import header, told
from tests.fakes.json_client import JsonClient
from tests.fakes.json_client import order as json_order
from tests.fakes.served import served
from tests.fakes.serving import serving

STATE = (Tag.EXEC_TYPE, Tag.ORD_STATUS, Tag.CUM_QTY, Tag.LEAVES_QTY)


@pytest.fixture
def client(tmp_path):
    with served(tmp_path, fix_config()) as service, FixClient(service.fix_address) as client:
        client.log_on()
        yield client


def test_an_order_rests_trades_and_is_canceled(client):
    client.say("D", *new("s", "2", "1.50", "5")).say("D", *new("b", "1", "1.60", "2")).say("F", *change("c", "s", "2"))
    heard = client.hear(5)
    assert told(heard, Tag.CL_ORD_ID, *STATE) == [
        ("8", "s", "0", "0", "0", "5"),
        ("8", "b", "0", "0", "0", "2"),
        ("8", "b", "F", "2", "2", "0"),
        ("8", "s", "F", "1", "2", "3"),
        ("8", "c", "4", "4", "2", "0"),
    ]
    taker, maker = heard[2:4]
    assert told([taker, maker], Tag.LAST_PX, Tag.LAST_QTY, Tag.AVG_PX, Tag.LAST_LIQUIDITY_IND) == [("8", "1.5", "2", "1.5", "2"), ("8", "1.5", "2", "1.5", "1")]  # fmt: skip
    assert taker.get(Tag.SECONDARY_EXEC_ID) == maker.get(Tag.SECONDARY_EXEC_ID) == "1"
    assert heard[4].get(Tag.ORIG_CL_ORD_ID) == "s"
    assert {message.get(Tag.ORDER_ID) for message in (heard[0], maker, heard[4])} == {"1"}
    assert len({message.get(Tag.EXEC_ID) for message in heard}) == 5


def test_a_replace_names_the_total_and_keeps_the_order_id(client):
    client.say("D", *new("a", qty="5")).say("D", *new("x", "2", qty="2"))
    client.say("G", *change("b", "a", qty="9", price="1.10")).say("F", *change("c", "a")).say("F", *change("d", "b"))
    heard = client.hear(7)[4:]
    assert told(heard, Tag.CL_ORD_ID, Tag.ORIG_CL_ORD_ID, Tag.ORDER_ID, Tag.ORDER_QTY, *STATE) == [
        ("8", "b", "a", "1", "9", "5", "1", "2", "7"),
        # An earlier link of the chain names no order any more.
        ("9", "c", "a", "1", None, None, "1", None, None),
        ("8", "d", "b", "1", "9", "4", "4", "2", "0"),
    ]
    assert heard[1].get(Tag.CXL_REJ_REASON) == "0"


REJECTED = {
    "an unknown symbol": ({"symbol": "NONE"}, "1"),
    "a price between ticks": ({"price": "1.005"}, "99"),
    "too much": ({"qty": "1001"}, "13"),
    "half a lot": ({"qty": "0.5"}, "13"),
    "a pegged order": ({"ord_type": "P"}, "11"),
    "an account of somebody else": ({"account": "11"}, "15"),
    "a short sale": ({"side": "5"}, "11"),
}


@pytest.mark.parametrize("name", REJECTED)
def test_an_order_is_rejected_by_a_report(client, name):
    more, code = REJECTED[name]
    client.say("D", *new("a", **more))
    assert told(client.hear(1), Tag.CL_ORD_ID, *STATE, Tag.ORD_REJ_REASON) == [("8", "a", "8", "8", "0", "0", code)]


def test_a_cl_ord_id_names_one_request(client):
    client.say("D", *new("a")).say("D", (Tag.POSS_RESEND, "Y"), *new("a")).say("F", *change("a", "a"))
    heard = client.hear(3)
    assert told(heard, Tag.EXEC_TYPE, Tag.ORD_REJ_REASON, Tag.CXL_REJ_REASON) == [("8", "0", None, None), ("8", "8", "6", None), ("9", None, None, "6")]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("F", change("c", "nobody"), "1"),
        ("F", change("c", "a", "2"), "99"),
        ("G", change("c", "a", price="1.00", ord_type="1"), "99"),
        ("G", change("c", "a", price="1.00", qty="0"), "99"),
    ],
)
def test_a_change_is_refused_by_an_order_cancel_reject(client, kind, fields, code):
    client.say("D", *new("a")).hear(1)
    client.say(kind, *fields)
    (refused,) = client.hear(1)
    assert told([refused], Tag.CL_ORD_ID, Tag.CXL_REJ_RESPONSE_TO, Tag.CXL_REJ_REASON) == [("9", "c", "1" if kind == "F" else "2", code)]  # fmt: skip


def test_a_mass_cancel_tells_each_order_and_how_many(client):
    client.say("D", *new("a")).say("D", *new("b", price="1.01")).hear(2)
    body = ((Tag.CL_ORD_ID, "m"), (Tag.MASS_CANCEL_REQUEST_TYPE, "7"), new("x")[3])
    client.say("q", *body)
    *canceled, done = client.hear(3)
    assert sorted(told(canceled, Tag.CL_ORD_ID, *STATE)) == [
        ("8", "a", "4", "4", "0", "0"),
        ("8", "b", "4", "4", "0", "0"),
    ]
    assert told([done], Tag.CL_ORD_ID, Tag.MASS_CANCEL_RESPONSE, Tag.TOTAL_AFFECTED_ORDERS) == [("r", "m", "7", "2")]
    client.say("q", (Tag.CL_ORD_ID, "n"), (Tag.MASS_CANCEL_REQUEST_TYPE, "3"), new("x")[3])
    assert told(client.hear(1), Tag.MASS_CANCEL_RESPONSE, Tag.MASS_CANCEL_REJECT_REASON) == [("r", "0", "0")]


def test_the_rest_of_an_immediate_order_goes_without_anybodys_asking(client):
    client.say("D", *new("a", time_in_force="3"))
    (_, gone) = client.hear(2)
    assert told([gone], Tag.CL_ORD_ID, Tag.ORIG_CL_ORD_ID, *STATE, Tag.TEXT) == [("8", "a", None, "4", "4", "0", "0", "ioc remainder")]  # fmt: skip


def test_what_is_not_spoken_here(client):
    client.say(Kind.ORDER_STATUS_REQUEST, *change("nobody", "x")).say("R")
    status, refused = client.hear(2)
    assert told([status], Tag.EXEC_TYPE, Tag.ORD_STATUS, Tag.ORD_REJ_REASON) == [("8", "I", "8", "5")]
    assert told([refused], Tag.BUSINESS_REJECT_REASON, Tag.REF_MSG_TYPE) == [("j", "3", "R")]
    client.say("D", *new("a")).hear(1)
    client.say(Kind.ORDER_STATUS_REQUEST, *new("a"))
    assert told(client.hear(1), *STATE) == [("8", "I", "0", "0", "5")]


def test_it_trades_with_other_protocols_and_hears_what_it_missed(tmp_path):
    with served(tmp_path, fix_config()) as service:
        with FixClient(service.fix_address) as client:
            client.log_on()
            client.say("D", *new("a", "2", "1.00", "3")).hear(1)
        with JsonClient(service.json_address).log_in() as lines:
            lines.say(json_order(7, price=100, qty=3))
            assert lines.types(2) == ["accepted", "trade"]
        with FixClient(service.fix_address, number=3) as client:
            assert client.log_on().number() == 4
            client.say(Kind.RESEND_REQUEST, (Tag.BEGIN_SEQ_NO, "3"), (Tag.END_SEQ_NO, "0"))
            assert told(client.hear(2), Tag.MSG_SEQ_NUM, Tag.EXEC_TYPE, Tag.POSS_DUP_FLAG) == [("8", "3", "F", "Y"), ("4", "4", None, "Y")]  # fmt: skip


@pytest.mark.parametrize(("ending", "logouts"), [(signal.SIGTERM, 1), (signal.SIGKILL, 0)])
def test_a_restart_keeps_numbers_orders_and_reports(tmp_path, ending, logouts):
    with serving(tmp_path, fix_config()) as first, FixClient(first.fix_address) as client:
        client.log_on()
        client.say("D", *new("a", qty="5")).say("D", *new("b", "2", qty="2"))
        before = client.hear(4)
        first.end(ending)
    with serving(tmp_path, fix_config()) as second, FixClient(second.fix_address, number=4) as client:
        assert client.log_on().number() == 6 + logouts
        client.say(Kind.RESEND_REQUEST, (Tag.BEGIN_SEQ_NO, "2"), (Tag.END_SEQ_NO, "5"))
        again = client.hear(4)
        assert [body(message) for message in again] == [body(message) for message in before]
        client.say("D", *new("a")).say("F", *change("c", "a"))
        heard = client.hear(2)
        assert told(heard, Tag.CL_ORD_ID, *STATE) == [("8", "a", "8", "8", "0", "0"), ("8", "c", "4", "4", "2", "0")]
        assert [message.number() for message in heard] == [7 + logouts, 8 + logouts]


def body(message):
    """Without what a resend changes of the header."""
    changes = (Tag.SENDING_TIME, Tag.POSS_DUP_FLAG, Tag.ORIG_SENDING_TIME)
    return [field for field in message.fields if field[0] not in changes]


INSTRUMENT = Instrument(id=4, symbol="ONE", tick_1e9=10_000_000)
LOGON = Message("A", (*header(1, sender="FIXA", target=FIRM), PASSWORD))
ACCEPTED = Event(kind=EventKind.ACCEPTED, order=6 << 32 | 1, price=100, qty=5, remaining=5, instrument=4, session=6, engine_seq=1, engine_ns=0)  # fmt: skip


def opened(folder):
    return FixPort(Settings.model_validate(PORTS[0]), folder, 10, [INSTRUMENT], FIRM)


def tell(port):
    events = events_of([ACCEPTED]).astype(EVENT)
    port.tell(events, parties_of(events))


def test_a_request_that_never_reached_the_journal_is_asked_for_again(tmp_path):
    before = opened(tmp_path)
    store = before.admit(LOGON).store
    for number, own in ((2, "a"), (3, "b")):
        assert before.take(Message("D", (*header(number), *new(own))), None).order == 6 << 32 | number - 1
    store.next_in = 4
    tell(before)
    before.close()
    # Only the first is told again, and it has its number already.
    after = opened(tmp_path)
    tell(after)
    again = after.admit(LOGON).store
    assert (again.next_in, again.next_out) == (3, 2)
    assert after.take(Message("D", (*header(3), *new("b"))), None).order == 6 << 32 | 2
    after.close()


def test_what_was_carried_out_and_not_told_any_more_is_numbered_at_the_start(tmp_path):
    before = opened(tmp_path)
    before.admit(LOGON)
    before.take(Message("D", (*header(2), *new("a"))), None)
    before.close()
    after = opened(tmp_path)
    tell(after)
    store = after.admit(LOGON).store
    assert (store.next_in, store.next_out) == (3, 2)
    assert [one.kind for one in store.kept(1, 9, 9)] == ["8"]
    after.close()
