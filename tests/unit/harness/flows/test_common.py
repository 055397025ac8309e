"""The common flow: it holds nothing in which engines or wires differ, and yet what makes a book hard to keep."""

import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from harness.base.capabilities import Capabilities, Conventions, KeepsPlace, ReplaceQuantity
from harness.base.reasons import Reason
from harness.base.records import CommandKind, EventKind, OrderType, TimeInForce, command_rows, empty_commands
from harness.base.seeds import Seed
from harness.flows import _common_kernel as kernel
from harness.flows import numbered
from harness.flows.common import BATCH, FLOW
from harness.oracle.model import Model
from tests.fakes.drawn import drawn, played

ROOT = Path(__file__).parents[4]
BLOCKS = 4
EVERY = Capabilities(commands=("new", "cancel", "replace"), tifs=("day", "ioc"))
NEW, CANCEL, REPLACE = CommandKind.NEW, CommandKind.CANCEL, CommandKind.REPLACE


def answers(commands, conventions):
    """What the rules give to each command, and the book at the end."""
    model = Model(FLOW().instruments(), conventions)
    return [(row, model.apply(row)) for row in command_rows(commands)], model.book()


@pytest.fixture(scope="module")
def commands():
    return drawn(FLOW(), Seed(1), BLOCKS)


@pytest.fixture(scope="module")
def told(commands):
    return answers(commands, Conventions())[0]


def test_all_that_venues_differ_in_changes_nothing(commands, told):
    for place, quantity in product(get_args(KeepsPlace), get_args(ReplaceQuantity)):
        assert answers(commands, Conventions(replace_keeps_place=place, replace_quantity=quantity))[0] == told


def test_nothing_is_refused(told):
    kinds = {event.kind for _, events in told for event in events}
    assert kinds == {EventKind.ACCEPTED, EventKind.RESTED, EventKind.TRADE, EventKind.CANCELED, EventKind.REPLACED}
    assert {event.reason for _, events in told for event in events} == {Reason.NONE, Reason.USER, Reason.IOC_REMAINDER}


def test_orders_are_plain_and_their_numbers_small(commands):
    new, plain = commands[commands["kind"] == NEW], empty_commands(1)[0]
    assert set(new["type"].tolist()) == {OrderType.LIMIT}
    assert set(new["tif"].tolist()) == {TimeInForce.DAY, TimeInForce.IOC}
    for field in ("stop", "min_qty", "display", "expiry_ns", "flags"):
        assert (commands[field] == plain[field]).all()
    assert set(commands["account"].tolist()) == set(commands["session"].tolist()) == {1}
    (one,) = FLOW().instruments()
    assert set(commands["instrument"].tolist()) == {one.id}
    named = commands[commands["kind"] != CANCEL]
    assert (one.price_min, one.qty_min) <= (named["price"].min(), named["qty"].min())
    assert (named["price"].max(), named["qty"].max()) <= (one.price_max, one.qty_max)
    assert (commands["qty"][commands["kind"] == CANCEL] == plain["qty"]).all()


def test_no_id_comes_twice_and_a_replace_keeps_its_own(commands):
    assert commands["order"][commands["kind"] == NEW].tolist() == list(range(1, (commands["kind"] == NEW).sum() + 1))
    about = commands[commands["kind"] != NEW]
    assert (about["order"] == about["target"]).all()


def test_all_four_come_as_often_as_is_told():
    many = drawn(FLOW(), Seed(2), 40)
    immediate = np.mean(many["tif"] == TimeInForce.IOC)
    assert immediate == pytest.approx(kernel.SHARES[kernel.IMMEDIATE] / 100, abs=0.01)
    changes = np.mean(np.isin(many["kind"], (CANCEL, REPLACE)))
    assert changes == pytest.approx((kernel.SHARES[kernel.CANCEL] + kernel.SHARES[kernel.REPLACE]) / 100, abs=0.01)
    assert np.mean(many["kind"] == REPLACE) > 0.15


def test_orders_meet_in_every_way(told):
    """Whole and in part, several at once, over several prices, by orders that rest then, go then, or were replaced."""
    traded = [[event for event in events if event.kind == EventKind.TRADE] for _, events in told]
    assert sum(len({trade.price for trade in trades}) > 1 for trades in traded) > 20
    assert sum(len(trades) > 2 for trades in traded) > 20
    for kind, last in product((NEW, REPLACE), (EventKind.TRADE, EventKind.RESTED)):
        ends = [
            events[-1].kind for (row, events), trades in zip(told, traded, strict=True) if trades and row.kind == kind
        ]
        assert ends.count(last) > 20
    goes = [events for row, events in told if row.tif == TimeInForce.IOC and events[-1].kind == EventKind.CANCELED]
    assert sum(len(events) > 2 for events in goes) > 20


def test_a_replace_always_moves_the_price_mostly_within_its_side(told):
    prices, moved = {}, 0
    for row, _ in told:
        if row.kind == REPLACE:
            assert row.price != prices[row.order]
            moved += 1
        if row.kind != CANCEL:
            prices[row.order] = row.price
    assert moved > 500


def test_queues_are_long_and_the_book_stays_as_deep_as_asked(commands):
    _, book = answers(commands, Conventions())
    assert 300 < len(book) < 600
    assert book["place"].max() > 5
    assert {0, 1} == set(book["side"].tolist())
    _, shallow = answers(drawn(FLOW(resting=50), Seed(1), BLOCKS), Conventions())
    assert 20 < len(shallow) < 100


def test_where_an_account_may_not_trade_with_itself_two_make_the_same_market(commands):
    fitted = FLOW().fitted(EVERY, Conventions(self_trade="cancel_newest"))
    apart = drawn(fitted, Seed(1), BLOCKS)
    assert (apart["account"] == 1 + (apart["side"] == 1)).all()
    apart["account"] = 1
    assert apart.tobytes() == commands.tobytes()
    told, _ = played(fitted, 1)
    assert Reason.SELF_TRADE not in {event.reason for _, events in told for event in events}


@pytest.mark.parametrize(
    ("offered", "kinds", "tifs"),
    [
        (Capabilities(), {NEW, CANCEL}, {0, TimeInForce.DAY}),
        (Capabilities(commands=("new",), tifs=("day", "ioc")), {NEW}, {TimeInForce.DAY, TimeInForce.IOC}),
        (Capabilities(commands=("new", "replace")), {NEW}, {TimeInForce.DAY}),
    ],
    ids=["no replaces", "no cancels", "replaces alone"],
)
def test_what_an_engine_does_not_offer_is_left_out(offered, kinds, tifs):
    commands = drawn(FLOW().fitted(offered, Conventions()), Seed(1), 2)
    assert (set(commands["kind"].tolist()), set(commands["tif"].tolist())) == (kinds, tifs)
    refused = [
        event
        for _, events in answers(commands, Conventions())[0]
        for event in events
        if event.kind == EventKind.REJECTED
    ]
    assert not refused


def test_the_seed_decides_every_byte_whatever_is_drawn_at_once():
    first = drawn(FLOW(), Seed(3), 8)
    assert drawn(FLOW(), Seed(3), 8).tobytes() == first.tobytes()
    assert drawn(FLOW(), Seed(4), 8).tobytes() != first.tobytes()
    sizes = [len(batch) for batch in numbered(FLOW().batches(Seed(3)), BATCH + 1)]
    assert sizes == [BATCH, 1]


LATE = """
import sys
from harness.base.capabilities import Capabilities, Conventions
from harness.flows.common import FLOW
FLOW().fitted(Capabilities(), Conventions()).instruments(), FLOW().notes()
print('numba' in sys.modules)
"""


def test_a_flow_that_is_listed_or_fitted_loads_no_numba():
    told = subprocess.run([sys.executable, "-c", LATE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
