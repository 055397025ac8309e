"""Shares of one flow: together they are the whole, each command with the number and the due time that it has there."""

from itertools import chain, count, islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.capabilities import Capabilities, Conventions
from harness.base.seeds import Seed
from harness.flows import numbered
from harness.load import shares
from harness.load.messages import Seats
from harness.load.shares import Share, Whole
from harness.pacing import LATEST_NS, Constant, PoissonArrivals
from tests.fakes.given_flow import INSTRUMENTS, GivenFlow
from tests.fakes.history import new

MS = 1_000_000
EVENLY = Constant(1_000)
STRANGER = 5
"""An account that has no seat."""


def whole(*batched, pacing=EVENLY, most=10**9, until_ns=0, rounds=1):
    """A flow of one order for each account named, numbered as orders from 1."""
    orders = count(1)
    made = (tuple(new(next(orders), 0, 100, 1, account=account) for account in accounts) for accounts in batched)
    return Whole(GivenFlow(tuple(made), rounds), pacing, Seed(1), most, until_ns)


def seats(*accounts, others=(), takes_rest=False):
    return Seats(accounts=accounts, others=others, takes_rest=takes_rest)


def drawn(share):
    """(order, number in the whole, due time) of each command, asked for as an instrument does: some is drawn before anything is due."""
    batches = numbered(share.batches(Seed(2)), 10**9)
    found = []
    for batch in chain([*islice(batches, 3)], batches):
        due_ns = share.due_ns(int(batch["number"][0]), len(batch))
        numbers = share.numbers(int(batch["number"][-1]))[batch["number"].astype(np.int64) - 1]
        found += zip(batch["order"].tolist(), numbers.tolist(), due_ns.tolist(), strict=True)
    return found


@settings(deadline=None)
@given(
    batched=st.lists(st.lists(st.integers(0, STRANGER), min_size=1, max_size=8), max_size=12),
    homes=st.lists(st.integers(0, 2), min_size=4, max_size=4),
)
def test_together_they_are_the_whole(batched, homes):
    of = whole(*batched, pacing=PoissonArrivals(1_000, Seed(3)))
    accounts = [*chain(*batched)]
    parts = []
    for worker in range(3):
        mine = tuple(account for account, home in enumerate(homes, 1) if home == worker)
        others = tuple(account for account, home in enumerate(homes, 1) if home != worker)
        share = Share(of, seats(*mine, others=others, takes_rest=worker == 0))
        parts.append(drawn(share))
        assert share.drawn_out == len(accounts)
        meant = {*mine, 0, STRANGER} if worker == 0 else set(mine)
        assert {accounts[order - 1] for order, _, _ in parts[-1]} <= meant
    numbers = range(1, len(accounts) + 1)
    assert sorted(chain(*parts)) == [*zip(numbers, numbers, of.pacing.due_ns(1, len(accounts)).tolist(), strict=True)]
    assert all(part == sorted(part) for part in parts)


def test_who_has_no_command_for_long_stops_looking_once_nothing_is_due_any_more():
    share = Share(whole([1] * 100, until_ns=250 * MS, rounds=100), seats(2))
    assert [*share.batches(Seed(1))] == []
    assert share.drawn_out == 0, "the whole would have gone on"


@pytest.mark.parametrize("until_ns", [3 * MS, 4 * MS])
def test_a_batch_that_begins_before_the_bound_is_drawn(until_ns):
    share = Share(whole([1, 2], [2, 1], [1, 2], until_ns=until_ns), seats(1))
    assert drawn(share) == [(1, 1, 0), (4, 4, 3 * MS)]


@pytest.mark.parametrize(("most", "told"), [(10**9, 6), (5, 5), (3, 3)])
def test_how_many_the_whole_had_is_known_at_its_end(most, told):
    share = Share(whole([1, 2, 1], [2, 2, 1], most=most), seats(1))
    batches = share.batches(Seed(1))
    next(batches)
    assert share.drawn_out == 0
    assert sum(map(len, batches)) == (told == 6)
    assert share.drawn_out == told


def test_behind_its_last_command_nothing_is_due():
    share = Share(whole([1, 2]), seats(2))
    assert drawn(share) == [(2, 2, MS)]
    assert share.due_ns(2, 3).tolist() == [LATEST_NS] * 3


def test_the_numbers_are_those_of_what_was_sent_and_none_where_nothing_was():
    share = Share(whole([1, 2, 1], [2, 1]), seats(1))
    assert share.numbers(0).tolist() == []
    drawn(share)
    assert share.numbers(2).tolist() == [1, 3]
    assert share.numbers(3).tolist() == [1, 3, 5]


def test_the_pace_is_that_of_the_whole_whatever_else_is_asked_of_the_share():
    of = whole([1], pacing=PoissonArrivals(2_000, Seed(3)))
    share = Share(of, seats(1))
    asked = (share.fitted(Capabilities(), Conventions()), share.seeded(Seed(9)), share.at_rate(5.0))
    assert all(one is share for one in asked)
    assert (share.rate_per_s, share.span_ns, share.asked_by(10**9)) == (2_000, 0, 2_000)
    assert (share.instruments(), share.notes()) == (INSTRUMENTS, of.flow.notes())


def test_who_trades_is_seen_in_the_first_commands(monkeypatch):
    assert whole([3, 0, 1], [2, 3]).accounts() == (1, 2, 3)
    assert whole([3, 0, 1], [2, 3], most=3).accounts() == (1, 3)
    monkeypatch.setattr(shares, "FIRST", 4)
    assert whole([3, 0, 1], [2, 4]).accounts() == (1, 2, 3)


def test_workers_that_draw_the_same_have_the_same_fingerprint(monkeypatch):
    monkeypatch.setattr(shares, "COMPARED", 4)
    pacing = PoissonArrivals(1_000, Seed(3))
    one = whole([1, 2], [1, 2, 1], pacing=pacing).fingerprint()
    assert whole([1, 2, 1, 2], pacing=pacing).fingerprint() == one, "neither batches nor what comes later are compared"
    others = [
        whole([1, 2], [2, 2], pacing=pacing),
        whole([1, 2], [1], pacing=pacing),
        whole([1, 2], [1, 2], pacing=pacing.seeded(Seed(4))),
        whole([1, 2], [1, 2], pacing=pacing.at_rate(1_001)),
        whole(pacing=pacing),
    ]
    assert len({one, *(other.fingerprint() for other in others)}) == 6


def test_an_id_that_a_command_of_another_share_gave_before_is_strange():
    """By the numbers of whoever drives the share, over several batches."""
    batched = (
        (new(7, 0, 100, 1, account=1), new(8, 0, 100, 1, account=2), new(8, 0, 100, 1, account=1)),
        (new(7, 0, 100, 1, account=2), new(9, 0, 100, 1, account=2), new(8, 0, 100, 1, account=2)),
        (new(9, 0, 100, 1, account=1), new(7, 0, 100, 1, account=1)),
    )
    of = Whole(GivenFlow(batched), EVENLY, Seed(1), 10**9, 0)
    found = {}
    for account in (1, 2):
        share = Share(of, seats(account))
        sent = sum(map(len, share.batches(Seed(1))))
        found[account] = share.are_strange(np.arange(1, sent + 1, dtype=np.uint64)).tolist()
    assert found == {1: [False, True, True, False], 2: [False, True, False, False]}
