"""The stimulus table of FIX 4.4 sessions against the service on a real socket, a row a case; the state machine alone: test_fix_session.py."""

import time

import pytest

from harness.wire.fix import encode
from harness.wire.fix_tags import Kind, Tag
from harness.wire.fix_times import timestamp
from tests.fakes.fix_client import FIRM, PASSWORD, FixClient, fix_config, new
from tests.fakes.fix_talk import HEARTBEAT_S, told
from tests.fakes.served import served

ASKED = ((Tag.ENCRYPT_METHOD, "0"), (Tag.HEART_BT_INT, "30"))


class Clock:
    """The machine's, that can be put forward."""

    def __init__(self):
        self._ahead_ns = 0

    def now_ns(self):
        return time.monotonic_ns() + self._ahead_ns

    def utc_ns(self):
        return time.time_ns() + self._ahead_ns

    def forward(self, seconds):
        self._ahead_ns += int(seconds * 10**9)


class Venue:
    """A service, and a client that is logged on where it is asked for."""

    def __init__(self, service, clock):
        self.service, self.clock, self._clients = service, clock, []

    def client(self, **options):
        self._clients.append(FixClient(self.service.fix_address, utc_ns=self.clock.utc_ns, **options))
        return self._clients[-1]

    def close(self):
        for client in self._clients:
            client.socket.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    clock = Clock()
    with served(tmp_path_factory.mktemp("venue"), fix_config(), clock.now_ns) as service:
        yield Venue(service, clock)


@pytest.fixture
def venue(running):
    """Numbers begin at 1 again for each row."""
    client = running.client()
    client.log_on((Tag.RESET_SEQ_NUM_FLAG, "Y"))
    client.say(Kind.LOGOUT)
    client.hear(1)
    client.socket.close()
    yield running
    running.close()


def begun(venue):
    """A client of a session whose numbers have just begun."""
    client = venue.client()
    client.log_on((Tag.RESET_SEQ_NUM_FLAG, "Y"))
    return client


def row_1_the_first_message_is_no_logon(venue):
    assert venue.client().say(Kind.HEARTBEAT).rest() == []


def row_2_a_logon_is_answered_with_the_same_interval(venue):
    client = venue.client()
    answer = client.log_on((Tag.RESET_SEQ_NUM_FLAG, "Y"))
    assert told([answer], Tag.HEART_BT_INT, Tag.SENDER_COMP_ID, Tag.TARGET_COMP_ID) == [
        ("A", str(HEARTBEAT_S), FIRM, "FIXA")
    ]
    client.say("D", *new("row 2"))
    assert told(client.hear(1), Tag.EXEC_TYPE) == [("8", "0")]


def row_3_a_logon_of_somebody_else(venue):
    for credentials, head in (
        ((), {}),
        (((Tag.PASSWORD, "wrong"),), {}),
        ((PASSWORD,), {"sender": "NOBODY"}),
        ((PASSWORD,), {"target": "ELSE"}),
        ((PASSWORD,), {"sender": "one"}),
    ):
        client = venue.client()
        assert client.say(Kind.LOGON, *ASKED, *credentials, head=client.head(**head)).rest() == []


def row_4_a_reset_by_the_logon(venue):
    first = begun(venue)
    first.say(Kind.TEST_REQUEST, (Tag.TEST_REQ_ID, "x")).hear(1)
    first.socket.close()
    second = venue.client()
    answer = second.log_on((Tag.RESET_SEQ_NUM_FLAG, "Y"))
    assert told([answer], Tag.MSG_SEQ_NUM, Tag.RESET_SEQ_NUM_FLAG) == [("A", "1", "Y")]
    second.say(Kind.TEST_REQUEST, (Tag.TEST_REQ_ID, "y"))
    assert told(second.hear(1), Tag.MSG_SEQ_NUM, Tag.TEST_REQ_ID) == [("0", "2", "y")]


def row_5_silence_is_asked_about_and_then_ends_it(venue):
    client = begun(venue)
    venue.clock.forward(HEARTBEAT_S * 1.2)
    assert told(client.hear(1)) == [("1",)]
    venue.clock.forward(HEARTBEAT_S * 1.2)
    assert told(client.rest(), Tag.TEXT)[-1] == ("5", "no answer to a TestRequest")


def row_6_own_silence_is_broken_by_a_heartbeat(venue):
    client = begun(venue)
    venue.clock.forward(HEARTBEAT_S)
    assert told(client.hear(1), Tag.TEST_REQ_ID) == [("0", None)]


def row_7_a_test_request(venue):
    client = begun(venue)
    client.say(Kind.TEST_REQUEST, (Tag.TEST_REQ_ID, "are you there"))
    assert told(client.hear(1), Tag.TEST_REQ_ID) == [("0", "are you there")]


def row_8_a_number_too_high(venue):
    client = begun(venue)
    client.say("D", *new("row 8 b"), number=3)
    assert told(client.hear(1), Tag.BEGIN_SEQ_NO, Tag.END_SEQ_NO) == [("2", "2", "0")]
    again = (Tag.POSS_DUP_FLAG, "Y"), (Tag.ORIG_SENDING_TIME, timestamp(time.time_ns()))
    client.say("D", *again, *new("row 8 a"), number=2).say("D", *again, *new("row 8 b"), number=3)
    assert told(client.hear(2), Tag.CL_ORD_ID, Tag.EXEC_TYPE) == [("8", "row 8 a", "0"), ("8", "row 8 b", "0")]
    client.say(Kind.LOGOUT, number=99)
    assert told(client.hear(1)) == [("5",)]


def row_9_a_number_too_low(venue):
    client = begun(venue)
    assert told(client.say(Kind.HEARTBEAT, number=1).rest(), Tag.TEXT) == [("5", "MsgSeqNum 1 came, wanted 2")]


def row_10_a_possible_duplicate(venue):
    client = begun(venue)
    client.say(
        "D", (Tag.POSS_DUP_FLAG, "Y"), (Tag.ORIG_SENDING_TIME, timestamp(time.time_ns())), *new("row 10"), number=1
    )
    client.say("D", (Tag.POSS_DUP_FLAG, "Y"), *new("row 10"), number=1)
    assert told(client.hear(1), Tag.SESSION_REJECT_REASON, Tag.REF_TAG_ID) == [("3", "1", "122")]
    client.say(Kind.TEST_REQUEST, (Tag.TEST_REQ_ID, "nothing else"))
    assert told(client.hear(1)) == [("0",)]


def row_11_what_was_sent_is_sent_again(venue):
    client = begun(venue)
    client.say("D", *new("row 11")).say(Kind.TEST_REQUEST, (Tag.TEST_REQ_ID, "x"))
    first = {message.kind: message for message in client.hear(2)}["8"]
    client.say(Kind.RESEND_REQUEST, (Tag.BEGIN_SEQ_NO, "1"), (Tag.END_SEQ_NO, "0"))
    again = client.hear(3)
    assert sorted(message.kind for message in again) == ["4", "4", "8"]
    (report,) = [message for message in again if message.kind == "8"]
    assert told([report], Tag.MSG_SEQ_NUM, Tag.CL_ORD_ID, Tag.POSS_DUP_FLAG) == [
        ("8", first.get(Tag.MSG_SEQ_NUM), "row 11", "Y")
    ]
    assert report.get(Tag.ORIG_SENDING_TIME) == first.get(Tag.SENDING_TIME)


def row_12_a_gap_fill(venue):
    client = begun(venue)
    client.say(Kind.SEQUENCE_RESET, (Tag.GAP_FILL_FLAG, "Y"), (Tag.NEW_SEQ_NO, "9"))
    client.say(Kind.SEQUENCE_RESET, (Tag.GAP_FILL_FLAG, "Y"), (Tag.NEW_SEQ_NO, "9"), number=9)
    assert told(client.hear(1), Tag.REF_SEQ_NUM, Tag.SESSION_REJECT_REASON) == [("3", "9", "5")]


def row_13_a_reset_ignores_its_own_number(venue):
    client = begun(venue)
    client.say(Kind.SEQUENCE_RESET, (Tag.NEW_SEQ_NO, "50"), number=7).say(
        Kind.SEQUENCE_RESET, (Tag.NEW_SEQ_NO, "49"), number=7
    )
    assert told(client.hear(1), Tag.SESSION_REJECT_REASON) == [("3", "5")]
    client.say(Kind.TEST_REQUEST, (Tag.TEST_REQ_ID, "x"), number=50)
    assert told(client.hear(1)) == [("0",)]


def row_14_a_wrong_field_is_refused_and_counted(venue):
    client = begun(venue)
    client.say("D", *new("row 14"), (999, "x")).say("D", *new("row 14")[1:]).say("D", *new("row 14", side="Z"))
    assert told(client.hear(3), Tag.REF_SEQ_NUM, Tag.SESSION_REJECT_REASON) == [
        ("3", "2", "3"),
        ("3", "3", "1"),
        ("3", "4", "5"),
    ]
    client.say("D", *new("row 14"))
    assert told(client.hear(1), Tag.EXEC_TYPE) == [("8", "0")]


def row_15_garbled_messages_are_ignored(venue):
    client = begun(venue)
    client.socket.sendall(
        encode(Kind.TEST_REQUEST, (*client.head(2), (Tag.TEST_REQ_ID, "a"))).replace(b"112=a", b"112=b")
    )
    client.say(Kind.TEST_REQUEST, (Tag.TEST_REQ_ID, "c"))
    assert told(client.hear(1), Tag.TEST_REQ_ID) == [("0", "c")]


def row_16_a_clock_that_is_off(venue):
    client = begun(venue)
    client.say(Kind.HEARTBEAT, head=client.head(sent_ns=venue.clock.utc_ns() - 121 * 10**9))
    assert told(client.rest(), Tag.SESSION_REJECT_REASON) == [("3", "10"), ("5", None)]


def row_17_another_name_inside_a_session(venue):
    client = begun(venue)
    client.say(Kind.HEARTBEAT, head=client.head(sender="FIXB"))
    assert told(client.rest(), Tag.SESSION_REJECT_REASON) == [("3", "9"), ("5", None)]


def row_18_a_logout_is_answered(venue):
    client = begun(venue)
    assert told(client.say(Kind.LOGOUT).hear(1)) == [("5",)]
    # Who logged out closes; who does not is closed.
    venue.clock.forward(10)
    assert client.rest() == []


def row_19_numbers_go_on_and_nothing_is_lost(venue):
    first = begun(venue)
    first.say("D", *new("row 19"))
    assert told(first.hear(1), Tag.MSG_SEQ_NUM) == [("8", "2")]
    first.socket.close()
    second = venue.client(number=3)
    assert second.log_on().number() == 3
    second.say(Kind.RESEND_REQUEST, (Tag.BEGIN_SEQ_NO, "2"), (Tag.END_SEQ_NO, "2"))
    assert told(second.hear(1), Tag.CL_ORD_ID, Tag.MSG_SEQ_NUM) == [("8", "row 19", "2")]


def row_20_a_possible_resend_makes_no_second_order(venue):
    client = begun(venue)
    for _ in range(2):
        client.say("D", (Tag.POSS_RESEND, "Y"), *new("row 20"))
    assert told(client.hear(2), Tag.EXEC_TYPE, Tag.ORD_REJ_REASON) == [("8", "0", None), ("8", "8", "6")]


ROWS = {int(name.split("_")[1]): row for name, row in list(globals().items()) if name.startswith("row_")}


@pytest.mark.parametrize("row", range(1, 21))
def test_the_stimulus_table(venue, row):
    ROWS[row](venue)
