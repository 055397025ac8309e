"""Digests of a further run: one a block of commands, over the events that answered them."""

import numpy as np

from harness.base.bits import digest, timeless
from harness.base.records import Event, EventKind, events_of
from harness.evidence.repeats import BLOCK, left_out, related_digest, related_marks, repeat_marks
from tests.fakes.journaled import answers


def test_each_block_has_the_digest_of_the_events_that_answer_it_in_their_order():
    events = answers(1, 150)
    events[[3, 60]] = events[[60, 3]]
    marks = list(repeat_marks(events, 150, 2))
    assert [(mark.repeat, mark.first, mark.count) for mark in marks] == [(2, 1, BLOCK), (2, 65, BLOCK), (2, 129, 22)]
    parts = [events[:64], events[64:128], events[128:]]
    assert [mark.digest for mark in marks] == [digest(timeless(part)) for part in parts]


def test_events_that_say_no_command_are_left_out_and_a_block_may_hold_none():
    events = answers(1, 64)
    stray = answers(1, 1)
    stray["command"] = 0
    marks = list(repeat_marks(np.concatenate((stray, events), dtype=events.dtype), 65, 3))
    assert [mark.digest for mark in marks] == [digest(timeless(events)), digest(timeless(events[:0]))]


def answered(*rows):
    """Events of these commands, kinds, orders."""
    return events_of([Event(command=command, kind=kind, order=order) for command, kind, order in rows])


def test_what_a_relation_changed_leaves_digests_of_smaller_blocks_with_its_name():
    events = answered(*((number, EventKind.ACCEPTED, number) for number in range(1, 41)))
    marks = list(related_marks(events, 40, "mirror", 3))
    assert [(mark.relation, mark.repeat, mark.first, mark.count) for mark in marks] == [
        ("mirror", 3, 1, 16), ("mirror", 3, 17, 16), ("mirror", 3, 33, 8),
    ]  # fmt: skip
    assert marks[1].digest == related_digest(events[16:32])


def test_what_counts_over_the_whole_engine_is_no_part_of_an_answer():
    events = answered((1, EventKind.TRADE, 1))
    for field in ("engine_seq", "match", "received_ns", "engine_ns"):
        other = events.copy()
        other[field] = 77
        assert related_digest(other) == related_digest(events)
    other["remaining"] = 77
    assert related_digest(other) != related_digest(events)


def test_only_the_events_of_one_command_have_an_order():
    rows = [(1, EventKind.ACCEPTED, 1), (1, EventKind.RESTED, 1), (2, EventKind.ACCEPTED, 2), (2, EventKind.RESTED, 2)]
    same = [rows[2], rows[0], rows[1], rows[3]]
    assert related_digest(answered(*same)) == related_digest(answered(*rows))
    assert related_digest(answered(rows[1], rows[0], *rows[2:])) != related_digest(answered(*rows))


def test_the_orders_of_a_mass_cancel_have_none():
    gone = [(5, EventKind.CANCELED, order) for order in (3, 1, 2)]
    done = (5, EventKind.DONE, 0)
    assert related_digest(answered(*gone, done)) == related_digest(answered(*sorted(gone), done))
    assert related_digest(answered(*gone)) != related_digest(answered(*sorted(gone)))
    assert related_digest(answered(*gone, done)) != related_digest(answered(*gone[:2], done))


def test_a_relation_that_was_left_out_says_why():
    mark = left_out("scale", "no room")
    assert (mark.relation, mark.why, mark.count) == ("scale", "no room", 0)
