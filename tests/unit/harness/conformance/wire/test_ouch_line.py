"""A session of OUCH in a battery: numbers of a row, places in the stream, and replays held against what was told."""

import numpy as np
import pytest

from harness.conformance.wire.line import GARBLED
from harness.conformance.wire.ouch_line import OuchLine
from harness.conformance.wire.script import step_of
from harness.wire import soup
from harness.wire.soup import Accepted, Login, PacketType, Rejection
from tests.fakes.plain_ouch import OUT, write
from tests.fakes.scripted_line import door


def canceled(number, quantity=5):
    fields = {"type": ord("C"), "timestamp": 1, "user_ref_num": number, "quantity": quantity, "reason": ord("U")}
    return soup.packet(PacketType.SEQUENCED, write(OUT, fields))


def accepted(number):
    return soup.accepted_packet(Accepted("SESS", number))


@pytest.fixture
def line():
    made = OuchLine(door(), 1.0)
    made.open()
    return made


def taken(line, raw):
    line.taken(raw)
    heard = []
    while (one := line.next()) is not None:
        heard.append(one)
    return heard


def login(line, text):
    raw = line.encoded(step_of(f"> login {text}").said[0])
    return soup.read_login(raw[3:])


def test_packets_are_told_by_their_names_wherever_they_were_cut(line):
    stream = (
        accepted(1) + soup.packet(PacketType.SERVER_HEARTBEAT) + canceled(4) + soup.packet(PacketType.END_OF_SESSION)
    )
    heard = [one for byte in stream for one in taken(line, bytes([byte]))]
    assert [one.kind for one in heard] == ["accepted", "alive", "C", "end"]
    assert heard[0].fields == {"session": "SESS", "sequence": "1"}
    assert heard[2].fields == {"timestamp": "1", "user_ref_num": "4", "quantity": "5", "reason": "U"}


def test_a_rejected_login_has_its_reason(line):
    assert taken(line, soup.rejected_packet(Rejection.SESSION_NOT_AVAILABLE))[0].fields == {"reason": "S"}


def test_what_comes_again_is_old_and_must_be_the_same(line):
    taken(line, accepted(1) + canceled(1) + canceled(2))
    again = taken(line, accepted(2) + canceled(2) + canceled(3))
    assert [(one.kind, one.is_old) for one in again] == [("accepted", False), ("C", True), ("C", False)]
    (_, other) = taken(line, accepted(2) + canceled(2, quantity=6))
    assert other.kind == GARBLED
    assert other.fields["text"].startswith("message 2 came again with other bytes")


def test_it_is_up_to_date_once_the_last_that_it_knew_was_given_out(line):
    taken(line, accepted(1) + canceled(1) + canceled(2))
    line.taken(accepted(1) + canceled(1) + canceled(2))
    told = []
    while line.next() is not None:
        told.append(line.is_up_to_date)
    assert told == [False, False, True]


@pytest.mark.parametrize(
    "raw", [b"\0\0", soup.packet(PacketType.SEQUENCED, b"C12"), soup.packet(PacketType.ACCEPTED, b"x")]
)
def test_what_cannot_be_read_is_told(line, raw):
    assert taken(line, raw)[0].kind == GARBLED


def test_a_login_is_behind_the_newest_message_and_may_be_elsewhere(line):
    taken(line, accepted(1) + canceled(1) + canceled(2))
    assert login(line, "") == Login("Own", "secret", "", 3)
    assert login(line, "sequence=+0 session=!OTHER password=!wrong timeout_ms=9") == Login(
        "Own", "wrong", "OTHER", 2, 9
    )
    assert login(line, "sequence=1 username=swapped") == Login("oWN", "secret", "", 1)


def test_numbers_go_on_from_row_to_row(line):
    line.encoded(step_of("> O #3").said[0])
    assert line.value("user_ref_num", "#1") == "1"
    line.open()
    assert [line.value("user_ref_num", text) for text in ("#0", "#1", "!0")] == ["3", "4", "0"]
    (told,) = taken(line, canceled(5))
    assert line.shown(told) == "C user_ref_num=#2 quantity=5 reason=U"
    (of_before,) = taken(line, canceled(3))
    assert [line.passes_over(one) for one in (told, of_before)] == [False, True]


def test_raw_bytes_and_packets_of_others():
    line = OuchLine(door(), 1.0)
    assert line.encoded(step_of("> raw ffff55 long=3").said[0]) == b"\xff\xffU\0\0\0"
    assert line.encoded(step_of("> sequenced text=x").said[0]) == soup.packet(PacketType.SEQUENCED, b"x")
    assert np.array_equal(
        soup.split(line.encoded(step_of("> alive").said[0])).packets[:, 0], [PacketType.CLIENT_HEARTBEAT]
    )
