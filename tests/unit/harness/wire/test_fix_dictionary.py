"""Which messages are refused, and why."""

import pytest

from harness.wire.fix import Message
from harness.wire.fix_dictionary import REQUIRED, Refusal, refusal_of, reject_of
from harness.wire.fix_tags import Kind, Refused, Tag
from tests.fakes.fix_talk import ORDER, header


def order(*more, without=()):
    return Message(
        Kind.NEW_ORDER_SINGLE, tuple(field for field in (*header(1), *ORDER, *more) if field[0] not in without)
    )


def test_a_right_order_is_not_refused_whatever_else_it_says():
    assert refusal_of(order((21, "1"), (453, "2"), (448, "A"), (448, "B"), (5001, "own"))) is None


@pytest.mark.parametrize("tag", [*REQUIRED[Kind.NEW_ORDER_SINGLE], Tag.ORDER_QTY, Tag.SENDER_COMP_ID, Tag.SENDING_TIME])
def test_what_is_required(tag):
    assert refusal_of(order(without=(tag,))) == Refusal(Refused.REQUIRED_TAG_MISSING, tag)


@pytest.mark.parametrize(
    ("tag", "value", "reason"),
    [
        (0, "x", Refused.INVALID_TAG_NUMBER),
        (957, "x", Refused.UNDEFINED_TAG),
        (21, "", Refused.TAG_WITHOUT_VALUE),
        (Tag.STOP_PX, "1e5", Refused.BAD_FORMAT),
        (Tag.STOP_PX, "-", Refused.BAD_FORMAT),
        (Tag.STOP_PX, ".", Refused.BAD_FORMAT),
        (Tag.ORIG_SENDING_TIME, "yesterday", Refused.BAD_FORMAT),
        (Tag.TIME_IN_FORCE, "9", Refused.VALUE_OUT_OF_RANGE),
        (Tag.POSS_RESEND, "y", Refused.VALUE_OUT_OF_RANGE),
        (Tag.SIDE, "2", Refused.TAG_REPEATED),
    ],
)
def test_what_a_field_may_not_say(tag, value, reason):
    refusal = refusal_of(order((tag, value)))
    assert refusal == Refusal(reason, tag)


def test_decimals_of_fix():
    for text in ("23.50", "-1", "0.", ".5", "007"):
        assert refusal_of(order((Tag.STOP_PX, text))) is None


def test_kinds_that_are_known_and_those_that_are_not():
    assert refusal_of(Message("AE", header(1))) is None
    for kind in ("", "U1", "I", "BI"):
        assert refusal_of(Message(kind, header(1))) == Refusal(Refused.INVALID_MSG_TYPE, 0)


def test_a_reject_names_what_it_is_about():
    body = reject_of(order((Tag.STOP_PX, "")), Refusal(Refused.TAG_WITHOUT_VALUE, Tag.STOP_PX))
    assert body == ((45, "1"), (371, "99"), (372, "D"), (373, "4"), (58, "tag without value: 99"))
    assert reject_of(Message("", ()), Refusal(Refused.INVALID_MSG_TYPE, 0)) == (
        (45, "0"),
        (373, "11"),
        (58, "invalid msg type"),
    )
