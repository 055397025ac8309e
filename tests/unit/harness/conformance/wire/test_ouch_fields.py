"""A request of a row is the message that it says, broken where it says so; a reply is told by the names of the document."""

import pytest

from harness.conformance.wire.ouch_fields import fields_of, request_of
from harness.conformance.wire.ouch_line import OuchLine
from harness.conformance.wire.script import step_of
from harness.wire import ouch, soup
from tests.fakes.ouch_client import request
from tests.fakes.plain_ouch import OUT, write
from tests.fakes.scripted_line import door

SHORT = {"type": ord("J"), "timestamp": 5, "user_ref_num": 3, "reject_reason": 0x13, "cl_ord_id": b"MINE".ljust(14)}


def packet(text):
    return request_of(step_of(f"> {text}").said[0], OuchLine(door(), 1.0))


def decoded(raw):
    found = ouch.decode_requests(raw, soup.split(raw).packets)
    return found.records[0], int(found.defects[0])


def test_what_a_row_does_not_say_is_as_usual():
    record, defect = decoded(packet("O #2"))
    same = request("O", 2, quantity=50, price=5_000 * 100, cl_ord_id=b" " * 14, symbol=ouch.word("ONE", 8))[0]
    assert (record.tolist(), defect) == (same.tolist(), 0)


def test_prices_and_quantities_are_those_of_what_is_traded():
    record, _ = decoded(packet("U #2 orig_user_ref_num=#1 price=101 quantity=7"))
    assert (record["price"], record["quantity"], record["orig_user_ref_num"]) == (5_050 * 100, 70, 1)
    record, _ = decoded(packet("X #1 quantity=!7"))
    assert record["quantity"] == 7


def test_tags_and_firms():
    record, defect = decoded(packet("C #3 side=B"))
    assert (chr(record["side"]), ouch.text_of(int(record["firm"]), 4), record["symbol"], defect) == ("B", "DEMO", ouch.word("", 8), 0)  # fmt: skip


@pytest.mark.parametrize(
    ("broken", "payload_bytes", "defect"),
    [
        ("type=z", 47, 2),
        ("cut=20", 20, 3),
        ("cut=0", 0, 1),
        ("appendage=090300000005", 53, 6),
        ("appendage=02c859", 50, 0),
    ],
)
def test_a_message_is_broken_where_the_row_says_so(broken, payload_bytes, defect):
    raw = packet(f"O #1 {broken}")
    assert len(raw) == 3 + payload_bytes
    assert int.from_bytes(raw[:2], "big") == 1 + payload_bytes
    assert decoded(raw)[1] == defect


def test_a_packet_may_be_left_unfinished():
    whole = packet("O #1")
    assert packet("O #1 half=30") == whole[:30]


def test_a_reply_is_told_by_its_names():
    payload = write(OUT, SHORT)
    record = ouch.decode_replies(
        payload, soup.split(soup.packet(soup.PacketType.SEQUENCED, payload)).packets - [[0, 3, 3]]
    ).records[0]
    assert fields_of(record) == {"timestamp": "5", "user_ref_num": "3", "reject_reason": "0x13", "cl_ord_id": "MINE"}
