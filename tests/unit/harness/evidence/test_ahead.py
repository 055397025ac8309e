"""Reading ahead changes when an item is made, and nothing else."""

import threading

import pytest

from harness.evidence.ahead import ahead


def test_the_items_come_in_order_and_end():
    assert list(ahead(iter(range(100)))) == list(range(100))
    assert list(ahead(iter(()))) == []


def test_the_next_item_is_made_while_one_is_looked_at():
    made = threading.Event()

    def items():
        yield 1
        made.set()
        yield 2

    reader = ahead(items())
    assert next(reader) == 1
    assert made.wait(10), "the second was not made before it was asked for"
    assert list(reader) == [2]


def test_at_most_one_is_ahead():
    made = []

    def items():
        for number in range(10):
            made.append(number)
            yield number

    for number in ahead(items()):
        assert len(made) <= number + 2


def test_what_cannot_be_made_is_raised_in_its_place():
    def items():
        yield 1
        raise ValueError("no more")

    reader = ahead(items())
    assert next(reader) == 1
    with pytest.raises(ValueError, match="no more"):
        next(reader)


def test_whoever_stops_reading_leaves_no_thread():
    before = threading.active_count()
    reader = ahead(iter(range(10)))
    next(reader)
    reader.close()
    assert threading.active_count() == before
