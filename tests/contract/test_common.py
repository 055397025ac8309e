"""The same commands over every adapter leave the same book, order by order and place by place, as what was told of them says.

A way to an engine that loses, doubles, delays or mistakes anything shows here, whichever engine is behind it and however little its wire
can say. The books are those that the verifier keeps while it follows the events, never the engine's own.
"""

from functools import cache

import pytest

from harness.compose import plugs
from tests.fakes.books_left import books_left
from tests.fakes.reference_ways import WAYS, over

SEEDS, COMMANDS = (1, 2), 1_000
"""Over a wire the first alone: a service is started for each. All of twenty: tests/nightly/test_common.py."""


@cache
def in_process():
    """What the reference engine leaves where no wire is between."""
    return list(books_left(plugs.engine("reference"), SEEDS, COMMANDS))


def test_the_book_that_follows_from_the_events_is_the_engines_own():
    for left in in_process():
        assert (left.wrong, left.digest) == ([], left.shown)
        assert left.orders > 100
    assert len({left.digest for left in in_process()}) == len(SEEDS)


@pytest.mark.parametrize("way", WAYS)
def test_it_is_the_same_over_every_adapter(way):
    (left,) = books_left(over(way), SEEDS[:1], COMMANDS)
    assert left.wrong == []
    assert left.digest == in_process()[0].digest
    assert left.shown in {"", left.digest}


@pytest.mark.parametrize(
    "broken", ["fifo_lost_on_partial_fill", "fifo_lost_on_cancel", "replace_keeps_price", "ioc_rests"]
)
def test_a_broken_engine_leaves_another_book_and_is_found_out(broken):
    for left, right in zip(books_left(plugs.engine(broken), SEEDS, COMMANDS), in_process(), strict=True):
        assert right.digest not in (left.digest, left.shown)
        assert left.wrong
