"""One turn of a line: what is due goes, what the socket does not take stays, and has no time."""

import socket

import numpy as np
import pytest

from harness.wire.dispatch_kernel import BYTES, MOST, PACKET, PACKETS, STAMPS, Lines, _first_ns, _send, first_ns, send

SIZE = 16
FAR = 1 << 60


@pytest.fixture(params=[(_first_ns, _send), (first_ns, send)], ids=["python", "compiled"])
def kernel(request):
    return request.param


@pytest.fixture
def pair():
    near, far = socket.socketpair()
    near.setblocking(False)
    far.setblocking(False)
    with near, far:
        yield near, far


def line_of(near, due_ns):
    """One line with a packet for each due time, numbered from 1."""
    rows, words = np.zeros((1, PACKETS), PACKET), np.zeros(2, np.int64)
    count = len(due_ns)
    rows["due_ns"][0, :count], rows["number"][0, :count] = due_ns, 1 + np.arange(count)
    rows["end"][0, :count] = SIZE * (1 + np.arange(count))
    raw = np.arange(BYTES, dtype=np.uint8)
    made = Lines(
        words=np.zeros(8, np.int64), packets=rows, heads=np.array([count]), tails=np.zeros(1, np.int64), gone=np.zeros(1, np.int64),
        descriptors=np.array([near.fileno()]), stuck=np.zeros(1, np.int64), starts=np.array([raw.ctypes.data]),
        sent_ns=np.zeros(STAMPS, np.int64), time=words, address=words.ctypes.data,
    )  # fmt: skip
    return made, raw


def test_what_is_due_goes_in_one_call_and_the_rest_wants_its_turn_later(kernel, pair):
    first, turn = kernel
    lines, raw = line_of(pair[0], [5, 6, 9])
    assert first(lines, 0) == 5
    turn(lines, 0, 7)
    assert pair[1].recv(1000) == raw[: 2 * SIZE].tobytes()
    assert (lines.tails[0], lines.gone[0], lines.stuck[0], first(lines, 0)) == (2, 2 * SIZE, 0, 9)
    assert (lines.sent_ns[1:3] > 0).all()
    assert lines.sent_ns[3] == 0


def test_a_line_that_is_empty_or_goes_nowhere_wants_no_turn(kernel, pair):
    first, _ = kernel
    lines, _ = line_of(pair[0], [5])
    lines.descriptors[0] = -1
    assert first(lines, 0) > FAR
    lines.descriptors[0], lines.heads[0] = pair[0].fileno(), 0
    assert first(lines, 0) > FAR


def test_a_socket_that_takes_nothing_is_tried_again_soon(kernel, pair):
    first, turn = kernel
    lines, _ = line_of(pair[0], [5])
    pair[1].close()
    turn(lines, 0, 7)
    assert (lines.tails[0], lines.gone[0], lines.sent_ns[1]) == (0, 0, 0)
    assert first(lines, 0) == lines.stuck[0] > 7


def test_many_that_are_due_leave_the_other_lines_their_turn(kernel, pair):
    _, turn = kernel
    lines, _ = line_of(pair[0], np.zeros(MOST + 1, np.int64))
    turn(lines, 0, 7)
    assert lines.tails[0] == MOST
    assert len(pair[1].recv(BYTES)) == MOST * SIZE
