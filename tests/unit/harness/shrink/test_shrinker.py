"""The whole of it: small, told, the same each time, and never a tape that does not fail."""

import numpy as np
import pytest

from harness.base.records import NONE, CommandKind, OrderType, Side
from harness.shrink.shrinker import Budget, shrink
from harness.shrink.tries import Sight
from tests.fakes.mixed_flow import mixed_flow
from tests.fakes.taped import lines

FLOW = mixed_flow(seed=4, count=4_000)


def crossing(tape):
    """Fails at the first sale that is canceled, of an order that is not small, after a buy through a higher price."""
    bids, sold = NONE, {}
    for at, row in enumerate(tape):
        limit = row["kind"] == CommandKind.NEW and row["type"] == OrderType.LIMIT
        if limit and row["side"] == Side.BUY:
            bids = max(bids, row["price"])
        elif limit and bids > row["price"] and row["qty"] > 7:
            sold[int(row["order"])] = at
        elif row["kind"] == CommandKind.CANCEL and int(row["target"]) in sold:
            return Sight(at + 1, (int(row["target"]),))
    return None


def small(**budget):
    return shrink(FLOW, crossing(FLOW), crossing, Budget(**budget))


def test_a_fault_of_three_commands_is_three_commands():
    found = small()
    assert lines(found.tape) == [
        "new buy 101 x 1 #1 (account 1, instrument 1)",
        "new sell 100 x 8 #2 (account 1, instrument 1)",
        "cancel #2 (account 1, instrument 1)",
    ]
    assert (found.sight, found.spent) == (Sight(3, (2,)), False)
    assert found.tape["number"].tolist() == [1, 2, 3]


def test_it_is_the_same_each_time_and_the_tape_stays_the_callers():
    before = FLOW.copy()
    first, second = small(), small()
    assert (first.tape == second.tape).all()
    assert first.steps == second.steps
    assert (before == FLOW).all()


def test_every_step_is_told_and_heard():
    heard = []
    found = shrink(FLOW, crossing(FLOW), crossing, Budget(), heard.append)
    assert tuple(heard) == found.steps
    commands, tries = [step.commands for step in heard], [step.tries for step in heard]
    assert commands == sorted(commands, reverse=True)
    assert tries == sorted(tries)
    assert (commands[-1], tries[-1] <= found.tries) == (3, True)


@pytest.mark.parametrize("most", [5, 10, 25, 50])
def test_a_budget_that_ends_early_leaves_a_tape_that_fails(most):
    found = small(tries=most)
    assert crossing(found.tape)
    assert found.tries == most
    assert found.spent


def test_a_place_that_is_wrong_costs_tries_and_no_more():
    found = shrink(FLOW, Sight(3, (1,)), crossing, Budget())
    assert len(found.tape) == 3


def test_a_fault_that_is_gone_gives_nothing():
    assert shrink(FLOW, Sight(100), lambda _: None, Budget(tries=0)) is None


def test_a_fault_that_shows_now_and_then_leaves_a_tape_that_did_fail():
    """As of an engine that is not deterministic: what is given back failed when it was tried last."""
    chance = np.random.default_rng(1)
    failed = set()

    def now_and_then(tape):
        sight = crossing(tape) if chance.random() < 0.5 else None
        if sight:
            failed.add(tuple(lines(tape)))
        return sight

    found = shrink(FLOW, crossing(FLOW), now_and_then, Budget())
    assert tuple(lines(found.tape)) in failed


def test_a_fault_of_the_engine_alone_needs_no_command():
    found = shrink(FLOW, Sight(0), lambda _: Sight(0), Budget())
    assert len(found.tape) == 0


def test_a_long_tape_that_is_all_needed_keeps_its_values():
    def whole(tape):
        return Sight(1_000) if len(tape) >= 1_000 and len(np.unique(tape["price"])) > 20 else None

    found = shrink(FLOW, Sight(1_000), whole, Budget())
    assert len(found.tape) == 1_000
    assert found.steps[-1].what == "chunks and single commands dropped"
    assert len(np.unique(found.tape["price"])) > 20


def test_a_long_tape_of_which_any_commands_will_do_becomes_a_cycle():
    found = shrink(FLOW, Sight(1_000), lambda tape: Sight(1_000) if len(tape) >= 1_000 else None, Budget())
    assert len(found.tape) == 1_000
    assert found.steps[-1].what == "a cycle repeated"
    assert len(np.unique(found.tape["price"])) == 1
