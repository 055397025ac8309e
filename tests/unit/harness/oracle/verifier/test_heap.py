"""A heap in a stretch of an array gives back what was put in, the lowest rank first and then the earliest ticket."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.kernels import compiled
from harness.oracle.verifier.heap import rise, sink
from harness.oracle.verifier.layout import ENTRY

START = 3


def _push(entries, count, rank, ticket):
    entry = entries[START + count]
    entry["rank"], entry["ticket"], entry["row"] = rank, ticket, 7 * ticket
    rise(entries, START, count)


def _pop(entries, count):
    sink(entries, START, count - 1)


push, pop = compiled(_push), compiled(_pop)


@settings(deadline=None)
@given(st.lists(st.integers(-3, 3), max_size=60), st.integers(0, 60))
def test_entries_leave_in_order_whatever_came_between(ranks, before):
    entries, count, waiting, left = np.zeros(100, ENTRY), 0, [], []
    entries["rank"] = -99
    for ticket, rank in enumerate(ranks):
        push(entries, count, rank, ticket)
        waiting, count = sorted([*waiting, (rank, ticket)]), count + 1
        if ticket == before:
            left.append(waiting.pop(0))
            assert entries[START][["rank", "ticket", "row"]].tolist() == (*left[-1], 7 * left[-1][1])
            pop(entries, count)
            count -= 1
    while count:
        assert entries[START][["rank", "ticket", "row"]].tolist() == (*waiting[0], 7 * waiting[0][1])
        pop(entries, count)
        waiting, count = waiting[1:], count - 1


def test_nothing_outside_of_the_stretch_is_touched():
    entries = np.zeros(20, ENTRY)
    entries["rank"] = -99
    for ticket in range(8):
        push(entries, ticket, 8 - ticket, ticket)
    for count in range(8, 0, -1):
        pop(entries, count)
    assert set(entries["rank"][[*range(START), *range(START + 9, 20)]].tolist()) == {-99}
