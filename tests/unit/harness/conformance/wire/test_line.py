"""The socket of a battery: each wait is bounded, an end is told, and what an engine closes is no crash."""

import socket
import time

import pytest

from harness.conformance.wire.fix_line import FixLine
from harness.conformance.wire.line import FLOOD_S, End, same
from harness.conformance.wire.script import step_of
from harness.wire.fix import encode
from harness.wire.fix_tags import Tag
from tests.fakes.scripted_line import INSTRUMENT, door


@pytest.fixture
def ends():
    """A line that is connected, and the engine's end of it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = FixLine(door("fix")._replace(address=listener.getsockname()), 1.0)
        line.connect()
        there, _ = listener.accept()
        with there:
            yield line, there
        line.drop()


def test_messages_are_heard_one_by_one(ends):
    line, there = ends
    there.sendall(encode("0", ()) + encode("5", ()))
    far_s = time.monotonic() + 60
    assert [line.hear(far_s).kind for _ in range(2)] == ["0", "5"]


def test_silence_and_the_end_are_told(ends):
    line, there = ends
    assert line.hear(time.monotonic() + 0.01) == End.SILENCE
    there.sendall(encode("5", ()))
    there.close()
    far_s = time.monotonic() + 60
    assert line.hear(far_s).kind == "5"
    assert line.hear(far_s) == End.CLOSED
    assert not line.is_connected
    line.say(step_of("> 0").said)
    assert line.hear(far_s) == End.CLOSED


def test_who_never_ends_is_left(ends):
    line, there = ends
    there.sendall(encode("0", ()) * 3)
    assert line.hear(time.monotonic() + 60).kind == "0"
    assert line.hear(time.monotonic() - FLOOD_S / 2).kind == "0", "it was there in time, as far as anybody knows"
    assert line.hear(time.monotonic() - FLOOD_S * 2) == End.SILENCE


def test_a_message_may_go_out_a_byte_at_a_time(ends):
    line, there = ends
    line.say(step_of("> 1 112=x & 0").said, bytewise=True)
    line.drop()
    whole = b""
    while got := there.recv(1 << 16):
        whole += got
    assert [part[:1] for part in whole.split(b"\x0135=")[1:]] == [b"1", b"0"]


def test_what_is_not_connected_hears_nothing():
    assert FixLine(door("fix"), 1.0).hear(time.monotonic() + 60) == End.CLOSED


def test_prices_lie_around_the_middle_and_symbols_are_those_of_the_door():
    line = FixLine(door("fix"), 1.0)
    assert [line.price(text) for text in ("100", "99")] == [5_000, 5_000 - INSTRUMENT.price_step]
    assert line.quantity("3") == 30
    assert (line.symbol("own"), line.symbol("OTHER")) == ("ONE", "OTHER")
    assert line.symbol("nobody") not in {"ONE", "own"}


@pytest.mark.parametrize(("came", "wanted", "are_same"), [("5", "5.00", True), ("x", "x", True), ("x", "5", False), ("5", "6", False), ("", "0", False)])  # fmt: skip
def test_values_are_the_same_as_text_or_as_decimals(came, wanted, are_same):
    assert same(came, wanted) == are_same


def test_tags_have_their_numbers():
    assert str(Tag.CL_ORD_ID) == "11", "rows name tags as they are written"
