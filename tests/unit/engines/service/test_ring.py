"""A ring between two threads loses nothing, keeps the order, takes no more than it has room for, and wakes who sleeps."""

import os
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.service.ring import Ring, words_of
from harness.base.bits import copied, joined
from harness.base.records import COMMAND


def records(first, count):
    made = np.zeros(count, COMMAND)
    made["number"] = np.arange(first, first + count)
    made["flags"] = made["number"] % 251
    return made


@pytest.fixture
def ring():
    made = Ring(8)
    yield made
    made.close()


def test_what_is_put_is_taken_in_order_and_whole(ring):
    assert ring.put(records(1, 5)) == 5
    out = np.zeros(3, COMMAND)
    assert ring.take(out) == 3
    assert out.tobytes() == records(1, 3).tobytes()
    assert (ring.pending(), ring.counts()) == (2, (5, 3))


def test_what_does_not_fit_is_not_put_and_nothing_is_written_over(ring):
    assert ring.put(records(1, 7)) == 7
    assert ring.put(records(8, 7)) == 1
    assert ring.put(records(9, 1)) == 0
    out = np.zeros(20, COMMAND)
    assert ring.take(out) == 8
    assert out["number"][:9].tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 0]
    assert ring.take(out) == 0


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), max_size=60))
def test_it_is_a_queue_of_bounded_length(steps):
    ring, queue, number = Ring(8), [], 1
    try:
        for puts, count in steps:
            if puts:
                done = ring.put(records(number, count))
                assert done == min(count, 8 - len(queue))
                queue += range(number, number + done)
                number += done
            else:
                out = np.zeros(count, COMMAND)
                done = ring.take(out)
                assert out["number"][:done].tolist() == queue[:count]
                del queue[:count]
        assert ring.pending() == len(queue)
    finally:
        ring.close()


def test_two_threads_pass_on_all_in_order():
    ring, count, heard = Ring(64), 200_000, []

    def taker():
        out, seen = np.zeros(48, COMMAND), 0
        while seen < count:
            if done := ring.take(out):
                heard.append(copied(out[:done]))
                seen += done
            else:
                ring.block(50_000_000)

    thread = threading.Thread(target=taker)
    thread.start()
    given, sent = records(1, count), 0
    while sent < count:
        sent += ring.put(given[sent : sent + 33])
        os.sched_yield()
    thread.join()
    assert joined(heard, COMMAND).tobytes() == given.tobytes()
    ring.close()


def test_who_sleeps_is_woken_by_what_is_put(ring):
    slept = threading.Event()

    def taker():
        assert ring.fall_asleep()
        slept.set()
        with open(ring.fileno(), "rb", closefd=False, buffering=0) as bell:
            os.set_blocking(ring.fileno(), True)
            bell.read(8)

    thread = threading.Thread(target=taker)
    thread.start()
    assert slept.wait(30)
    ring.put(records(1, 1))
    thread.join(30)
    assert not thread.is_alive()


def test_who_spins_sees_what_comes_and_keeps_nobody_from_putting_it(ring):
    spins = threading.Event()
    putter = threading.Thread(target=lambda: spins.wait() and ring.put(records(1, 1)))
    putter.start()
    spins.set()
    ring.spin(2**40)
    assert ring.pending() == 1
    putter.join()


def test_nobody_falls_asleep_over_what_is_there(ring):
    ring.put(records(1, 1))
    assert not ring.fall_asleep()
    out = np.zeros(1, COMMAND)
    ring.take(out)
    assert ring.fall_asleep()
    ring.put(records(2, 1))
    ring.wake_up()
    with pytest.raises(BlockingIOError):
        os.eventfd_read(ring.fileno())


@pytest.mark.parametrize("room", [0, 3, -8])
def test_the_room_is_a_power_of_two(room):
    with pytest.raises(ValueError, match="wanted a power of two"):
        Ring(room)


def test_only_whole_records_one_after_another():
    with pytest.raises(ValueError, match="wanted 112"):
        words_of(np.zeros(4, np.uint64).view("V8"))
    with pytest.raises(ValueError, match="one after another"):
        words_of(records(1, 4)[::2])
