"""Digests of a further run: one a block of commands, over the events that answered them."""

import numpy as np

from harness.base.bits import digest, timeless
from harness.evidence.repeats import BLOCK, repeat_marks
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
