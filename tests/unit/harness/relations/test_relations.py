"""What every relation carries; and how one is held: there, to an engine that is empty, and back."""

import numpy as np
import pytest

from harness.base.bits import copied
from harness.base.capabilities import Instrument, RiskLimits
from harness.base.records import NONE
from harness.base.seeds import Seed
from harness.relations import Changed, Relation, answers, carried, related
from tests.fakes.history import BUY, FOK, IOC, cancel, market, mass_cancel, new, replace, stop
from tests.fakes.related import by_hand, column, drawn, said

BOUNDED = (
    Instrument(id=1, symbol="ONE", price_max=100, price_step=5, qty_min=2, qty_max=50),
    Instrument(id=2, symbol="HELD", risk=RiskLimits(order_qty_max=9)),
)
FIRST = new(1, BUY, 50, 5)


@pytest.mark.parametrize(
    "row",
    [
        FIRST, new(1, BUY, 100, 50, IOC), new(1, BUY, 5, 2, FOK), market(1, BUY, 5), new(1, BUY, 50, 5, min_qty=5),
        cancel(1), cancel(1, qty=1), cancel(9), replace(1, 2, 55, 7), replace(1, 1, 50, 5), mass_cancel(), mass_cancel(instrument=1),
    ],
)  # fmt: skip
def test_what_is_carried(row):
    assert carried(by_hand(row).commands, BOUNDED).tolist() == [True]


@pytest.mark.parametrize(
    "row",
    [
        new(1, BUY, 105, 5), new(1, BUY, 51, 5), new(1, BUY, NONE, 5), new(1, BUY, -5, 5),
        new(1, BUY, 50, 51), new(1, BUY, 50, 1), new(1, BUY, 50, NONE), new(0, BUY, 50, 5), new(1, BUY, 50, 5, tif=5),
        new(1, BUY, 50, 5, min_qty=6), new(1, BUY, 50, 5, min_qty=0), new(1, BUY, 50, 5, display=1), new(1, BUY, 50, 5, expiry_ns=1),
        new(1, 255, 50, 5), new(1, 2, 50, 5), new(1, BUY, 50, 5, instrument=2), new(1, BUY, 50, 5, instrument=9), new(1, BUY, 50, 5, stop=50),
        market(1, BUY, 5)._replace(price=999), stop(1, BUY, 50, 5), cancel(1, qty=0), cancel(1, qty=51), cancel(0), cancel(1, min_qty=1),
        cancel(1, instrument=9), replace(1, 2, 52, 7), replace(1, 2, NONE, 7), replace(1, 2, 50, 51), replace(1, 0, 50, 5),
        replace(0, 2, 50, 5), mass_cancel(instrument=2), FIRST._replace(kind=5), FIRST._replace(kind=8),
    ],
)  # fmt: skip
def test_what_is_not(row):
    assert carried(by_hand(row).commands, BOUNDED).tolist() == [False]


def test_an_id_is_made_once():
    rows = (
        FIRST,
        FIRST,
        replace(1, 1, 50, 5),
        replace(1, 2, 50, 5),
        replace(2, 1, 50, 5),
        new(2, BUY, 50, 5),
        cancel(2),
    )
    assert carried(by_hand(*rows).commands, BOUNDED).tolist() == [True, False, True, True, False, False, True]


def upside_down(tape, chance):
    """A changed tape of two parts, with a command in it that the tape does not have."""
    del chance
    commands = copied(tape.commands)
    return Changed((commands[2:], commands[:2]), np.array([*range(3, len(commands) + 1), 1, 2], np.uint64))


def test_each_part_goes_to_an_empty_engine_and_the_answers_have_the_tapes_numbers():
    tape = drawn(1, 10)
    heard = []

    def drive(part, at_once):
        heard.append((column(part, "order"), at_once))
        return said(tape, part)

    relation = Relation(about="", there=upside_down)
    events = answers(relation, tape, upside_down(tape, None), drive)
    orders = column(tape.commands, "order")
    assert heard == [(orders[2:], 0), (orders[:2], 0)]
    assert list(dict.fromkeys(column(events, "command"))) == [*range(3, 11), 1, 2]


def test_events_that_answer_nothing_that_was_sent_are_left_out():
    tape = drawn(1, 10)

    def drive(part, at_once):
        events = said(tape, part)
        events["command"][0], events["command"][1] = 0, 999
        return events

    whole = Changed((tape.commands,), tape.commands["number"].copy())
    relation = Relation(about="", there=lambda tape, chance: whole)
    assert len(answers(relation, tape, whole, drive)) == len(said(tape, tape.commands)) - 2


def test_the_way_back_hears_the_changed_numbers_and_its_events_get_the_tapes():
    tape = drawn(1, 4)
    heard = []

    def back(tape, changed, events):
        heard.append(column(events, "command"))
        return events[:1]

    changed = Changed((tape.commands,), np.array([4, 3, 2, 1], np.uint64))
    events = answers(Relation(about="", there=None, back=back), tape, changed, lambda part, at_once: said(tape, part))
    assert heard[0][0] == 1
    assert column(events, "command") == [4]


def test_a_relation_that_changes_nothing_leaves_the_same_marks_each_time():
    tape = drawn(1, 40)
    relation = Relation(about="", there=lambda tape, chance: Changed((tape.commands,), tape.commands["number"].copy()))
    marks = list(related({"same": relation}, tape, Seed(1), lambda part, at_once: said(tape, part), 2))
    assert [(mark.relation, mark.repeat, mark.first, mark.count) for mark in marks] == [
        ("same", again, first, count) for again in (1, 2) for first, count in ((1, 16), (17, 16), (33, 8))
    ]
    assert [mark.digest for mark in marks[:3]] == [mark.digest for mark in marks[3:]]


def test_a_relation_draws_otherwise_each_time_and_the_same_for_the_same_seed():
    drawn_by = []

    def there(tape, chance):
        drawn_by.append(int(chance.integers(2**62)))
        return "not today" if len(drawn_by) % 3 == 0 else Changed((tape.commands,), tape.commands["number"].copy())

    tape = drawn(1, 10)
    for _ in range(2):
        marks = list(
            related({"x": Relation(about="", there=there)}, tape, Seed(7), lambda *_: said(tape, tape.commands), 9)
        )
        assert [mark.why for mark in marks] == ["", "", "not today"]
    assert len(set(drawn_by)) == 3
    assert drawn_by[:3] == drawn_by[3:]


def test_a_tape_that_is_not_carried_is_not_changed_and_it_is_told_why():
    tape = by_hand(FIRST, stop(2, BUY, 50, 5))
    (mark,) = related({"x": Relation(about="", there=None)}, tape, Seed(1), None, 5)
    assert (mark.relation, mark.why, mark.count) == ("x", "command 2 is one that no relation carries", 0)
