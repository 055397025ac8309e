"""OUCH 5.0: the published layouts, held to a second writing in plain `struct`; streams cut anywhere; bytes that are no message."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.wire import ouch, soup
from harness.wire.ouch import Defect
from harness.wire.ouch_layout import OTHERS_PRESENT, REPLY, REQUEST
from harness.wire.soup import PacketType
from tests.fakes import plain_ouch
from tests.fakes.ouch_messages import messages
from tests.fakes.plain_ouch import IN, OUT, as_record, element, write

ORDER = "4f0000000142000001f4544553542020202000000000001cdba23059504e4e6f72642d303030312020202020200000"
VECTORS = {
    "in": [
        ORDER,
        "4f000000025300000032544553542020202000000000001ce0943359504e4e6f72642d303030322020202020200009050300000032020c50",
        "550000000100000003000001f400000000001cdea030594e6f72642d303030332020202020200000",
        "580000000300000000",
        "58000000030000012c0003021c05",
        "4d000000045400000064",
        "43000000054142434420202020202020200003021b42",
        "51",
    ],
    "out": [
        "5300001f1aced9f1c853",
        "4100001f1aced9f1c80000000142000001f4544553542020202000000000001cdba230590000000000001e61504e4e4c6f72642d303030312020202020200000",
        "4500001f1aced9f1c8000000010000006400000000001cdba24100000000000023290000",
        "5500001f1aced9f1c800000001000000034200000190544553542020202000000000001cdea030590000000000001e62504e4e4c6f72642d303030332020202020200000",
        "4300001f1aced9f1c8000000030000019055",
        "4a00001f1aced9f1c800000006001d6f72642d30303036202020202020",
        "5100001f1aced9f1c80000002a",
    ],
}
WAYS = {
    "in": (PacketType.UNSEQUENCED, ouch.decode_requests, ouch.encode_requests, REQUEST, IN),
    "out": (PacketType.SEQUENCED, ouch.decode_replies, ouch.encode_replies, REPLY, OUT),
}


def stream_of(way, payloads):
    return b"".join(soup.packet(WAYS[way][0], payload) for payload in payloads)


def decoded(way, *payloads):
    stream = stream_of(way, payloads)
    return WAYS[way][1](stream, soup.split(stream).packets)


def defect(way, payload):
    """What is wrong with one message; its record must be empty."""
    came = decoded(way, payload)
    assert came.records.tobytes() == bytes(came.records.nbytes) or came.defects[0] == Defect.NONE
    return Defect(came.defects[0])


@pytest.mark.parametrize(("way", "vector"), [(way, each) for way, some in VECTORS.items() for each in some])
def test_a_message_comes_back_byte_for_byte(way, vector):
    came = decoded(way, bytes.fromhex(vector))
    assert came.defects.tolist() == [Defect.NONE]
    assert WAYS[way][2](came.records).tobytes() == stream_of(way, [bytes.fromhex(vector)])


def test_what_an_order_says():
    (order,) = decoded("in", bytes.fromhex(VECTORS["in"][1])).records
    assert (order["user_ref_num"], chr(order["side"]), order["quantity"]) == (2, "S", 50)
    assert ouch.text_of(int(order["symbol"]), 8) == "TEST"
    assert (order["price"], chr(order["time_in_force"]), chr(order["display"])) == (1_892_500, "3", "Y")
    assert order["cl_ord_id"] == b"ord-0002      "
    assert (order["min_qty"], chr(order["post_only"])) == (50, "P")
    assert order["present"] == 1 | 1 << 3 | 1 << 12


def test_elements_seen_in_captured_packets():
    """The appendages of real Enter Orders in the public captures of Open Markets Initiative: a firm, and a firm with a weight."""
    order = bytes.fromhex(ORDER)[:-2]
    firm = bytes.fromhex("0006") + element(2, b"ABCD")
    assert ouch.text_of(int(decoded("in", order + firm).records["firm"][0]), 4) == "ABCD"
    accepted = bytes.fromhex(VECTORS["out"][1])[:-2]
    both = bytes.fromhex("0009") + element(2, b"ABCD") + bytes.fromhex("021230")
    (reply,) = decoded("out", accepted + both).records
    assert (ouch.text_of(int(reply["firm"]), 4), chr(reply["bbo_weight_indicator"])) == ("ABCD", "0")


@settings(deadline=None)  # the first example loads the kernels
@given(st.data(), st.sampled_from(["in", "out"]))
def test_any_messages_are_read_and_written_as_the_plain_way_does(data, way):
    some = data.draw(st.lists(messages(WAYS[way][4]), max_size=6))
    payloads = [write(WAYS[way][4], fields, tags) for fields, tags in some]
    came = decoded(way, *payloads)
    wanted = [as_record(fields, tags, WAYS[way][3]) for fields, tags in some]
    assert not came.defects.any()
    assert came.records.tobytes() == b"".join(each.tobytes() for each in wanted)
    assert WAYS[way][2](came.records).tobytes() == stream_of(way, payloads)


@settings(deadline=None)
@given(st.data())
def test_tags_come_in_any_order_and_strange_ones_are_passed_over(data):
    fields, tags = data.draw(messages({"O": IN["O"]}))
    strange = {tag: data.draw(st.binary(max_size=9)) for tag in data.draw(st.sets(st.sampled_from([0, 8, 14, 27, 31, 60, 255])))}  # fmt: skip
    elements = [element(tag, value) for tag, value in strange.items()]
    elements += [element(tag, plain_ouch.struct.pack(plain_ouch.TAGS[tag][1], value)) for tag, value in tags.items()]
    appendage = b"".join(data.draw(st.permutations(elements)))
    body = write(IN, fields, {})[:-2]
    came = decoded("in", body + len(appendage).to_bytes(2, "big") + appendage)
    wanted = as_record(fields, tags, REQUEST)
    wanted["present"] |= OTHERS_PRESENT if strange else 0
    assert came.defects[0] == Defect.NONE
    assert came.records.tobytes() == wanted.tobytes()


@settings(deadline=None)
@given(st.data(), st.sampled_from(["in", "out"]))
def test_a_message_cut_anywhere_is_malformed_unless_what_is_left_is_one_too(data, way):
    fields, tags = data.draw(messages(WAYS[way][4]))
    payload = write(WAYS[way][4], fields, tags)
    is_tail = WAYS[way][4][chr(fields["type"])][2] == plain_ouch.TAIL
    for cut in range(len(payload)):
        whole = is_tail and cut == len(write(WAYS[way][4], fields, {})) - 2
        assert (defect(way, payload[:cut]) == Defect.NONE) == whole, cut


@settings(deadline=None)
@given(st.data(), st.sampled_from(["in", "out"]))
def test_any_bytes_are_a_message_that_comes_back_or_none(data, way):
    kinds = "".join(WAYS[way][4]).encode()
    payload = bytes((data.draw(st.sampled_from(kinds)),)) + data.draw(st.binary(max_size=90))
    came = decoded(way, payload)
    if defect(way, payload) == Defect.NONE and not came.records["present"][0] & OTHERS_PRESENT:
        again = WAYS[way][2](came.records).tobytes()
        assert len(again) == len(stream_of(way, [payload]))
        assert decoded(way, again[3:]).records.tobytes() == came.records.tobytes()


BODY = bytes.fromhex(ORDER)[:-2]


@pytest.mark.parametrize(
    ("way", "payload", "wanted"),
    [
        ("in", b"", Defect.EMPTY),
        ("in", b"?", Defect.UNKNOWN_TYPE),
        ("in", b"A" + bytes(80), Defect.UNKNOWN_TYPE),
        ("out", b"O" + bytes(80), Defect.UNKNOWN_TYPE),
        ("out", b"F" + bytes(80), Defect.UNKNOWN_TYPE),
        ("in", BODY, Defect.TOO_SHORT),
        ("in", BODY + b"\0", Defect.TOO_SHORT),
        ("in", b"Q\0", Defect.TOO_SHORT),
        ("in", BODY + b"\0\1", Defect.APPENDAGE_LENGTH),
        ("in", BODY + b"\0\0\1", Defect.APPENDAGE_LENGTH),
        ("in", BODY + b"\0\1\0", Defect.ELEMENT_CUT),
        ("in", BODY + b"\0\1\1", Defect.ELEMENT_CUT),
        ("in", BODY + b"\0\2\2\x0c", Defect.ELEMENT_CUT),
        ("in", BODY + b"\0\2\1\x0c", Defect.TAG_SIZE),
        ("in", BODY + b"\0\4\3\x0cPP", Defect.TAG_SIZE),
        ("in", BODY + b"\0\6\2\x0cP\2\x0cP", Defect.TAG_TWICE),
        ("in", BODY + b"\0\4\1\x63\1\x63", Defect.NONE),
        ("out", b"S" + bytes(10), Defect.TOO_LONG),
    ],
)
def test_what_is_wrong_is_told(way, payload, wanted):
    assert defect(way, payload) == wanted


def test_what_is_malformed_takes_nothing_from_its_neighbours():
    good = bytes.fromhex(ORDER)
    came = decoded("in", good, BODY, good)
    assert came.defects.tolist() == [Defect.NONE, Defect.TOO_SHORT, Defect.NONE]
    assert came.records[0].tobytes() == came.records[2].tobytes() == decoded("in", good).records.tobytes()


def test_packets_may_be_chosen():
    stream = stream_of("in", [bytes.fromhex(each) for each in VECTORS["in"]])
    packets = soup.split(stream).packets
    chosen = ouch.decode_requests(stream, packets[::-2])
    assert (chosen.records == ouch.decode_requests(stream, packets).records[::-2]).all()


@pytest.mark.parametrize("packet", [(85, -1, 2), (85, 3, 51), (85, 9, 8)])
def test_packets_of_another_buffer_are_refused(packet):
    with pytest.raises(ValueError, match="is not of this buffer of 50 bytes"):
        ouch.decode_requests(stream_of("in", [bytes.fromhex(ORDER)]), np.array([packet], np.int64))


@pytest.mark.parametrize(
    ("field", "wrong"), [("type", 0), ("type", ord("A")), ("present", 1 << 27), ("present", OTHERS_PRESENT)]
)
def test_a_record_that_is_no_message_is_refused(field, wrong):
    records = np.repeat(decoded("in", bytes.fromhex(ORDER)).records, 3)
    records[field][1] = wrong
    with pytest.raises(ValueError, match="record 1, of type"):
        ouch.encode_requests(records)


def test_a_message_without_an_appendage_takes_no_tag():
    event = decoded("out", bytes.fromhex(VECTORS["out"][0])).records
    event["present"] = 1
    with pytest.raises(ValueError, match="record 0, of type 'S'"):
        ouch.encode_replies(event)


def test_nothing_is_nothing():
    assert len(ouch.decode_requests(b"", soup.split(b"").packets).records) == 0
    assert len(ouch.encode_replies(np.zeros(0, REPLY))) == 0


def test_words_of_characters():
    assert ouch.text_of(ouch.word("TEST", 8), 8) == "TEST"
    assert ouch.word("TEST", 8).to_bytes(8, "little") == b"TEST    "
    assert ouch.word("ABCD", 4).to_bytes(4, "little") == b"ABCD"
    with pytest.raises(ValueError, match="'TOOLONG' has more than 4"):
        ouch.word("TOOLONG", 4)
