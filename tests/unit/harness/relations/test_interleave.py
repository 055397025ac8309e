"""Another order of instruments, and within each the same."""

import numpy as np

from harness.base.bits import digest
from harness.relations.interleave import RELATION
from tests.fakes.history import BUY, mass_cancel, new
from tests.fakes.related import by_hand, column, drawn


def orders(rows, *, mass=False):
    return [new(number, BUY, 100, 5, instrument=1 + number % 2) for number in rows] + ([mass_cancel()] if mass else [])


def test_each_instrument_keeps_its_own_order():
    tape = drawn(3)
    changed = RELATION.there(tape, np.random.default_rng(1))
    (part,) = changed.parts
    for one in tape.instruments:
        before, after = (commands[commands["instrument"] == one.id] for commands in (tape.commands, part))
        assert digest(before) == digest(after)
    assert column(part, "number") == changed.numbers.tolist() != column(tape.commands, "number")


def test_nothing_passes_a_mass_cancel_of_all_instruments():
    tape = by_hand(*orders(range(1, 9), mass=True), *orders(range(11, 19)))
    for seed in range(20):
        (part,) = RELATION.there(tape, np.random.default_rng(seed)).parts
        assert sorted(column(part, "order")[:8]) == list(range(1, 9))
        assert column(part, "order")[8] == 0


def test_a_mass_cancel_of_one_instrument_stays_behind_that_ones_commands_only():
    tape = by_hand(*orders(range(1, 9)), mass_cancel(instrument=1))
    places = set()
    for seed in range(20):
        (part,) = RELATION.there(tape, np.random.default_rng(seed)).parts
        at = column(part, "order").index(0)
        assert set(column(part[:at], "order")) >= {2, 4, 6, 8}
        places.add(at)
    assert len(places) > 1


def test_with_one_instrument_there_is_no_other_order():
    tape = by_hand(new(1, BUY, 100, 5), new(2, BUY, 100, 5))
    assert RELATION.there(tape, np.random.default_rng(1)) == "the tape has one instrument at a time"
