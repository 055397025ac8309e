"""The generator's own lateness, apart from the engine's."""

from __future__ import annotations

from harness.base.records import NONE, empty_commands, events_of
from harness.checks.generator_lag import CHECK
from harness.evidence.fold import Segment
from tests.fakes.history import folded, info


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
