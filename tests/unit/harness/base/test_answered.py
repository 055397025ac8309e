"""The set of answered commands: what is answered is known, and what was answered without a gap is not kept."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harness.base import answered as room
from harness.base.answered import FIRST_ROOM, Answered


def numbers(*values):
    return np.array(values, np.uint64)


def test_all_are_answered_when_each_was():
    answered = Answered()
    answered.sent(3)
    answered.add(numbers(3, 1))
    assert not answered.has_all()
    answered.add(numbers(2))
    assert answered.has_all()
    answered.sent(4)
    assert not answered.has_all()


def test_an_answer_to_what_was_never_sent_is_none():
    answered = Answered()
    answered.sent(1)
    answered.add(numbers(0, 2, 2**63))
    assert not answered.has_all()
    answered.sent(2)
    answered.add(numbers(1))
    assert not answered.has_all()


def test_the_room_stays_as_it_is_while_all_are_answered():
    answered = Answered()
    for first in range(1, 40 * FIRST_ROOM, FIRST_ROOM // 4):
        many = np.arange(first, first + FIRST_ROOM // 4, dtype=np.uint64)
        answered.sent(int(many[-1]))
        answered.add(many)
    assert answered.has_all()
    assert len(answered._flags) <= 4 * FIRST_ROOM


@given(st.lists(st.tuples(st.integers(0, 40), st.lists(st.integers(0, 130), max_size=20)), max_size=30))
def test_it_is_a_set_of_numbers(steps):
    as_it_is = room.FIRST_ROOM
    room.FIRST_ROOM = 4
    try:
        answered, wanted, upto = Answered(), set(), 0
        for more, told in steps:
            upto += more
            answered.sent(upto)
            answered.add(numbers(*told))
            wanted |= {number for number in told if 0 < number <= upto}
            assert answered.has_all() == (len(wanted) == upto)
    finally:
        room.FIRST_ROOM = as_it_is
