"""The standing book: what it sends, what it knows of its own book, and that the trades it expects are those of the rules."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from harness.base.capabilities import Capabilities, Conventions
from harness.base.records import CommandKind, EventKind, command_rows
from harness.base.seeds import Seed
from harness.flows._standing_kernel import AT_MID, StandingBook
from harness.flows.standing_book import BATCH, FLOW
from harness.oracle.model import Model
from tests.fakes.drawn import drawn, played

ROOT = Path(__file__).parents[4]
DEEP, SHALLOW, THIN = FLOW(), FLOW(live_max=200), FLOW().fitted(Capabilities(commands=("new",)), Conventions())
each_book = pytest.mark.parametrize("flow", [DEEP, SHALLOW, THIN], ids=str)
BLOCKS = 10
COUNT = BLOCKS * 1_024


@each_book
def test_the_rules_lead_to_the_expected_fills_and_nothing_is_refused(flow):
    answers, model = played(flow, BLOCKS)
    events = [event for _, told in answers for event in told]
    trades = [(event.order, event.maker, event.price, event.qty) for event in events if event.kind == EventKind.TRADE]
    assert trades == flow.expected_fills(Seed(1), COUNT).tolist()
    assert len(trades) > COUNT / 10
    assert {event.kind for event in events} <= {
        EventKind.ACCEPTED,
        EventKind.RESTED,
        EventKind.TRADE,
        EventKind.CANCELED,
    }
    assert len(model.book()) > 50


def test_a_taker_leaves_nothing_and_an_add_meets_nobody():
    answers, _ = played(DEEP, BLOCKS)
    for command, events in answers:
        kinds = [event.kind for event in events]
        if command.kind == CommandKind.NEW and command.account == 2:
            assert 1 <= kinds.count(EventKind.TRADE) <= 3
            assert events[-1].remaining == 0
        elif command.kind == CommandKind.NEW:
            assert kinds == [EventKind.ACCEPTED, EventKind.RESTED]


@pytest.mark.parametrize(("moved", "side"), [(40, 0), (-40, 1)])
def test_where_the_mid_has_moved_adds_stop_one_tick_short_of_the_other_side(moved, side):
    book, model = StandingBook(Seed(1), 0, cancels=True), Model(DEEP.instruments(), Conventions())
    first, _ = book.draw(2_000)
    for command in command_rows(first):
        model.apply(command)
    book._state.counts[AT_MID] += moved
    distances = []
    for command in command_rows(book.draw(400)[0]):
        opposite = model.best(1, 1 - command.side)
        model.apply(command)
        if command.kind == CommandKind.NEW and command.account == 1 and command.side == side:
            distances.append(abs(command.price - opposite))
    assert distances.count(1) > 10
    assert min(distances) == 1


def test_the_expected_fills_of_fewer_commands_are_the_first_of_more():
    whole = DEEP.expected_fills(Seed(4), 2 * BATCH)
    for count in (0, 1, 777, BATCH, BATCH + 1):
        part = DEEP.expected_fills(Seed(4), count)
        assert part.tobytes() == whole[: len(part)].tobytes()
    assert 0 < len(DEEP.expected_fills(Seed(4), BATCH)) < len(whole)


@each_book
def test_the_seed_decides_every_byte(flow):
    first = drawn(flow, Seed(3), 6)
    assert drawn(flow, Seed(3), 6).tobytes() == first.tobytes()
    assert drawn(flow, Seed(4), 6).tobytes() != first.tobytes()


def test_the_shares_are_those_that_are_told():
    commands = drawn(DEEP, Seed(1), 40)
    cancels = np.mean(commands["kind"] == CommandKind.CANCEL)
    takers = np.mean((commands["kind"] == CommandKind.NEW) & (commands["account"] == 2))
    assert (cancels, takers) == pytest.approx((0.35, 0.10), abs=0.01)


def test_a_bound_keeps_the_book_shallow_and_full():
    sizes = sizes_of(SHALLOW)
    assert sizes.max() == 200
    assert sizes[COUNT // 2 :].min() > 100


def test_without_a_bound_the_book_grows():
    """By 55 - 35 in a hundred commands, less the makers that takers trade away."""
    assert 300 < sizes_of(DEEP)[-1] < 700


def sizes_of(flow):
    """How many orders are live after each command, by what the events say."""
    answers, _ = played(flow, BLOCKS)
    left: dict[int, int] = {}
    sizes = []
    for _, events in answers:
        for event in events:
            if event.kind == EventKind.RESTED:
                left[event.order] = event.remaining
            elif event.kind == EventKind.CANCELED:
                del left[event.order]
            elif event.kind == EventKind.TRADE:
                left[event.maker] -= event.qty
                if not left[event.maker]:
                    del left[event.maker]
        sizes.append(len(left))
    return np.array(sizes)


def test_the_book_outgrows_the_room_that_it_began_with():
    """4,096 slots: a deep book has more orders after some 100,000 commands."""
    fills = DEEP.expected_fills(Seed(1), 200_000)
    assert len(np.unique(fills["maker"])) > 25_000


LATE = """
import sys
from harness.base.capabilities import Capabilities, Conventions
from harness.flows.standing_book import FLOW
FLOW().fitted(Capabilities(), Conventions()).instruments(), FLOW().notes()
print('numba' in sys.modules)
"""


def test_a_flow_that_is_listed_or_fitted_loads_no_numba():
    told = subprocess.run([sys.executable, "-c", LATE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
