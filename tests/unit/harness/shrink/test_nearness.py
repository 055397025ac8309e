"""Which commands are near a finding."""

import numpy as np

from harness.shrink.nearness import BEHIND, REACHES, selections, touching
from harness.shrink.tries import Sight
from tests.fakes.history import BUY, SELL, cancel, new, replace, stop
from tests.fakes.taped import orders, tape_of

NOISE = [new(900 + at, BUY, 50 + at, 1, instrument=2) for at in range(20)]


def test_the_commands_of_an_order_are_found_under_all_its_ids():
    tape = tape_of(
        [new(1, BUY, 100, 5), replace(1, 7, 101, 5), new(2, BUY, 90, 1), replace(7, 9, 99, 5), cancel(9), cancel(3)]
    )
    assert touching(tape, np.array([7], np.uint64)).tolist() == [True, True, False, True, True, False]
    assert not touching(tape, np.array([], np.uint64)).any()


def test_the_findings_own_orders_come_first_without_the_rest():
    rows = [new(1, BUY, 100, 5), *NOISE, new(2, BUY, 100, 5), *NOISE, new(3, SELL, 100, 5), cancel(77)]
    tape = tape_of(rows)
    first = next(selections(tape, Sight(len(rows) - 1, (1, 3))))
    assert orders(tape[first]) == [1, 3, 77], "its own orders, and what came behind the finding"


def test_then_come_the_orders_of_their_queues():
    rows = [new(1, BUY, 100, 5), new(4, BUY, 100, 5, instrument=2), new(2, BUY, 100, 5), new(8, BUY, 99, 5), cancel(2)]
    rows += [*NOISE, new(3, SELL, 100, 5)]
    tape = tape_of(rows)
    _, second, *_ = selections(tape, Sight(len(rows), (1, 3)))
    assert orders(tape[second]) == [1, 2, 2, 3]


def test_a_stop_stands_at_its_stop_price():
    waiting, taking = stop(1, BUY, 100, 5), new(2, SELL, 100, 5)
    for rows in ([waiting, taking], [taking, waiting]):
        _, second, *_ = selections(tape_of(rows), Sight(2))
        assert second.all()


def test_the_last_selections_hold_ever_more_of_what_came_before():
    tape = tape_of([new(number, BUY, 100, 5) for number in range(1, 5_000)])
    sizes = [int(chosen.sum()) for chosen in selections(tape, Sight(4_000))]
    assert sizes == sorted(sizes)
    assert sizes[:2] == [BEHIND, REACHES[1] + BEHIND], "its own command, and then those that came last before it"
    assert sizes[-1] == 4_000 - 1 + BEHIND


def test_a_finding_without_a_place_is_looked_for_at_the_end():
    tape = tape_of([new(number, BUY, 100, 5) for number in range(1, 10)])
    assert orders(tape[next(selections(tape, Sight(0)))]) == [9]
