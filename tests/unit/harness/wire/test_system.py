"""What a kernel asks of the system is what Python is told, whether it is compiled or not."""

import socket
import time

import numpy as np
import pytest

from harness.base.kernels import compiled
from harness.wire.system import now_ns, send_bytes, sleep_ns


def _slept(time, address, nanoseconds):
    before = now_ns(time, address)
    sleep_ns(time, address, nanoseconds)
    return before, now_ns(time, address)


def _sent(descriptor, start, count):
    return send_bytes(descriptor, start, count)


@pytest.mark.parametrize("slept", [_slept, compiled(_slept)], ids=["python", "compiled"])
def test_a_sleep_lasts_as_long_by_the_clock_that_python_reads(slept):
    words = np.zeros(2, np.int64)
    first_ns = time.perf_counter_ns()
    before_ns, after_ns = slept(words, words.ctypes.data, 2_000_000)
    assert first_ns <= before_ns <= after_ns - 2_000_000 <= time.perf_counter_ns()


@pytest.mark.parametrize("sent", [_sent, compiled(_sent)], ids=["python", "compiled"])
def test_a_socket_is_given_what_it_takes_and_is_never_waited_for(sent):
    near, far = socket.socketpair()
    raw = np.arange(1 << 16, dtype=np.uint8)
    with near, far:
        assert sent(near.fileno(), raw.ctypes.data + 3, 5) == 5
        assert far.recv(9) == bytes([3, 4, 5, 6, 7])
        while sent(near.fileno(), raw.ctypes.data, len(raw)) > 0:
            pass
        assert sent(near.fileno(), raw.ctypes.data, 1) < 0
        far.close()
        assert sent(near.fileno(), raw.ctypes.data, 1) < 0
