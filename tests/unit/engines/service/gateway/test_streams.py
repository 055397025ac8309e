"""Any packet of a stream is found again, and what is sent is what was put in."""

import socket

import numpy as np
import pytest

from engines.service.gateway.streams import EVERY, NO_MARK, Mark, Stream
from harness.wire.soup import PAYLOAD_MOST, PacketType, bytes_of, packet


def put(stream, payloads):
    packets = [packet(PacketType.SEQUENCED, payload) for payload in payloads]
    stream.append(bytes_of(b"".join(packets)))
    return packets


@pytest.fixture
def stream(tmp_path):
    made = Stream(tmp_path / "a.stream")
    yield made
    made.close()


def test_every_packet_is_found_however_they_were_put_in(stream):
    payloads = [bytes(number % 7) for number in range(3 * EVERY)]
    packets = []
    for cut in (0, 1, EVERY - 2, EVERY, EVERY + 1, 2 * EVERY, 2 * EVERY + 3):
        packets += put(stream, payloads[len(packets) : cut])
    packets += put(stream, payloads[len(packets) :])
    assert stream.count == len(packets)
    places = [stream.place_of(number) for number in range(1, len(packets) + 2)]
    assert places == np.cumsum([0, *map(len, packets)]).tolist()
    assert stream.read(0, 10**6) == b"".join(packets)


def test_the_longest_packets_are_found_too(stream):
    packets = put(stream, [bytes(PAYLOAD_MOST)] * 5)
    assert [stream.place_of(number) for number in range(1, 7)] == np.cumsum([0, *map(len, packets)]).tolist()


def test_what_is_not_there_is_not_found(stream):
    put(stream, [b"a"])
    for number in (0, 3):
        with pytest.raises(ValueError, match=f"packet {number}; there are 1"):
            stream.place_of(number)


def test_a_socket_that_is_full_takes_no_more_and_goes_on_where_it_stopped(stream):
    packets = put(stream, [bytes([number % 256]) * 60_000 for number in range(40)])
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        place, got = 0, b""
        while (took := stream.send(ours, place)) > 0:
            place += took
        assert place < stream.size
        while len(got) < stream.size:
            got += theirs.recv(2**16)
            place += stream.send(ours, place) if place < stream.size else 0
    assert got == b"".join(packets)


def test_a_new_one_begins_empty(tmp_path):
    for _ in range(2):
        stream = Stream(tmp_path / "b.stream")
        assert (stream.mark(), stream.place_of(1)) == (NO_MARK, 0)
        put(stream, [b"once"])
        stream.close()


def test_the_next_one_goes_on_from_a_mark_and_what_was_behind_it_is_gone(tmp_path):
    path, payloads = tmp_path / "c.stream", [bytes(number % 7) for number in range(3 * EVERY)]
    for at in (0, 1, EVERY - 1, EVERY, 2 * EVERY + 5):
        first = Stream(path)
        before = put(first, payloads[:at])
        mark = first.mark()
        put(first, [b"lost"] * 2 * EVERY)
        first.close()
        assert Stream.holds(path, mark)
        stream = Stream(path, mark)
        packets = before + put(stream, payloads[at:])
        places = [stream.place_of(number) for number in range(1, len(packets) + 2)]
        assert places == np.cumsum([0, *map(len, packets)]).tolist()
        assert stream.read(0, 10**6) == b"".join(packets)
        stream.close()


def test_a_file_that_is_shorter_than_its_mark_does_not_hold_it(tmp_path):
    path = tmp_path / "d.stream"
    assert not Stream.holds(path, NO_MARK)
    stream = Stream(path)
    put(stream, [b"a"] * EVERY)
    mark = stream.mark()
    stream.close()
    assert Stream.holds(path, mark)
    assert not Stream.holds(path, mark._replace(size=mark.size + 1))
    assert not Stream.holds(path, Mark(2 * EVERY, mark.size))
