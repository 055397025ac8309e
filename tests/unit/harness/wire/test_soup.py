"""SoupBinTCP: the published layouts byte for byte, streams cut anywhere, and bytes that are no packets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.errors import SetupError, WireError
from harness.wire import soup
from harness.wire.soup import Accepted, Login, PacketType, Rejection
from harness.wire.soup_kernel import END, START, TYPE

BLANKS = "20" * 10
USER = "4c555345523031" + "73656372657420202020"
VECTORS = {
    "login 3.00": (soup.login_packet(Login("USER01", "secret")), f"002f{USER}{BLANKS}{'20' * 19}31"),
    "login 4.10": (
        soup.login_packet(Login("USER01", "secret", heartbeat_timeout_ms=15000)),
        f"0034{USER}{BLANKS}{'20' * 19}313135303030",
    ),
    "resume": (
        soup.login_packet(Login("USER01", "secret", "SESS01", 42)),
        f"002f{USER}20202020534553533031{'20' * 18}3432",
    ),
    "accepted": (soup.accepted_packet(Accepted("SESS01", 42)), f"001f4120202020534553533031{'20' * 18}3432"),
    "not authorized": (soup.rejected_packet(Rejection.NOT_AUTHORIZED), "00024a41"),
    "session not available": (soup.rejected_packet(Rejection.SESSION_NOT_AVAILABLE), "00024a53"),
    "sequenced": (soup.packet(PacketType.SEQUENCED, b"hello"), "00065368656c6c6f"),
    "unsequenced": (soup.packet(PacketType.UNSEQUENCED, b"world"), "000655776f726c64"),
    "server heartbeat": (soup.packet(PacketType.SERVER_HEARTBEAT), "000148"),
    "client heartbeat": (soup.packet(PacketType.CLIENT_HEARTBEAT), "000152"),
    "end of session": (soup.packet(PacketType.END_OF_SESSION), "00015a"),
    "logout": (soup.packet(PacketType.LOGOUT), "00014f"),
    "debug": (soup.packet(PacketType.DEBUG, b"hi"), "00032b6869"),
}
STREAM = b"".join(made for made, _ in VECTORS.values())

names = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=6)
packets = st.lists(st.tuples(st.sampled_from(PacketType), st.binary(max_size=40)), max_size=12)


def found(stream):
    """The whole packets of the stream as (type, payload)."""
    return [
        (row[TYPE], bytes(memoryview(stream)[row[START] : row[END]])) for row in soup.split(stream).packets.tolist()
    ]


def fields_of(wire):
    """The payload of the one packet that the bytes are."""
    ((_, payload),) = found(wire)
    return payload


@pytest.mark.parametrize("name", VECTORS)
def test_the_bytes_are_those_of_the_document(name):
    made, wanted = VECTORS[name]
    assert made.hex() == wanted


@pytest.mark.parametrize(
    "login",
    [
        Login("USER01", "secret"),
        Login("USER01", "secret", "SESS01", 42),
        Login("A", "b", "S", 0, 15000),
        Login("", "", "", 10**20 - 1, 0),
    ],
)
def test_a_login_comes_back(login):
    assert soup.read_login(fields_of(soup.login_packet(login))) == login


@given(names, names, names, st.integers(0, 10**20 - 1), st.none() | st.integers(0, 99_999))
def test_any_login_comes_back(username, password, session, sequence, timeout):
    login = Login(username, password, session, sequence, timeout)
    assert soup.read_login(fields_of(soup.login_packet(login))) == login


def test_either_padding_is_read():
    right = b"USER01" + b"secret    " + b"SESS01    " + b"42".ljust(20) + b"900  "
    assert soup.read_login(right) == Login("USER01", "secret", "SESS01", 42, 900)
    assert soup.read_accepted(b"SESS01    " + b"42".ljust(20)) == Accepted("SESS01", 42)


def test_answers_to_a_login_come_back():
    assert soup.read_accepted(fields_of(soup.accepted_packet(Accepted("S", 7)))) == Accepted("S", 7)
    for rejection in Rejection:
        assert soup.read_rejected(fields_of(soup.rejected_packet(rejection))) == rejection


@pytest.mark.parametrize(
    ("read", "payload", "message"),
    [
        (soup.read_login, b"", "Login Request: 0 bytes came; wanted 46 or 51"),
        (soup.read_login, b" " * 47, "47 bytes came"),
        (soup.read_login, b" " * 46, "Requested Sequence Number is ''; wanted digits"),
        (soup.read_login, b" " * 45 + b"-", "wanted digits"),
        (soup.read_login, b" " * 45 + b"1" + b" " * 5, "Heartbeat Timeout is ''"),
        (soup.read_login, b"\xff" * 46, "no ASCII"),
        (soup.read_accepted, b" " * 29, "Login Accepted: 29 bytes came; wanted 30"),
        (soup.read_accepted, b" " * 28 + b"+1", "wanted digits"),
        (soup.read_rejected, b"Q", "the reason is 'Q'; wanted A or S"),
        (soup.read_rejected, b"", "Login Rejected: 0 bytes came"),
    ],
)
def test_what_is_no_session_packet_is_told(read, payload, message):
    with pytest.raises(WireError, match=message.replace("+", r"\+")):
        read(payload)


@pytest.mark.parametrize(
    ("login", "message"),
    [
        (Login("TOOLONG", ""), "username is 'TOOLONG'; wanted at most 6"),
        (Login("", "12345678901"), "password"),
        (Login("", "", "ÄÖ"), "session is 'ÄÖ'"),
        (Login("", "", "", -1), "sequence number is -1"),
        (Login("", "", "", 1, 100_000), "heartbeat timeout"),
    ],
)
def test_what_does_not_fit_a_login_is_refused(login, message):
    with pytest.raises(SetupError, match=message):
        soup.login_packet(login)


def test_a_stream_cut_at_every_byte_gives_the_same_packets():
    whole = found(STREAM)
    assert len(whole) == len(VECTORS)
    for cut in range(len(STREAM) + 1):
        used = soup.split(STREAM[:cut]).used
        assert found(STREAM[:cut]) + found(STREAM[used:]) == whole


def test_a_stream_of_single_bytes_gives_the_same_packets():
    came, kept = [], b""
    for byte in STREAM:
        kept += bytes((byte,))
        came += found(kept)
        kept = kept[soup.split(kept).used :]
    assert came == found(STREAM)
    assert kept == b""


@settings(deadline=None)  # the first example loads the kernel
@given(packets)
def test_any_packets_come_back(some):
    stream = b"".join(soup.packet(kind, payload) for kind, payload in some)
    assert found(stream) == some
    assert soup.split(stream).used == len(stream)
    assert soup.split(stream).malformed_at is None


@settings(deadline=None)
@given(packets, st.binary(max_size=30))
def test_a_length_of_nothing_is_told_by_its_place_and_what_came_before_it_counts(some, rest):
    before = b"".join(soup.packet(kind, payload) for kind, payload in some)
    split = soup.split(before + b"\0\0" + rest)
    assert split.malformed_at == split.used == len(before)
    assert len(split.packets) == len(some)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_packets_that_lie_one_after_another(stream):
    split = soup.split(stream)
    at = 0
    for _, start, end in split.packets.tolist():
        assert start == at + 3
        assert int.from_bytes(stream[at : at + 2], "big") == end - start + 1
        at = end
    assert split.used == at <= len(stream)


def test_the_length_has_no_sign():
    long = soup.packet(PacketType.SEQUENCED, bytes(soup.PAYLOAD_MOST))
    assert long[:2] == b"\xff\xff"
    assert found(long) == [(PacketType.SEQUENCED, bytes(soup.PAYLOAD_MOST))]
    with pytest.raises(ValueError, match="a packet holds 65534"):
        soup.packet(PacketType.SEQUENCED, bytes(soup.PAYLOAD_MOST + 1))


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview, lambda raw: np.frombuffer(raw, np.uint8)])
def test_every_kind_of_buffer_is_read(kind):
    assert found(kind(STREAM)) == found(STREAM)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=12))
def test_many_messages_are_framed_as_one_by_one(messages):
    ends = np.cumsum([len(each) for each in messages], dtype=np.int64)
    told = soup.framed(PacketType.SEQUENCED, b"".join(messages), ends)
    assert told.tobytes() == b"".join(soup.packet(PacketType.SEQUENCED, each) for each in messages)


def test_a_message_fills_a_packet_at_most():
    full = bytes(soup.PAYLOAD_MOST)
    told = soup.framed(PacketType.SEQUENCED, full + full, np.array([1, 2]) * len(full))
    assert told.tobytes() == 2 * soup.packet(PacketType.SEQUENCED, full)
    with pytest.raises(ValueError, match="messages of 0 to 65534 bytes"):
        soup.framed(PacketType.SEQUENCED, full + b"!", np.array([len(full) + 1]))


@pytest.mark.parametrize("ends", [[3, 2, 5], [4], [6], [-1, 5]])
def test_ends_that_do_not_fit_the_messages_are_refused(ends):
    with pytest.raises(ValueError, match="do not cut 5 bytes"):
        soup.framed(PacketType.SEQUENCED, b"hello", np.array(ends, np.int64))
