"""Twenty seeds of the flow common over every adapter leave the same twenty books: what tests/contract/test_common.py holds for one.

`make nightly` runs it. A started engine takes all seeds, reset in between, which over OUCH and FIX is a new service each.
"""

import pytest

from harness.compose import plugs
from tests.fakes.books_left import books_left
from tests.fakes.reference_ways import WAYS, over

pytestmark = pytest.mark.nightly

SEEDS, COMMANDS = range(1, 21), 2_000


@pytest.fixture(scope="module")
def in_process():
    """What the reference engine leaves where no wire is between."""
    return list(books_left(plugs.engine("reference"), SEEDS, COMMANDS))


@pytest.mark.parametrize("way", WAYS)
def test_every_seed_leaves_the_same_book_over_every_adapter(way, in_process):
    found = list(books_left(over(way), SEEDS, COMMANDS))
    assert [left.wrong for left in found] == [[] for _ in SEEDS]
    assert [left.digest for left in found] == [left.digest for left in in_process]
    assert len({left.digest for left in found}) == len(SEEDS)
