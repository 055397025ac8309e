"""The stimulus table of a FIX 4.4 session against the state machine, a row a case, and what lies between the rows."""

import pytest

from harness.wire.fix import encode
from harness.wire.fix_session import Session
from harness.wire.fix_store import MemoryStore
from harness.wire.fix_tags import Kind, Refused, Tag
from harness.wire.fix_terms import Party, Phase
from harness.wire.fix_times import timestamp
from tests.fakes.fix_talk import CLIENT, HEARTBEAT_S, NOON_NS, ORDER, VENUE, Talk, header, told

REPORT = (
    (Tag.ORDER_ID, "7"), (Tag.EXEC_ID, "1"), (Tag.EXEC_TYPE, "0"), (Tag.ORD_STATUS, "0"), (Tag.SYMBOL, "ONE"), (Tag.SIDE, "1"),
    (Tag.LEAVES_QTY, "5"), (Tag.CUM_QTY, "0"), (Tag.AVG_PX, "0"),
)  # fmt: skip


def logged_on():
    talk = Talk()
    talk.log_on()
    return talk


def row_1_the_first_message_is_no_logon():
    talk = Talk()
    assert talk.say(Kind.HEARTBEAT) == []
    assert talk.session.over == "no Logon, but '0'"


def row_2_a_logon_is_answered_with_the_same_interval():
    talk = Talk()
    assert told(talk.log_on(), Tag.MSG_SEQ_NUM, Tag.HEART_BT_INT, Tag.ENCRYPT_METHOD) == [("A", "1", "30", "0")]
    assert talk.session.phase == Phase.ACTIVE
    assert talk.say(Kind.NEW_ORDER_SINGLE, *ORDER) == []
    assert told(talk.delivered, Tag.CL_ORD_ID) == [("D", "ord-1")]


def row_3_a_logon_of_somebody_else():
    for more, head in (((), header(1, sender="STRANGER")), (((Tag.PASSWORD, "wrong"),), None)):
        talk = Talk()
        talk.say(Kind.LOGON, (Tag.ENCRYPT_METHOD, "0"), (Tag.HEART_BT_INT, "30"), *more, head=head)
        assert talk.session.over == "the Logon was not admitted"
        assert (talk.store.next_in, talk.store.next_out) == (1, 1)


def row_4_a_reset_by_the_logon():
    talk = Talk()
    talk.store.next_in, talk.store.next_out = 17, 23
    said = talk.log_on((Tag.RESET_SEQ_NUM_FLAG, "Y"))
    assert told(said, Tag.MSG_SEQ_NUM, Tag.RESET_SEQ_NUM_FLAG) == [("A", "1", "Y")]
    assert (talk.store.next_in, talk.store.next_out) == (2, 2)
    other = Talk()
    other.log_on((Tag.RESET_SEQ_NUM_FLAG, "Y"), number=5)
    assert other.session.over


def row_5_silence_is_asked_about_and_then_ends_it():
    talk = logged_on()
    assert told(talk.wait(HEARTBEAT_S * 1.2)) == [("1",)]
    assert told(talk.wait(HEARTBEAT_S * 1.2 - 1)) == [("0",)]
    assert talk.session.over is None
    assert told(talk.wait(1), Tag.TEXT) == [("5", "no answer to a TestRequest")]
    assert talk.session.over
    answers = logged_on()
    (asked,) = answers.wait(HEARTBEAT_S * 1.2)
    answers.say(Kind.HEARTBEAT, (Tag.TEST_REQ_ID, asked.get(Tag.TEST_REQ_ID)))
    answers.wait(HEARTBEAT_S)
    assert answers.session.over is None


def row_6_own_silence_is_broken_by_a_heartbeat():
    talk = logged_on()
    assert talk.wait(HEARTBEAT_S - 1) == []
    assert told(talk.wait(1), Tag.TEST_REQ_ID) == [("0", None)]


def row_7_a_test_request():
    assert told(logged_on().say(Kind.TEST_REQUEST, (Tag.TEST_REQ_ID, "are you there")), Tag.TEST_REQ_ID) == [("0", "are you there")]  # fmt: skip


def row_8_a_number_too_high():
    talk = logged_on()
    said = talk.say(Kind.NEW_ORDER_SINGLE, *ORDER, number=5)
    assert told(said, Tag.BEGIN_SEQ_NO, Tag.END_SEQ_NO) == [("2", "2", "0")]
    assert talk.say(Kind.NEW_ORDER_SINGLE, *ORDER, number=6) == []
    assert talk.delivered == []
    # All that was asked for comes again, the early ones too.
    for number in range(2, 7):
        talk.say(Kind.NEW_ORDER_SINGLE, (Tag.POSS_DUP_FLAG, "Y"), (Tag.ORIG_SENDING_TIME, timestamp(NOON_NS)), *ORDER, number=number)  # fmt: skip
    assert [message.number() for message in talk.delivered] == [2, 3, 4, 5, 6]
    # A Logon is answered first, a ResendRequest and a Logout too.
    assert told(Talk().log_on(number=4), Tag.BEGIN_SEQ_NO) == [("A", None), ("2", "1")]
    asked = logged_on().say(Kind.RESEND_REQUEST, (Tag.BEGIN_SEQ_NO, "1"), (Tag.END_SEQ_NO, "0"), number=9)
    assert told(asked, Tag.NEW_SEQ_NO, Tag.BEGIN_SEQ_NO) == [("4", "2", None), ("2", None, "2")]
    left = logged_on()
    assert told(left.say(Kind.LOGOUT, number=9)) == [("5",)]
    assert left.session.phase == Phase.LEFT


def row_9_a_number_too_low():
    talk = logged_on()
    assert told(talk.say(Kind.HEARTBEAT, number=1), Tag.TEXT) == [("5", "MsgSeqNum 1 came, wanted 2")]
    assert talk.session.over
    # A Logon is no exception.
    talk.connect()
    assert told(talk.log_on(number=1), Tag.TEXT) == [("5", "MsgSeqNum 1 came, wanted 2")]
    assert talk.session.over


def row_10_a_possible_duplicate():
    talk = logged_on()
    possible, first = (Tag.POSS_DUP_FLAG, "Y"), (Tag.ORIG_SENDING_TIME, timestamp(NOON_NS))
    assert talk.say(Kind.NEW_ORDER_SINGLE, possible, first, *ORDER, number=1) == []
    refused = talk.say(Kind.NEW_ORDER_SINGLE, possible, *ORDER, number=1)
    assert told(refused, Tag.SESSION_REJECT_REASON, Tag.REF_TAG_ID) == [("3", "1", "122")]
    assert (talk.delivered, talk.session.over, talk.store.next_in) == ([], None, 2)
    later = (Tag.ORIG_SENDING_TIME, timestamp(NOON_NS + 10**9))
    assert told(talk.say(Kind.NEW_ORDER_SINGLE, possible, later, *ORDER, number=1), Tag.SESSION_REJECT_REASON) == [("3", "10"), ("5", None)]  # fmt: skip


def row_11_what_was_sent_is_sent_again():
    talk = logged_on()
    talk.session.send(Kind.EXECUTION_REPORT, REPORT)
    talk.say(Kind.TEST_REQUEST, (Tag.TEST_REQ_ID, "x"))
    talk.say(Kind.TEST_REQUEST)
    talk.session.send(Kind.ORDER_CANCEL_REJECT, REPORT)
    talk.hear()
    talk.clock.after(3)
    said = talk.say(Kind.RESEND_REQUEST, (Tag.BEGIN_SEQ_NO, "1"), (Tag.END_SEQ_NO, "0"))
    assert told(said, Tag.MSG_SEQ_NUM, Tag.NEW_SEQ_NO) == [("4", "1", "2"), ("8", "2", None), ("4", "3", "4"), ("3", "4", None), ("9", "5", None)]  # fmt: skip
    assert {message.get(Tag.POSS_DUP_FLAG) for message in said} == {"Y"}
    assert said[1].get(Tag.ORIG_SENDING_TIME) == timestamp(NOON_NS)
    assert said[1].get(Tag.SENDING_TIME) == timestamp(NOON_NS + 3 * 10**9)
    assert said[1].get(Tag.ORDER_ID) == "7"
    only = talk.say(Kind.RESEND_REQUEST, (Tag.BEGIN_SEQ_NO, "2"), (Tag.END_SEQ_NO, "2"))
    assert told(only, Tag.MSG_SEQ_NUM) == [("8", "2")]


def row_12_a_gap_fill():
    talk = logged_on()
    assert talk.say(Kind.SEQUENCE_RESET, (Tag.GAP_FILL_FLAG, "Y"), (Tag.NEW_SEQ_NO, "9")) == []
    assert talk.store.next_in == 9
    refused = talk.say(Kind.SEQUENCE_RESET, (Tag.GAP_FILL_FLAG, "Y"), (Tag.NEW_SEQ_NO, "9"), number=9)
    assert told(refused, Tag.SESSION_REJECT_REASON, Tag.REF_TAG_ID) == [("3", "5", "36")]
    assert talk.store.next_in == 10


def row_13_a_reset_ignores_its_own_number():
    talk = logged_on()
    assert talk.say(Kind.SEQUENCE_RESET, (Tag.NEW_SEQ_NO, "50"), number=3) == []
    assert talk.store.next_in == 50
    refused = talk.say(Kind.SEQUENCE_RESET, (Tag.NEW_SEQ_NO, "49"), number=1)
    assert told(refused, Tag.SESSION_REJECT_REASON) == [("3", "5")]
    assert talk.store.next_in == 50


def row_14_a_wrong_field_is_refused_and_counted():
    talk = logged_on()
    without_symbol = [field for field in ORDER if field[0] != Tag.SYMBOL]
    cases = [
        ((*ORDER, (999, "x")), Refused.UNDEFINED_TAG, "999"),
        (without_symbol, Refused.REQUIRED_TAG_MISSING, "55"),
        ((*ORDER, (Tag.POSS_RESEND, "maybe")), Refused.VALUE_OUT_OF_RANGE, "97"),
        ((*ORDER, (Tag.STOP_PX, "dear")), Refused.BAD_FORMAT, "99"),
        ((*ORDER, (Tag.EXEC_INST, "")), Refused.TAG_WITHOUT_VALUE, "18"),
    ]
    for place, (body, reason, tag) in enumerate(cases):
        said = talk.say(Kind.NEW_ORDER_SINGLE, *body)
        assert told(said, Tag.REF_SEQ_NUM, Tag.SESSION_REJECT_REASON, Tag.REF_TAG_ID) == [("3", str(place + 2), str(int(reason)), tag)]  # fmt: skip
    assert told(talk.say("YY"), Tag.SESSION_REJECT_REASON) == [("3", "11")]
    assert (talk.delivered, talk.store.next_in) == ([], 8)
    talk.say(Kind.NEW_ORDER_SINGLE, *ORDER)
    assert len(talk.delivered) == 1


def row_15_garbled_messages_are_ignored():
    talk = logged_on()
    whole = encode(Kind.NEW_ORDER_SINGLE, (*header(2), *ORDER))
    assert talk.say_bytes(whole.replace(b"ord-1", b"ord-2")) == []
    assert talk.store.next_in == 2
    assert talk.say_bytes(whole) == []
    assert len(talk.delivered) == 1


def row_16_a_clock_that_is_off():
    talk = logged_on()
    head = header(2, sent_ns=NOON_NS - 121 * 10**9)
    assert told(talk.say(Kind.HEARTBEAT, head=head), Tag.SESSION_REJECT_REASON) == [("3", "10"), ("5", None)]
    assert talk.session.over
    assert talk.store.next_in == 3
    close = logged_on()
    assert close.say(Kind.HEARTBEAT, head=header(2, sent_ns=NOON_NS + 119 * 10**9)) == []


def row_17_another_name_inside_a_session():
    talk = logged_on()
    said = talk.say(Kind.HEARTBEAT, head=header(2, sender="STRANGER"))
    assert told(said, Tag.SESSION_REJECT_REASON, Tag.REF_TAG_ID) == [("3", "9", "49"), ("5", None, None)]
    assert talk.session.over


def row_18_a_logout_is_answered():
    talk = logged_on()
    assert told(talk.say(Kind.LOGOUT)) == [("5",)]
    # The other side closes; one that does not is closed.
    assert talk.session.over is None
    assert talk.say(Kind.NEW_ORDER_SINGLE, *ORDER) == []
    assert talk.delivered == []
    talk.wait(10)
    assert talk.session.over


def row_19_numbers_go_on_and_nothing_is_lost():
    talk = logged_on()
    talk.session.send(Kind.EXECUTION_REPORT, REPORT)
    talk.hear()
    talk.connect()
    talk.store.keep(Kind.EXECUTION_REPORT, timestamp(NOON_NS), ((Tag.ORDER_ID, "8"),))
    assert told(talk.log_on(), Tag.MSG_SEQ_NUM) == [("A", "4")]
    said = talk.say(Kind.RESEND_REQUEST, (Tag.BEGIN_SEQ_NO, "3"), (Tag.END_SEQ_NO, "0"))
    assert told(said, Tag.MSG_SEQ_NUM, Tag.ORDER_ID) == [("8", "3", "8"), ("4", "4", None)]


def row_20_a_possible_resend_is_the_applications_to_judge():
    talk = logged_on()
    for _ in range(2):
        assert talk.say(Kind.NEW_ORDER_SINGLE, (Tag.POSS_RESEND, "Y"), *ORDER) == []
    assert told(talk.delivered, Tag.POSS_RESEND) == [("D", "Y"), ("D", "Y")]


ROWS = {int(name.split("_")[1]): row for name, row in list(globals().items()) if name.startswith("row_")}


@pytest.mark.parametrize("row", range(1, 21))
def test_the_stimulus_table(row):
    ROWS[row]()


def test_what_is_sent_while_something_is_sent_again_comes_behind_it():
    talk = logged_on()
    for _ in range(600):
        talk.session.send(Kind.EXECUTION_REPORT, REPORT)
    talk.hear()
    for end, last in (("0", ("0", "603")), ("300", ("0", "605"))):
        talk.take(Kind.RESEND_REQUEST, (Tag.BEGIN_SEQ_NO, "2"), (Tag.END_SEQ_NO, end))
        talk.session.send(Kind.EXECUTION_REPORT, REPORT)
        talk.take(Kind.TEST_REQUEST, (Tag.TEST_REQ_ID, "x"))
        said = talk.hear()
        numbers = [message.number() for message in said]
        upto = int(end) or 601
        assert numbers[: upto - 1] == list(range(2, upto + 1))
        # The report held back, and the answer to the test.
        assert told(said, Tag.MSG_SEQ_NUM)[-1] == last
        assert numbers[-2] == numbers[-1] - 1


def test_an_orderly_end_from_this_side():
    talk = logged_on()
    talk.session.log_out("the day is over")
    assert told(talk.hear(), Tag.TEXT) == [("5", "the day is over")]
    talk.say(Kind.NEW_ORDER_SINGLE, *ORDER)
    assert len(talk.delivered) == 1
    talk.say(Kind.LOGOUT)
    assert talk.session.over == "logged out"


def test_a_gap_in_what_is_sent_again_is_asked_for_once():
    talk = logged_on()
    talk.say(Kind.NEW_ORDER_SINGLE, *ORDER, number=6)
    again = ((Tag.POSS_DUP_FLAG, "Y"), (Tag.ORIG_SENDING_TIME, timestamp(NOON_NS)), *ORDER)
    assert talk.say(Kind.NEW_ORDER_SINGLE, *again, number=2) == []
    assert told(talk.say(Kind.NEW_ORDER_SINGLE, *again, number=4), Tag.BEGIN_SEQ_NO) == [("2", "3")]
    assert talk.say(Kind.NEW_ORDER_SINGLE, *again, number=5) == []


@pytest.mark.parametrize(
    "body", [((Tag.BEGIN_SEQ_NO, "9"), (Tag.END_SEQ_NO, "0")), ((Tag.BEGIN_SEQ_NO, "1"), (Tag.END_SEQ_NO, "x"))]
)
def test_what_was_never_sent_cannot_be_asked_for(body):
    assert told(logged_on().say(Kind.RESEND_REQUEST, *body))[0] == ("3",)


def test_two_sessions_talk_to_each_other_and_make_up_for_what_was_lost():
    talk = Talk()
    store = MemoryStore()
    for lost in (False, True):
        talk.connect()
        caller = Session(lambda _: None, lambda: talk.clock.now_ns, talk.clock.now_ns)
        caller.knock(Party(CLIENT, VENUE, store), HEARTBEAT_S)
        heard = _exchange(caller, talk)
        assert caller.phase == talk.session.phase == Phase.ACTIVE
        assert [message.get(Tag.ORDER_ID) for message in heard] == (["7", "7"] if lost else [])
        for _ in range(2):
            talk.session.send(Kind.EXECUTION_REPORT, REPORT)
    assert store.next_in == talk.store.next_out - 2


def _exchange(caller: Session, talk: Talk) -> list:
    """All that both say, until both are silent; the application messages that came to the caller."""
    heard = []
    while caller.outbox or talk.session.outbox:
        said, caller.outbox[:] = bytes(caller.outbox), b""
        heard += [
            one for message in talk.say_bytes(said) if (one := caller.take(message, talk.clock.now_ns)) is not None
        ]
        while caller.pump():
            pass
    return heard
