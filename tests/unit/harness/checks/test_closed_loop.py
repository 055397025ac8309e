"""The closed loop: a run thinned to what a tester that waits for its answers could have sent, held to the plainest way to do that."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.histogram import Histogram
from harness.base.records import COMMAND
from harness.checks._closed_loop import ClosedLoop

SENT = st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(0, 50), st.integers(0, 200))
"""Session, account, how long after the one before it was sent, how long its answer took."""


def commands(rows):
    """Commands in the order in which they were sent, and when each was answered."""
    told = np.zeros(len(rows), COMMAND)
    told["session"], told["account"] = [row[0] for row in rows], [row[1] for row in rows]
    told["sent_ns"] = np.cumsum([row[2] for row in rows]) if rows else []
    return told, told["sent_ns"] + np.array([row[3] for row in rows], np.int64)


def by_hand(rows, *, by_account):
    """How long each command took that counts."""
    free_ns, now_ns, took = {}, 0, []
    for session, account, gap_ns, took_ns in rows:
        now_ns += gap_ns
        connection = (session, account) if by_account else session
        if now_ns >= free_ns.get(connection, 0):
            free_ns[connection] = now_ns + took_ns
            took.append(took_ns)
    return sorted(took)


def values(distribution):
    """What was recorded: below 2,048 every value has a bucket of its own."""
    return [low for low, count in distribution.buckets for _ in range(count)]


@settings(deadline=None)
@given(rows=st.lists(SENT, max_size=60), by_account=st.booleans(), cut=st.integers(1, 60))
def test_a_command_counts_once_the_last_that_counted_was_answered(rows, by_account, cut):
    sent, came_ns = commands(rows)
    loop = ClosedLoop(by_account=by_account)
    for at in range(0, len(sent), cut):
        loop.add(sent[at : at + cut], came_ns[at : at + cut])
    assert values(loop.distribution()) == by_hand(rows, by_account=by_account)


def test_commands_of_a_stretch_are_taken_as_they_were_sent():
    sent, came_ns = commands([(1, 1, 10, 100), (1, 1, 10, 5), (1, 1, 100, 5)])
    loop = ClosedLoop(by_account=False)
    loop.add(sent[::-1], came_ns[::-1])
    assert values(loop.distribution()) == [5, 100], "the second went out while the first was waited for"


@pytest.mark.parametrize(("by_account", "told"), [(False, [9]), (True, [7, 8, 9])])
def test_accounts_wait_for_each_other_where_they_share_a_connection(by_account, told):
    sent, came_ns = commands([(1, 1, 0, 9), (1, 2, 0, 8), (1, 3, 0, 7)])
    loop = ClosedLoop(by_account=by_account)
    loop.add(sent, came_ns)
    assert values(loop.distribution()) == told


def test_it_holds_no_more_than_the_connections():
    loop = ClosedLoop(by_account=False)
    for _ in range(20):
        loop.add(*commands([(session, 1, 1, 1) for session in (1, 2, 3)] * 50))
    assert len(loop._free_ns) == len(loop._rows) == 3
    assert Histogram.of(loop.distribution()).total > 0
