"""Each cycle of a tape is taken by the engine, moves what it is meant to, and can be repeated to any length."""

import numpy as np
import pytest

from engines.plain.engine import PlainEngine
from harness.base.capabilities import Conventions
from harness.base.records import COMMAND, CommandKind, EventKind, Side, command_rows
from harness.shrink.cycles import HEAP, Cycle, cycles
from harness.shrink.tries import Sight
from tests.fakes.history import BUY, IOC, SELL, cancel, mass_cancel, new, replace, stop
from tests.fakes.mixed_flow import INSTRUMENTS, mixed_flow
from tests.fakes.taped import lines, tape_of

REFUSED = {EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED}
ROWS = [
    new(31, BUY, 90, 5), new(32, BUY, 95, 5), new(33, SELL, 110, 3, IOC, account=2), cancel(31), cancel(32, 2), replace(32, 34, 96, 5),
    stop(35, SELL, 80, 4, 79, account=3), mass_cancel(account=2),
]  # fmt: skip


def repeated(rows, count, sight=None):
    """The cycles of these rows, as lines."""
    tape = tape_of(rows)
    return [lines(cycle.repeated(count)) for cycle in cycles(tape, sight or Sight(len(tape)))]


def said(tape):
    """How many events of each kind a plain engine answers with."""
    engine = PlainEngine(INSTRUMENTS, Conventions(self_trade="cancel_newest"))
    kinds, counts = np.unique(engine.submit(tape)["kind"], return_counts=True)
    return dict(zip((EventKind(kind) for kind in kinds), counts.tolist(), strict=True))


def test_the_ids_of_each_turn_are_fresh_and_a_turn_may_stay_unfinished():
    turn = tape_of([new(2, BUY, 90, 5), cancel(2)])
    cycle = Cycle(turn, 1, tape_of([new(1, SELL, 99, 1)]))
    wanted = [(1, 0), (2, 0), (2, 2), (3, 0), (3, 3), (4, 0)]
    for count in range(len(wanted) + 1):
        tape = cycle.repeated(count)
        assert [(row.order, row.target) for row in command_rows(tape)] == wanted[:count]
        assert tape.dtype == COMMAND
    assert turn["order"].tolist() == [2, 2]


def test_one_order_of_each_type_comes_first():
    first, second, *_ = repeated(ROWS, 2)
    assert first == [f"new buy 90 x 5 #{order} (account 1, instrument 1)" for order in (1, 2)]
    assert second == [f"new sell stop 80 limit 79 x 4 #{order} (account 3, instrument 1)" for order in (1, 2)]


def test_then_what_moves_one_counter():
    _, _, canceled, crossed, replaced, triggered, *_ = repeated(ROWS, 5)
    assert canceled[:3] == [
        "new buy 90 x 5 #1 (account 1, instrument 1)", "cancel #1 (account 1, instrument 1)",
        "new buy 90 x 5 #2 (account 1, instrument 1)",
    ]  # fmt: skip
    assert crossed[:2] == [
        "new buy 90 x 5 #1 (account 1, instrument 1)", "new sell 90 x 5 #2 (account 2, instrument 1)"
    ]  # fmt: skip
    assert replaced[1:4] == [
        f"replace #{order} by #{order + 1}: {price} x 5 (account 1, instrument 1)"
        for order, price in ((1, 95), (2, 90), (3, 95))
    ]
    assert triggered[:2] == crossed[:2]
    assert triggered[2:4] == [
        f"new buy stop 90 limit 90 x 5 #{order} (account 1, instrument 1)" for order in (3, 4)
    ]  # fmt: skip


def test_in_the_end_heaps_that_a_mass_cancel_takes_away():
    *_, resting, triggered = repeated(ROWS, 2 * (HEAP + 1) + 3)
    away = "mass cancel of all orders (account 1)"
    assert [at for at, line in enumerate(resting) if line == away] == [HEAP, 2 * HEAP + 1]
    assert [at for at, line in enumerate(triggered) if line == away] == [HEAP + 2, 2 * HEAP + 3]
    assert resting[HEAP + 1] == f"new buy 90 x 5 #{HEAP + 1} (account 1, instrument 1)"


def test_a_mass_cancel_of_one_side_is_of_that_of_the_heap():
    *_, resting, _ = repeated([*ROWS[:-1], mass_cancel(instrument=2, side=SELL)], HEAP + 1)
    assert resting[-1] == "mass cancel of all buy orders (instrument 1)"


def test_a_tape_without_orders_that_rest_has_orders_alone():
    assert len(repeated([new(1, BUY, 90, 5, IOC), cancel(1), mass_cancel()], 1)) == 1
    assert repeated([cancel(1), mass_cancel()], 1) == []


def test_what_the_engine_refused_is_no_part_of_a_cycle():
    made = repeated([new(1, BUY, -7, 5), new(2, BUY, 90, 5)], 1, Sight(2, (), (1,)))
    assert made[0] == ["new buy 90 x 5 #1 (account 1, instrument 1)"]


def test_it_is_about_the_instrument_of_the_finding():
    rows = [new(1, BUY, 90, 5), new(2, BUY, 90, 5), new(3, SELL, 30, 2, instrument=2)]
    assert repeated(rows, 1)[0] == ["new sell 30 x 2 #1 (account 1, instrument 2)"]
    assert "instrument 1" in repeated([*rows, mass_cancel(instrument=9)], 1)[0][0]


@pytest.mark.parametrize("seed", range(5))
def test_an_engine_takes_all_of_it(seed):
    flow = mixed_flow(seed, 3_000)
    engine = PlainEngine(INSTRUMENTS, Conventions())
    told = engine.submit(flow)
    refused = np.unique(told["command"][np.isin(told["kind"], list(REFUSED))])
    stops = tape_of([stop(1, Side.BUY, 100, 5, 100, instrument=number) for number in (1, 2)])
    tape = np.concatenate((flow, stops))
    met = set()
    for cycle in cycles(tape, Sight(2_000, (), tuple(refused.tolist()))):
        kinds = said(cycle.repeated(700))
        assert not REFUSED & kinds.keys()
        met |= kinds.keys()
    assert met >= {EventKind.TRADE, EventKind.REPLACED, EventKind.CANCELED, EventKind.TRIGGERED, EventKind.DONE}
    assert kinds[EventKind.TRIGGERED] > 600, "the last one is the heap of stops"
    assert sum(kinds.values()) > 3.9 * 510
    assert CommandKind.MASS_CANCEL in cycle.turn["kind"]
