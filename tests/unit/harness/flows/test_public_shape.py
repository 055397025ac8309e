"""The flow of the public benchmark: its shares, its prices, and the life of each order."""

from itertools import pairwise

import numpy as np
import pytest

from harness.base.capabilities import Capabilities, Conventions
from harness.base.errors import SetupError
from harness.base.records import NONE, CommandKind, EventKind, TimeInForce, command_rows
from harness.base.seeds import Seed
from harness.flows.public_shape import FLOW, MID, SHAPES
from tests.fakes.drawn import played

NEW, REPLACE, CANCEL = CommandKind.NEW, CommandKind.REPLACE, CommandKind.CANCEL
ORDERS = 50_000


def all_of(flow, seed=1):
    return np.concatenate(list(flow.batches(Seed(seed))))


@pytest.fixture(scope="module")
def commands():
    return all_of(FLOW(orders=ORDERS))


def test_it_ends_with_its_last_order_and_ids_are_dense(commands):
    ids = commands["order"][commands["kind"] == NEW]
    assert sorted(ids.tolist()) == list(range(1, ORDERS + 1))
    assert (np.diff(ids.astype(np.int64)) != 1).mean() > 0.99, "shuffled"


def test_the_shares_are_the_published_ones(commands):
    kinds, new = commands["kind"], commands[commands["kind"] == NEW]
    ioc = np.mean(new["tif"] == TimeInForce.IOC)
    rest = ORDERS * (1 - ioc)
    modified, canceled = (len(set(commands["order"][kinds == kind].tolist())) for kind in (REPLACE, CANCEL))
    again = [np.count_nonzero(kinds == REPLACE) / modified - 1, np.count_nonzero(kinds == CANCEL) / canceled - 1]
    assert ioc == pytest.approx(0.15, abs=0.006)
    assert modified / rest == pytest.approx(0.20, abs=0.006)
    assert canceled / rest == pytest.approx(0.95, abs=0.004)
    assert again == pytest.approx([0.02 * 0.95, 0.02], abs=0.004)
    assert len(commands) == pytest.approx(2 * ORDERS, rel=0.01), "2.0 M for a million orders"


def test_the_commands_of_an_order_come_together_and_in_the_order_of_a_life(commands):
    lives: dict[int, list[int]] = {}
    rows = command_rows(commands)
    for one, two in pairwise(rows):
        assert two.order == one.order or two.kind == NEW
    for row in rows:
        lives.setdefault(row.order, []).append(row.kind)
    assert {tuple(life) for life in lives.values()} <= {
        (NEW,), (NEW, REPLACE), (NEW, CANCEL), (NEW, CANCEL, CANCEL), (NEW, REPLACE, CANCEL), (NEW, REPLACE, CANCEL, CANCEL),
        (NEW, REPLACE, CANCEL, REPLACE), (NEW, REPLACE, CANCEL, CANCEL, REPLACE),
    }  # fmt: skip


def test_a_modify_is_a_lot_more_and_mostly_a_tick_toward_the_mid(commands):
    placed = {row.order: row for row in command_rows(commands) if row.kind == NEW}
    moves = []
    for row in command_rows(commands[commands["kind"] == REPLACE]):
        before = placed[row.target]
        assert (row.order, row.qty, row.side, row.account) == (row.target, before.qty + 1, before.side, before.account)
        moves.append((row.price - before.price) * (1 if row.side == 0 else -1))
    assert set(moves) == {0, 1}
    assert np.mean(moves) == pytest.approx(0.8, abs=0.02)


def test_a_cancel_holds_nothing_but_whose_and_which(commands):
    cancels = commands[commands["kind"] == CANCEL]
    assert (cancels["order"] == cancels["target"]).all()
    for field, value in (("price", NONE), ("qty", NONE), ("type", 0), ("tif", 0)):
        assert set(cancels[field].tolist()) == {value}


def test_orders_lie_behind_a_mid_that_stands_still_most_of_them_around_the_ninth_tick():
    commands = all_of(FLOW("static", orders=ORDERS))
    new = commands[commands["kind"] == NEW]
    depth = (new["price"] - MID) * np.where(new["side"] == 0, -1, 1)
    assert depth.min() == 1
    assert depth.max() <= 800
    weight = np.arange(1, 801) ** -2.23 + 5 * np.exp(-((np.arange(1, 801) - 9) ** 2) / 2)
    for ticks in (1, 2, 6, 9, 12):
        assert np.mean(depth == ticks) == pytest.approx(weight[ticks - 1] / weight.sum(), rel=0.08)
    assert (new["qty"].min(), new["qty"].max()) == (1, 100)


def test_the_path_is_the_same_for_every_seed_and_all_else_is_not():
    one, two = (all_of(FLOW("flash-crash", orders=10_000), seed) for seed in (1, 2))
    assert one.tobytes() != two.tobytes()
    assert all_of(FLOW("flash-crash", orders=10_000), 1).tobytes() == one.tobytes()
    dearest = [int(commands["price"][commands["price"] != NONE].max()) for commands in (one, two)]
    assert dearest[0] == pytest.approx(dearest[1], rel=0.01)


def test_nothing_is_refused_but_what_comes_too_late():
    flow = FLOW("swing-25", orders=6_000)
    answers, _ = played(flow, 10)
    refused = [command.kind for command, events in answers if events[0].kind == EventKind.REJECTED]
    assert not refused
    late = sum(
        event.kind in (EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)
        for _, events in answers
        for event in events
    )
    assert 0.015 < late / len(answers) < 0.05


def test_what_the_engine_does_not_offer_is_left_out_and_told():
    fitted = FLOW(orders=5_000).fitted(Capabilities(commands=("new",)), Conventions())
    commands = all_of(fitted)
    assert set(commands["kind"].tolist()) == {NEW}
    assert set(commands["tif"].tolist()) == {TimeInForce.DAY}
    assert len(fitted.notes().not_tested) == 3


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_has_its_swing(shape):
    commands = all_of(FLOW(shape, orders=20_000))
    prices = commands["price"][commands["kind"] == NEW]
    spread = np.log(prices.max() / prices.min())
    assert 1.0 * SHAPES[shape] <= spread <= 4 * SHAPES[shape] + 0.06


def test_a_shape_that_does_not_exist_is_refused_in_words():
    with pytest.raises(SetupError, match="no shape 'calm' of the public flow; there are: static, normal"):
        FLOW("calm")
