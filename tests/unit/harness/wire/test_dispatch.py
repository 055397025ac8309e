"""What lies ready goes out when it is due, whole and in order, whatever its sockets take."""

import socket
import time

import numpy as np
import pytest

from harness.wire.dispatch import NOBODY, Dispatcher, Packets, make_ready
from harness.wire.dispatch_kernel import BYTES, LINES, MOST, PACKETS, STAMPS

SIZE = 32
GIVE_UP_S = 30.0


@pytest.fixture
def dispatcher():
    made = Dispatcher(4, time.perf_counter_ns())
    yield made
    made.close()


@pytest.fixture
def pair():
    near, far = socket.socketpair()
    near.setblocking(False)
    far.settimeout(GIVE_UP_S)
    with near, far:
        yield near, far


def now_ns(dispatcher):
    return time.perf_counter_ns() - dispatcher.origin_ns


def packets(count, first=1):
    """So many packets of one size, each full of its number."""
    return np.repeat(np.arange(first, first + count), SIZE // 8).astype("<i8").view(np.uint8)


def line_to(dispatcher, near):
    made = dispatcher.line()
    made.send_to(near.fileno())
    return made


def some(count, due_ns=0, first=1):
    return Packets(
        packets(count, first),
        SIZE * (1 + np.arange(count)),
        np.broadcast_to(due_ns, count),
        np.arange(first, first + count),
    )


def put(line, count, due_ns, first=1):
    line.put(some(count, due_ns, first))


def sized(count, size):
    whole = np.zeros(count, np.int64)
    return Packets(np.zeros(size, np.uint8), whole, whole, whole)


def heard(far, size):
    got = b""
    while len(got) < size:
        got += far.recv(size - len(got))
    return got


def test_a_packet_goes_out_when_it_is_due_and_never_before(dispatcher, pair):
    near, far = pair
    line = line_to(dispatcher, near)
    due_ns = now_ns(dispatcher) + 20_000_000 + 100_000 * np.arange(200)
    put(line, 200, due_ns)
    assert heard(far, 200 * SIZE) == packets(200).tobytes()
    assert now_ns(dispatcher) >= due_ns[-1]
    sent_ns = dispatcher.sent_ns(np.arange(1, 201, dtype=np.uint64))
    assert (sent_ns >= due_ns).all()
    assert (np.diff(sent_ns) >= 0).all()


def test_what_is_not_due_is_not_sent_and_has_no_time(dispatcher, pair):
    near, far = pair
    line = line_to(dispatcher, near)
    put(line, 1, 0)
    put(line, 1, now_ns(dispatcher) + 10**12, first=2)
    assert heard(far, SIZE) == packets(1).tobytes()
    dispatcher.wait_for_rounds()
    far.setblocking(False)
    with pytest.raises(BlockingIOError):
        far.recv(1)
    assert not line.is_empty
    assert dispatcher.sent_ns(np.array([2], np.uint64))[0] < 0


def test_lines_do_not_wait_for_one_that_is_stuck(dispatcher, pair):
    near, far = pair
    stuck_near, stuck_far = socket.socketpair()
    with stuck_near, stuck_far:
        stuck_near.setblocking(False)
        stuck_far.settimeout(GIVE_UP_S)
        stuck, line = line_to(dispatcher, stuck_near), line_to(dispatcher, near)
        until_s, full = time.monotonic() + GIVE_UP_S, 0
        while not dispatcher.lines.stuck[0] and time.monotonic() < until_s:
            if stuck.has_room(some(1024)):
                put(stuck, 1024, 0, first=1 + full)
                full += 1024
        assert dispatcher.lines.stuck[0]
        put(line, 10, 0)
        assert heard(far, 10 * SIZE) == packets(10).tobytes()
        assert heard(stuck_far, full * SIZE) == packets(full).tobytes()
        dispatcher.wait_for_rounds()
        assert stuck.is_empty


def test_all_comes_in_order_however_often_the_ring_goes_round(dispatcher, pair):
    near, far = pair
    line, count, at_once = line_to(dispatcher, near), 3 * PACKETS + 17, 999
    put_in, got = 0, b""
    while len(got) < count * SIZE:
        more = some(min(at_once, count - put_in), first=1 + put_in)
        if len(more.ends) and line.has_room(more):
            line.put(more)
            put_in += len(more.ends)
        got += far.recv(1 << 16)
    assert got == packets(count).tobytes()
    assert count * SIZE > BYTES


def test_room_is_bounded_by_packets_and_by_bytes(dispatcher, pair):
    near, _ = pair
    line = line_to(dispatcher, near)
    assert line.has_room(sized(PACKETS, BYTES))
    assert not line.has_room(sized(PACKETS + 1, 1))
    assert not line.has_room(sized(1, BYTES + 1))
    put(line, 10, 10**15)
    assert line.has_room(sized(PACKETS - 10, BYTES - 10 * SIZE))
    assert not line.has_room(sized(PACKETS - 9, 1))
    assert not line.has_room(sized(1, BYTES - 10 * SIZE + 1))


def test_a_paused_line_lets_go_of_what_waits_and_goes_on_elsewhere(dispatcher, pair):
    near, far = pair
    line = line_to(dispatcher, near)
    put(line, 5, 10**15)
    line.let_go()
    assert line.is_empty
    other_near, other_far = socket.socketpair()
    with other_near, other_far:
        other_far.settimeout(GIVE_UP_S)
        line.send_to(other_near.fileno())
        put(line, 3, 0, first=6)
        assert heard(other_far, 3 * SIZE) == packets(3, 6).tobytes()
    far.setblocking(False)
    with pytest.raises(BlockingIOError):
        far.recv(1)


def test_a_socket_that_is_gone_is_stuck_and_holds_up_nobody(dispatcher, pair):
    near, far = pair
    gone_near, gone_far = socket.socketpair()
    with gone_near:
        gone_far.close()
        gone, line = line_to(dispatcher, gone_near), line_to(dispatcher, near)
        put(gone, 1, 0, first=9)
        put(line, 1, 0)
        assert heard(far, SIZE) == packets(1).tobytes()
        dispatcher.wait_for_rounds()
        assert dispatcher.lines.stuck[0]
        assert not gone.is_empty
        assert dispatcher.sent_ns(np.array([9], np.uint64))[0] < 0


def test_what_passed_is_known_and_nobodys_packets_have_no_time(dispatcher, pair):
    near, far = pair
    line = line_to(dispatcher, near)
    before_ns = now_ns(dispatcher)
    line.put(some(1)._replace(numbers=np.array([NOBODY])))
    assert heard(far, SIZE) == packets(1).tobytes()
    dispatcher.wait_for_rounds()
    assert dispatcher.passed_ns() >= before_ns
    assert dispatcher.sent_ns(np.array([STAMPS - 1], np.uint64))[0] < 0


def test_it_ends_with_what_is_not_due_yet(pair):
    near, _ = pair
    dispatcher = Dispatcher(1, time.perf_counter_ns())
    put(line_to(dispatcher, near), 1, 10**15)
    dispatcher.close()
    assert not dispatcher._thread.is_alive()


def test_what_one_turn_has_no_room_for_has_not_had_its_turn(pair):
    """Else whoever looks in between would take it for sent when it was due."""
    near, _ = pair
    dispatcher = Dispatcher(1, time.perf_counter_ns())
    line = dispatcher.line()
    put(line, 3 * MOST, 0)
    line.send_to(near.fileno())
    put_ns, seen = now_ns(dispatcher), set()
    until_s = time.monotonic() + GIVE_UP_S
    while not line.is_empty and time.monotonic() < until_s:
        passed_ns = dispatcher.passed_ns()
        sent_ns = dispatcher.sent_ns(np.arange(1, 3 * MOST + 1, dtype=np.uint64))
        seen.add(bool(passed_ns >= put_ns and (sent_ns < 0).any() and not dispatcher.lines.stuck[0]))
    dispatcher.close()
    assert seen <= {False}


def test_a_packet_that_is_begun_is_known_once_the_thread_is_gone(pair):
    near, far = pair
    dispatcher = Dispatcher(1, time.perf_counter_ns())
    line, size = dispatcher.line(), BYTES // 2
    line.send_to(near.fileno())
    raw = np.arange(size, dtype=np.uint8)
    near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    line.put(Packets(raw, np.array([size]), np.array([0]), np.array([1])))
    until_s = time.monotonic() + GIVE_UP_S
    while not dispatcher.lines.gone[0] and time.monotonic() < until_s:
        dispatcher.wait_for_rounds()
    dispatcher.close()
    gone = int(dispatcher.lines.gone[0])
    assert 0 < gone < size
    assert heard(far, gone) + line.begun() == raw.tobytes()


def test_nothing_is_begun_where_whole_packets_went(dispatcher, pair):
    near, far = pair
    line = line_to(dispatcher, near)
    put(line, 2, 0)
    put(line, 1, 10**15, first=3)
    heard(far, 2 * SIZE)
    dispatcher.wait_for_rounds()
    dispatcher.close()
    assert line.begun() == b""
    assert line.is_closed


def test_what_somebody_else_sent_has_a_time_too(dispatcher, pair):
    line = line_to(dispatcher, pair[0])
    before_ns = now_ns(dispatcher)
    line.went(np.array([5, NOBODY]))
    assert dispatcher.sent_ns(np.array([5], np.uint64))[0] >= before_ns
    assert dispatcher.sent_ns(np.array([STAMPS - 1], np.uint64))[0] < 0


def test_a_thread_that_is_gone_is_noticed(monkeypatch):
    monkeypatch.setattr("harness.wire.dispatch.dispatch", lambda lines: None)
    dispatcher = Dispatcher(1, 0)
    dispatcher._thread.join()
    with pytest.raises(RuntimeError, match="has ended"):
        dispatcher.passed_ns()
    with pytest.raises(RuntimeError, match="has ended"):
        make_ready()


def test_one_line_too_many_is_refused(dispatcher):
    for _ in range(4):
        dispatcher.line()
    with pytest.raises(IndexError):
        dispatcher.line()
    assert dispatcher.lines.words[LINES] == 4
