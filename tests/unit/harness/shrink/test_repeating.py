"""A fault that counts is a cycle, repeated as often as it takes and no more, after few tries."""

import numpy as np
import pytest

from harness.base.records import CommandKind, Side
from harness.shrink import repeating
from harness.shrink.cutting import FINE
from harness.shrink.shrinker import Budget, shrink
from harness.shrink.tries import Sight, Tries
from tests.fakes.mixed_flow import mixed_flow
from tests.fakes.taped import lines

FLOW = mixed_flow(seed=3, count=4_000)
NEW, CANCEL = CommandKind.NEW, CommandKind.CANCEL


def at_count(count, kind):
    """Fails at that command of the kind."""

    def still_fails(tape):
        places = np.flatnonzero(tape["kind"] == kind)
        return Sight(int(places[count - 1]) + 1) if len(places) >= count else None

    return still_fails


def canceled(tape):
    """The places of cancels of an order that came before."""
    ids = set()
    for at, row in enumerate(tape):
        if row["kind"] == NEW:
            ids.add(int(row["order"]))
        elif row["kind"] == CANCEL and int(row["target"]) in ids:
            ids.remove(int(row["target"]))
            yield at


def after_cancels(count):
    """Fails at the first order after so many cancels."""

    def still_fails(tape):
        last = next((at for met, at in enumerate(canceled(tape), 1) if met == count), len(tape))
        later = np.flatnonzero(tape["kind"][last:] == NEW)
        return Sight(last + int(later[0]) + 1) if len(later) else None

    return still_fails


def shows_later(tape):
    """Fails at a sale of 13 once there were 500 orders; what is said of it names some that came before it as well."""
    new = np.cumsum(tape["kind"] == NEW)
    shows = np.flatnonzero((new > 500) & (tape["side"] == Side.SELL) & (tape["qty"] == 13))
    return Sight(int(shows[0]) + 1, tuple(tape["order"][shows[0] - 5 : shows[0] + 1].tolist())) if len(shows) else None


def small(still_fails, tape=FLOW):
    return shrink(tape, still_fails(tape), still_fails, Budget())


@pytest.mark.parametrize(
    ("still_fails", "commands"), [(at_count(700, NEW), 700), (at_count(300, CommandKind.REPLACE), 301), (after_cancels(200), 401)],
    ids=["orders", "replaces", "cancels"],
)  # fmt: skip
def test_what_counts_takes_as_many_commands_as_it_must(still_fails, commands):
    found = small(still_fails)
    assert (len(found.tape), found.tries <= 40) == (commands, True)
    assert found.steps[-1].what == "a cycle repeated"


def test_the_cycle_that_takes_the_fewest_commands_wins():
    """An order in two cycles counts by halves; orders alone count by ones."""
    found = small(at_count(700, NEW))
    assert set(found.tape["kind"].tolist()) == {NEW}
    found = small(at_count(300, CANCEL))
    assert len(found.tape) == 600


@pytest.mark.parametrize("first", [1, 3_950], ids=["high ids", "low ids"])
def test_what_shows_later_keeps_the_command_that_shows_it_under_an_id_of_its_own(first):
    tape = FLOW.copy()
    tape["order"] = (tape["number"] + first - shows_later(FLOW).number) % 4_000 + 1
    found = small(shows_later, tape)
    assert lines(found.tape[-1:])[0].startswith("new sell")
    assert found.tape["qty"][-1] == 13
    assert (found.tape["qty"] == 13).sum() == 1
    assert 501 <= len(found.tape) <= 501 + 501 // FINE + 2
    assert len(np.unique(found.tape["order"])) == len(found.tape)


def test_a_place_that_is_not_told_is_searched():
    def still_fails(tape):
        return Sight(0) if (tape["kind"] == NEW).sum() >= 700 else None

    found = small(still_fails)
    assert 700 <= len(found.tape) <= 700 + 700 // FINE + 1


def test_what_no_cycle_shows_leaves_the_tape():
    def prices(tape):
        seen = len(np.unique(tape["price"]))
        return Sight(len(tape)) if seen >= 20 and len(tape) > 300 else None

    tries = Tries(FLOW, prices(FLOW), prices, 1_000, lambda: False)
    assert tries.keep(FLOW)
    assert repeating.repeat(tries) is None
    assert (tries.tape == FLOW).all()


def test_where_the_findings_own_commands_are_enough_nothing_is_repeated():
    def one(tape):
        return Sight(1 + orders.index(7)) if 7 in (orders := tape["order"].tolist()) else None

    tries = Tries(FLOW, Sight(7), one, 1_000, lambda: False)
    tries.proven = True
    assert repeating.repeat(tries) is None
    assert (tries.tape["order"].tolist(), tries.made) == ([7], 2)


def test_a_cycle_that_need_not_be_whole_does_not_count():
    by_chance = Tries(FLOW, Sight(0), lambda tape: Sight(len(tape)), 1_000, lambda: False)
    assert by_chance.keep(FLOW)
    cycle = next(repeating.cycles(FLOW, Sight(len(FLOW))))
    assert not repeating.counts(by_chance, cycle)
    assert len(small(lambda tape: Sight(len(tape)) if len(tape) > 129 else None).tape) == 130
