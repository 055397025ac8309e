"""The instruction and the plain function that stands for it give the same; an exchange loses nothing between two threads."""

import threading

import numpy as np

from harness.base.atomics import exchange, load_acquire, store_release
from harness.base.kernels import compiled


def _through(words):
    store_release(words, 3, 7)
    before = exchange(words, 3, 9)
    return before, load_acquire(words, 3)


def _handed_on(words, count):
    """Count how often the token was held; whoever holds it gives it back one higher."""
    held = 0
    while held < count:
        token = exchange(words, 0, 0)
        if token:
            held += 1
            store_release(words, 0, token + 1)
    return held


through, handed_on = compiled(_through), compiled(_handed_on)


def test_both_ways_are_the_same():
    assert tuple(through(np.zeros(8, np.int64))) == (7, 9)
    assert _through(np.zeros(8, np.int64)) == (7, 9)


def test_a_token_is_held_by_one_thread_at_a_time():
    words = np.zeros(8, np.int64)
    handed_on(words, 0)
    words[0] = 1
    threads = [threading.Thread(target=handed_on, args=(words, 20_000)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert words[0] == 40_001
