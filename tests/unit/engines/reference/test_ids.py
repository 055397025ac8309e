"""The table of ids is a dictionary, whatever the ids, and stays one while it grows."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.reference.ids import SLOT, find, grow, hash_of, put, take_out
from engines.reference.layout import FIRST_IDS, ID, ID_SHIFT, OPEN, USED_SLOTS, Capacities, build
from engines.reference.machine import U
from harness.base.capabilities import Conventions
from tests.fakes.plain_session import INSTRUMENTS

looked_up, filled, emptied, hashed = find, put, take_out, hash_of


def table(orders=64):
    return build(INSTRUMENTS, Conventions(), Capacities(orders=orders))


def slot_of(state, number):
    return int(state.ids[looked_up(state, U(number))] & SLOT)


def added(state, slot, number):
    state.words[slot, ID], state.amounts[slot, OPEN] = number, 1
    state.counts[USED_SLOTS] = max(int(state.counts[USED_SLOTS]), slot)
    filled(state, looked_up(state, U(number)), U(number), U(slot))


awkward = st.one_of(
    st.integers(1, 12),
    st.integers(1, 12).map(lambda step: step << 32),
    st.integers(0, 6).map(lambda bit: 1 << (bit * 10)),
    st.integers(1, 2**64 - 1),
)


@settings(deadline=None)
@given(st.lists(awkward, max_size=60))
def test_what_was_put_is_found_until_it_is_taken_out(numbers):
    """An id that comes again goes out, so that holes open all over the table."""
    state, held = table(), {}
    for slot, number in enumerate(numbers, 1):
        if number in held:
            emptied(state, looked_up(state, U(number)))
            del held[number]
        else:
            held[number] = slot
            added(state, slot, number)
        assert {one: slot_of(state, one) for one in numbers} == {one: held.get(one, 0) for one in numbers}
    assert np.count_nonzero(state.ids) == len(held)


def sharing_a_home(count, last):
    """Ids whose home is the last place of the table, so that what follows runs over its end."""
    shift = 32 - (FIRST_IDS.bit_length() - 1)
    numbers = (number for number in range(1, 10_000_000) if int(hashed(U(number))) >> shift == last)
    return [next(numbers) for _ in range(count)]


def test_a_run_of_entries_goes_on_at_the_start_of_the_table():
    state = table()
    numbers = sharing_a_home(3, FIRST_IDS - 1)
    for slot, number in enumerate(numbers, 1):
        added(state, slot, number)
    assert np.flatnonzero(state.ids).tolist() == [0, 1, FIRST_IDS - 1]
    emptied(state, looked_up(state, U(numbers[0])))
    assert np.flatnonzero(state.ids).tolist() == [0, FIRST_IDS - 1]
    assert [slot_of(state, number) for number in numbers] == [0, 2, 3]


def test_growing_keeps_all_that_is_live():
    state = table(orders=1_000)
    for slot in range(1, 400):
        added(state, slot, slot * 977)
    state.amounts[7, OPEN] = 0
    grow(state)
    assert state.counts[ID_SHIFT] == 32 - FIRST_IDS.bit_length()
    assert [slot_of(state, slot * 977) for slot in range(1, 400)] == [slot * (slot != 7) for slot in range(1, 400)]
