"""Sums over processes of which some end and others begin, and what is read aside."""

from __future__ import annotations

import math
import threading

from harness.probes._process_sums import SHARE, Aside, Total, added


def test_who_is_gone_counts_with_what_he_had():
    total: Total[str] = Total(2)
    assert all(map(math.isnan, total.take({})))
    assert total.take({"a": (1.0, 10.0), "b": (2.0, 20.0)}) == (3.0, 30.0)
    assert total.take({"b": (3.0, 20.0), "c": (5.0, 1.0)}) == (9.0, 31.0)
    assert total.take({}) == (9.0, 31.0)
    assert total.take({"b": (1.0, 1.0)}) == (10.0, 32.0), "the same name again is somebody else"
    assert total.seen == 4


def test_what_one_lacks_the_sum_lacks_and_nothing_else():
    sums = added([(1.0, math.nan), (2.0, 3.0)])
    assert sums[0] == 3.0
    assert math.isnan(sums[1])


def test_what_takes_long_is_read_beside_and_seldom():
    now_ns = [0]
    aside: Aside[int] = Aside(lambda: now_ns[0])
    reads = []

    def costly() -> int:
        reads.append(now_ns[0])
        now_ns[0] += 7
        return len(reads)

    def read() -> int | None:
        told = aside.read(costly)
        if aside._thread is not None:
            aside._thread.join()
        return told

    assert [read(), read(), read()] == [None, 1, None]
    now_ns[0] = 7 * SHARE - 1
    assert read() is None
    now_ns[0] += 1
    assert [read(), read(), read()] == [None, 2, None]
    assert reads == [0, 7 * SHARE]


def test_while_it_is_read_nobody_waits():
    go = threading.Event()
    aside: Aside[bool] = Aside(lambda: 0)
    assert aside.read(go.wait) is None
    assert aside.read(go.wait) is None
    go.set()
    aside._thread.join()
    assert aside.read(go.wait) is True
