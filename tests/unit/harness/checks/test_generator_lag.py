"""The generator's own lateness, apart from the engine's."""

from __future__ import annotations

import msgspec
import numpy as np

from harness.base.records import NONE, Event, empty_commands, events_of
from harness.checks.generator_lag import CHECK
from harness.evidence.fold import Segment
from tests.fakes.history import ALL, folded, info


def test_lag_is_sent_less_due():
    commands = empty_commands(4)
    commands["due_ns"] = [10, 20, 30, NONE]
    commands["sent_ns"] = [10, 25, 930, 50]
    facts = folded(CHECK.start(info(rate_per_s=1.0)), [Segment(commands, events_of([]))])
    assert facts.seen == 3
    assert facts.distributions["generator.lag"].buckets == ((0, 1), (5, 1), (900, 1))
    assert facts.distributions["generator.lag"].high == 900


def test_without_times_it_is_unknown():
    facts = folded(CHECK.start(info(rate_per_s=1.0)), [Segment(empty_commands(4), events_of([]))])
    assert facts.seen == 0
    assert facts.unknown == "no command has a due time and a time sent"


def lags(at_once, *segments):
    """The lag of each command, as the histogram tells it."""
    run = info(rate_per_s=1.0, capabilities=msgspec.structs.replace(ALL, answers_at_once=at_once))
    facts = folded(CHECK.start(run), list(segments))
    return [low for low, count in facts.distributions["generator.lag"].buckets for _ in range(count)]


def stretch(*times_ns):
    """Commands as (due, sent), each answered at the third time."""
    commands = empty_commands(len(times_ns))
    commands["due_ns"], commands["sent_ns"], received_ns = np.array(times_ns).T
    return Segment(commands, events_of([Event(command=1, received_ns=int(ns)) for ns in received_ns]))


def test_what_is_late_because_the_engine_held_the_generator_is_the_engines():
    slow = stretch((10, 10, 500), (20, 505, 900), (30, 910, 1400))
    assert lags(True, slow) == [0, 5, 10]
    assert lags(False, slow) == [0, 485, 880], "over a wire an answer holds nobody"


def test_the_hold_reaches_over_the_end_of_a_segment():
    assert lags(True, stretch((10, 10, 500)), stretch((20, 507, 900))) == [0, 7]


def test_a_generator_that_is_late_on_its_own_is_still_told():
    assert lags(True, stretch((10, 10, 20), (30, 700, 710))) == [0, 670]
