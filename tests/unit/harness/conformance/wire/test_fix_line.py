"""A session of FIX in a battery: headers in the hands of the row, values of what is traded, and messages garbled in one way each."""

import pytest

from harness.conformance.wire.fix_line import FixLine
from harness.conformance.wire.line import GARBLED
from harness.conformance.wire.script import step_of
from harness.wire.fix import encode, split
from harness.wire.fix_dictionary import refusal_of
from harness.wire.fix_tags import Tag
from harness.wire.fix_times import time_ns
from tests.fakes.scripted_line import door


@pytest.fixture
def line():
    made = FixLine(door("fix"), 1.0)
    made.open()
    return made


def said(line, text):
    (message,) = split(line.encoded(step_of(f"> {text}").said[0])).messages
    return message


def test_a_message_has_the_header_of_the_session_first(line):
    message = said(line, "D #a 43=Y 122=now")
    assert [tag for tag, _ in message.fields[:6]] == [34, 49, 52, 56, 43, 122]
    assert (message.get(Tag.SENDER_COMP_ID), message.get(Tag.TARGET_COMP_ID)) == ("Own", "THEM")
    assert refusal_of(message) is None


def test_numbers_count_but_for_those_that_the_row_gives(line):
    assert [said(line, text).number() for text in ("0", "0 34=9", "0", "0 34=2")] == [1, 9, 2, 2]


def test_prices_quantities_and_ids_are_of_this_session(line):
    message = said(line, "D #a 44=101 38=7")
    assert (message.get(Tag.PRICE), message.get(Tag.ORDER_QTY), message.get(Tag.SYMBOL)) == ("50.5", "70", "ONE")
    own = message.get(Tag.CL_ORD_ID)
    assert said(line, "F #c 41=#a").get(Tag.ORIG_CL_ORD_ID) == own
    line.open()
    assert said(line, "D #a").get(Tag.CL_ORD_ID) != own


def test_a_field_may_be_left_out_empty_or_as_it_stands(line):
    fields = dict(split(line.encoded(step_of("> D #a 55=- 18=! 38=!0 44=!1.25 55=-").said[0])).messages[0].fields)
    assert (Tag.SYMBOL in fields, fields[Tag.EXEC_INST], fields[Tag.ORDER_QTY], fields[Tag.PRICE]) == (
        False,
        "",
        "0",
        "1.25",
    )


def test_times_may_be_off(line):
    message = said(line, "0 52=-600s 122=+10s")
    sent, original = (time_ns(message.get(tag)) for tag in (Tag.SENDING_TIME, Tag.ORIG_SENDING_TIME))
    assert abs(original - sent - 610 * 10**9) < 10**9


def test_a_logon_has_the_password_and_another_where_the_row_says_so(line):
    assert said(line, "A").get(Tag.PASSWORD) == "secret"
    assert said(line, "A 554=!WRONG").get(Tag.PASSWORD) == "WRONG"


@pytest.mark.parametrize("garbled", ["checksum", "length", "version"])
def test_a_message_is_garbled_in_one_way(line, garbled):
    whole = encode("1", ((Tag.MSG_SEQ_NUM, "1"),))
    raw = line.encoded(step_of(f"> 1 112=x 34=2 garbled={garbled}").said[0])
    assert [one.number() for one in split(raw + whole).messages] == [1]


def test_what_comes_is_told_by_tags_and_garbled_bytes_are_told(line):
    line.taken(encode("8", ((Tag.CL_ORD_ID, line.value("11", "#a")), (Tag.ORD_STATUS, "2"))) + b"8=nothing")
    heard = line.next()
    assert (heard.kind, heard.fields["39"], line.shown(heard)) == ("8", "2", "8 39=2 11=#a")
    assert line.next().kind == GARBLED


def test_what_means_nothing_is_passed_over(line):
    line.taken(
        b"".join(
            (
                encode("0", ()),
                encode("0", ((Tag.TEST_REQ_ID, "x"),)),
                encode("8", ((Tag.EXEC_TYPE, "A"),)),
                encode("8", ((Tag.EXEC_TYPE, "0"),)),
            )
        )
    )
    assert [line.passes_over(line.next()) for _ in range(4)] == [True, False, True, False]
