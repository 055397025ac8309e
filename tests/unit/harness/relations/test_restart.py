"""Where nothing is alive for certain, whatever traded; and nowhere else."""

import numpy as np
import pytest

from harness.base.bits import digest
from harness.relations.restart import CUTS_MAX, RELATION, quiet_places
from tests.fakes.history import BUY, FOK, IOC, SELL, cancel, market, mass_cancel, new, replace
from tests.fakes.related import CHANCE, by_hand, drawn, said

ORDER = new(1, BUY, 100, 5)
NEXT = new(9, BUY, 100, 5)


@pytest.mark.parametrize(
    ("rows", "quiet"),
    [
        ([ORDER, NEXT], []),
        ([ORDER, cancel(1), NEXT], [2]),
        ([ORDER, cancel(1), cancel(1), NEXT], [3]),
        ([ORDER, cancel(1, qty=5), NEXT], []),
        ([ORDER, cancel(1, account=2), NEXT], []),
        ([ORDER, cancel(1, instrument=2), NEXT], []),
        ([ORDER, replace(1, 2, 100, 5), cancel(2), NEXT], []),
        ([ORDER, replace(1, 2, 100, 5), cancel(2), cancel(1), NEXT], [4]),
        ([ORDER, replace(1, 1, 100, 5), NEXT], []),
        ([ORDER, mass_cancel(), NEXT], [2]),
        ([ORDER, mass_cancel(account=1), NEXT], []),
        ([ORDER, mass_cancel(instrument=1), NEXT], []),
        ([ORDER, mass_cancel(side=BUY), NEXT], []),
        ([ORDER, mass_cancel(), cancel(1), NEXT], [3]),
        ([ORDER, mass_cancel(), NEXT, cancel(1), mass_cancel(), new(10, BUY, 100, 5)], [5]),
        ([market(1, BUY, 5), NEXT], [1]),
        ([new(1, BUY, 100, 5, IOC), new(2, SELL, 100, 5, FOK), NEXT], [1, 2]),
        ([cancel(77), NEXT], [1]),
        ([NEXT], []),
    ],
)
def test_quiet_places(rows, quiet):
    assert quiet_places(by_hand(*rows).commands).tolist() == quiet


def test_the_book_is_empty_there():
    """Checked by what a mass cancel finds to cancel."""
    tape = drawn(5)
    places = quiet_places(tape.commands)
    assert len(places) > 3
    ask = by_hand(mass_cancel()).commands
    for place in places:
        before = tape.commands[:place]
        assert said(tape, np.concatenate((before, ask), dtype=ask.dtype))["qty"][-1] == 0


def test_the_tape_is_cut_there_a_few_times_only():
    tape = drawn(2, 4_000)
    assert len(quiet_places(tape.commands)) > CUTS_MAX
    changed = RELATION.there(tape, CHANCE)
    assert len(changed.parts) == CUTS_MAX + 1
    ends = np.cumsum([len(part) for part in changed.parts])[:-1]
    assert set(ends) <= set(quiet_places(tape.commands))
    assert (ends[0], ends[-1]) == tuple(quiet_places(tape.commands)[[0, -1]]), "from the first to the last of them"
    assert digest(np.concatenate(changed.parts, dtype=tape.commands.dtype)) == digest(tape.commands)
    assert (changed.numbers == tape.commands["number"]).all()


def test_without_such_a_place_it_says_so():
    assert "no place" in RELATION.there(by_hand(ORDER, NEXT), CHANCE)
