"""What is not judged any more after a breach, and what goes on."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from harness.base.capabilities import Conventions
from harness.base.records import COMMAND, EVENT, NONE, EventKind
from harness.evidence.fold import Segment
from harness.oracle.verifier.verifier import Verifier
from tests.fakes.every_term import FREE, every_term
from tests.fakes.history import ALL
from tests.fakes.lines import commands
from tests.fakes.verified import answers, at, follow, lacks, says

TWO = "S 100x5 #1; S 100x5 #2 i2; B 100x1 #3 a2; B 100x1 #4 a2 i2; cancel #1; cancel #2 i2"
"""5 and 7 are the trades."""


def test_the_other_instruments_are_judged_on():
    assert says(TWO, at(5, price=99)) == "wrong_price 3"
    both = lambda events: at(7, price=99)(at(5, price=99)(events))  # noqa: E731 - a change like the others
    assert says(TWO, both) == "wrong_price 3; wrong_price 4"
    verifier, _ = follow(commands(TWO), both(answers(commands(TWO))))
    assert verifier.stopped == {1: 3, 2: 4}


def test_what_is_counted():
    verifier, codes = follow(commands(TWO), answers(commands(TWO)))
    assert verifier.counts == {
        "judged": len(codes),
        "trades": 2,
        "cancels": 2,
        "triggered": 0,
        "refused": 0,
        "nameless": 0,
    }


SPAN = "S 100x5 #1; S 100x5 #2 i2; mass_cancel; S 101x5 #3; S 101x5 #4 i2"
"""4 and 5 are the cancels, 6 the end of them."""


def test_a_command_over_all_instruments_stops_those_that_it_concerned():
    verifier, _ = follow(commands(SPAN), lacks(5)(answers(commands(SPAN))))
    assert [(one.code.name, one.number) for one in verifier.breaches] == [("LEFT_UNFINISHED", 3)]
    assert verifier.stopped == {1: 3, 2: 3}
    one = SPAN.replace("S 100x5 #2 i2; ", "")
    verifier, _ = follow(commands(one), at(2, qty=4)(answers(commands(one))))
    assert verifier.stopped == {1: 2}


def test_a_command_over_all_that_concerned_none_stops_them_all():
    verifier, _ = follow(commands("mass_cancel; B 90x1 #1"), lacks(0)(answers(commands("mass_cancel; B 90x1 #1"))))
    assert verifier.stopped == {1: 1, 2: 1}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (at(0, qty=4), "wrong_qty 1"),
        (lambda events: lacks(4)(at(0, qty=4)(events)), "wrong_qty 1"),
        (lambda events: at(6, qty=1)(at(0, qty=4)(events)), "wrong_qty 1"),
        (lambda events: lacks(6)(at(0, qty=4)(events)), "wrong_qty 1"),
        (lambda events: lacks(5)(at(0, qty=4)(events)), "wrong_qty 1; unanswered 3"),
    ],
)
def test_a_mass_cancel_is_judged_where_the_book_is_still_right(change, said):
    assert says(SPAN, change).replace("left_unfinished 3", "unanswered 3") == said


def test_ids_of_what_is_judged_no_more_are_not_known():
    """Order 1 may live on or not: its id may be refused on the other instrument, and it may be taken."""
    lines = "S 100x5 #1; S 101x5 #1 i2; S 102x5 #2 i2; S 103x5 #2 i2"
    events = at(0, qty=4)(answers(commands(lines)))
    assert says(lines, lambda _: events) == "wrong_qty 1"
    taken = answers(commands(lines.split("; ", 1)[1]))
    taken = [event._replace(command=event.command + 1) for event in taken]
    assert says(lines, lambda _: [*events[:2], *taken]) == "wrong_qty 1"
    wrong = [event._replace(kind=EventKind.ACCEPTED) if event.command == 4 else event for event in taken]
    assert says(lines, lambda _: [*events[:2], *wrong]) == "wrong_qty 1; taken_despite_cause 4"


@pytest.mark.parametrize(("reason", "carried", "told"), [(104, True, 2), (102, True, 1), (104, False, 1)])
def test_only_an_id_that_may_be_taken_excuses_a_refusal_there(reason, carried, told):
    """Without a reason on the wire it may be the id."""
    asked = commands("S 100x5 #1; S 101x5 #2 i2")
    accepted, _, refused, _ = answers(asked)
    refused = refused._replace(kind=EventKind.REJECTED, reason=reason)
    offered = ALL if carried else without("reason")
    verifier, _ = follow(asked, [accepted._replace(qty=4), refused], capabilities=offered)
    assert len(verifier.breaches) == told


def without(field):
    """All that there is, but on a wire that does not carry this field."""
    return msgspec.structs.replace(ALL, carries=tuple(name for name in ALL.carries if name != field))


def test_an_event_about_another_instrument_stops_both():
    verifier, codes = follow(commands(TWO), at(5, instrument=2)(answers(commands(TWO))))
    assert verifier.stopped == {1: 3, 2: 3}
    assert codes[6:] == [codes[6]] * len(codes[6:])


def test_an_instrument_that_nobody_declared_is_one_like_the_others():
    lines = "B 90x1 #1 i9; B 90x1 #2 i9; B 90x1 #3"
    assert says(lines) == ""

    def taken(events):
        return [event._replace(kind=EventKind.ACCEPTED) if event.instrument == 9 else event for event in events]

    assert says(lines, taken) == "taken_despite_cause 1"


def test_the_end_of_the_last_answer_is_asked_for_as_often_as_one_likes():
    verifier, _ = follow(commands(TWO), answers(commands(TWO))[:-2])
    assert verifier.unfinished() is None
    verifier, _ = follow(commands(SPAN), answers(commands(SPAN))[:-1])
    first, second = verifier.unfinished(), verifier.unfinished()
    assert first == second
    assert (first.code.name, first.number, verifier.breaches, verifier.stopped) == ("LEFT_UNFINISHED", 5, [], {})


def test_records_may_be_packed_or_read_only_or_none():
    asked = commands(TWO)
    history = np.array(asked, COMMAND), np.array(answers(asked), EVENT)
    packed = [np.concatenate([part]) for part in history]
    assert packed[0].dtype != COMMAND, "numpy drops the padding"
    for part in (history, packed, [np.frombuffer(part.tobytes(), part.dtype) for part in history]):
        verifier = Verifier(FREE, Conventions(), ALL)
        assert not verifier.follow(Segment(np.zeros(0, COMMAND), np.zeros(0, EVENT))).any()
        assert not verifier.follow(Segment(*part)).any()
        assert verifier.counts["judged"] == len(history[1])
    assert history[0].flags.writeable, "what was given stays as it was"


@pytest.mark.parametrize("field", ["remaining", "reason", "account", "side", "role", "new_order"])
def test_a_field_that_the_wire_does_not_carry_is_not_compared(field):
    lean = without(field)
    asked = every_term(300, 4)
    absent = {"remaining": NONE, "side": 255}.get(field, 0)
    poor = [event._replace(**{field: absent}) for event in answers(asked)]
    assert follow(asked, poor, capabilities=lean)[0].breaches == []
    assert follow(asked, poor)[0].breaches != []
