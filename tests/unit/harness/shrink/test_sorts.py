"""What is of one sort."""

from harness.shrink.sorts import MOST, SORTS, each, fate, numbered
from tests.fakes.history import BUY, IOC, cancel, new, replace
from tests.fakes.mixed_flow import mixed_flow
from tests.fakes.taped import tape_of


def test_orders_are_sorted_by_what_becomes_of_them():
    rows = [new(1, BUY, 100, 5), new(2, BUY, 100, 5), cancel(1), new(3, BUY, 1, 1), replace(3, 4, 9, 1), cancel(7)]
    fates = fate(tape_of(rows)).tolist()
    pulled, left, moved, alone = fates[0], fates[1], fates[3], fates[5]
    assert fates == [pulled, left, pulled, moved, moved, alone]
    assert len({left, pulled, moved, alone}) == 4


def test_the_frequent_values_come_first():
    tif = SORTS[4]
    assert list(each(tif, tape_of([new(1, BUY, 1, 1, IOC), new(2, BUY, 1, 1), new(3, BUY, 1, 1)]))) == [1, 2]


def test_one_value_and_too_many_sort_nothing():
    instrument = SORTS[-1]
    rows = [new(order, BUY, 1, 1, instrument=order) for order in range(1, MOST + 2)]
    assert list(each(instrument, tape_of(rows))) == []
    assert list(each(instrument, tape_of(rows[:1]))) == []
    assert len(list(each(instrument, tape_of(rows[:MOST])))) == MOST


def test_every_sort_gives_a_value_for_each_command():
    flow = mixed_flow(seed=1, count=100)
    assert [len(sort(flow)) for sort in SORTS] == [100] * len(SORTS)
    assert numbered(flow, (1, 100, 101)).nonzero()[0].tolist() == [0, 99]
