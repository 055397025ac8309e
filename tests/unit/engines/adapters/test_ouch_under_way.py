"""What is under way over OUCH: the oldest go first, however they were sent, and what is left can be sent again."""

import numpy as np
import pytest

from engines.adapters._ouch_under_way import UnderWay


def requests(text):
    """A request a word, where each ends, and its letter as its number."""
    words = text.split()
    ends, numbers = np.cumsum([len(word) for word in words]), np.array([ord(word[0]) for word in words])
    return np.frombuffer("".join(words).encode(), np.uint8), ends, numbers


@pytest.fixture
def under_way():
    made = UnderWay(6)
    made.add(*requests("a bb ccc"))
    made.add(*requests("dddd e"))
    return made


@pytest.mark.parametrize(
    ("dropped", "left", "raw"),
    [
        (-1, 5, b"abbcccdddde"), (0, 5, b"abbcccdddde"), (1, 4, b"bbcccdddde"), (2, 3, b"cccdddde"), (3, 2, b"dddde"), (4, 1, b"e"), (5, 0, b""), (9, 0, b""),
    ],
)  # fmt: skip
def test_the_oldest_go_first(under_way, dropped, left, raw):
    under_way.drop(dropped)
    assert (len(under_way), under_way.raw()) == (left, raw)
    assert bytes(under_way.numbers().tolist()) == bytes(dict.fromkeys(raw))


def test_one_by_one_is_as_all_at_once(under_way):
    for raw in (b"bbcccdddde", b"cccdddde", b"dddde", b"e", b""):
        under_way.drop(1)
        assert under_way.raw() == raw


def test_more_than_so_many_are_not_kept(under_way):
    under_way.add(*requests("f g h"))
    assert (len(under_way), under_way.raw()) == (6, b"cccddddefgh")


def test_nothing_is_left_once_it_is_cleared_and_more_may_come(under_way):
    under_way.drop(1)
    under_way.clear()
    assert (len(under_way), under_way.raw()) == (0, b"")
    under_way.add(*requests("i"))
    assert under_way.raw() == b"i"
