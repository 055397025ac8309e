"""Rates over whole windows, from made times."""

from __future__ import annotations

import numpy as np
import pytest

from harness.base.records import COMMAND, EVENT, EventKind
from harness.checks.throughput import CHECK
from harness.evidence.fold import Segment
from tests.fakes.history import folded, info


def flow(seconds: float, per_s: int, *, from_ns: int = 0, delay_ns: int = 0, cut: int = 1_000) -> list[Segment]:
    """Commands sent evenly, each answered after the delay by two events."""
    count = int(seconds * per_s)
    commands, events = np.zeros(count, COMMAND), np.zeros(2 * count, EVENT)
    commands["number"] = np.arange(1, count + 1)
    commands["due_ns"] = commands["sent_ns"] = from_ns + np.arange(count) * (10**9 // per_s)
    events["command"] = np.repeat(commands["number"], 2)
    events["received_ns"] = np.repeat(commands["sent_ns"] + delay_ns, 2)
    events["kind"] = EventKind.ACCEPTED
    cuts = range(0, count, cut)
    return [Segment(commands[at : at + cut], events[2 * at : 2 * (at + cut)]) for at in cuts]


def test_a_steady_rate_is_told_exactly_with_narrow_windows():
    facts = folded(CHECK.start(info(rate_per_s=20_000.0)), flow(2, 1_000, from_ns=30_000_000))
    figure = facts.measures["throughput.sustained"]
    assert (figure.value, figure.low, figure.high) == pytest.approx((1_000, 1_000, 1_000))
    assert facts.told == {"asked for": "20,000/s"}
    assert facts.seen == 2_000
    (series,) = facts.series
    assert series.columns == ("start_ns", "asked_per_s", "sent_per_s", "answered_per_s")
    assert series.rows[0] == (100_000_000, 1_000, 1_000, 1_000)


def test_a_long_scenario_is_told_in_seconds():
    facts = folded(CHECK.start(info()), flow(13, 200, from_ns=500_000_000))
    (series,) = facts.series
    assert [row[0] for row in series.rows] == [second * 10**9 for second in range(1, 13)]
    assert facts.told == {"asked for": "as fast as the engine took them"}


@pytest.mark.parametrize("seconds", [1.4, 4.9, 5.5, 10.9, 11.1])
def test_no_length_beyond_the_least_leaves_too_few_windows(seconds):
    facts = folded(CHECK.start(info()), flow(seconds, 200, from_ns=50_000_000))
    assert not facts.unknown
    assert len(facts.series[0].rows) >= 10


def test_a_long_scenario_has_few_rows_and_is_measured_by_every_second():
    (whole,) = flow(700, 10, cut=7_000)
    stalled = (whole.commands["sent_ns"] >= 300 * 10**9) & (whole.commands["sent_ns"] < 301 * 10**9)
    facts = folded(CHECK.start(info()), [Segment(whole.commands, whole.events[np.repeat(~stalled, 2)])])
    (series,) = facts.series
    assert [row[0] for row in series.rows] == [start * 10**9 for start in range(0, 699, 3)]
    assert [row[1:] for row in series.rows if row[3] != 10] == [(10, 10, pytest.approx(20 / 3))]
    assert facts.measures["throughput.sustained"].value == pytest.approx(6_980 / 699)


def test_times_that_come_in_any_order_are_counted_where_they_belong():
    segments = flow(3, 1_000, from_ns=30_000_000, cut=300)
    assert (
        folded(CHECK.start(info()), segments[5:] + segments[:5]).series == folded(CHECK.start(info()), segments).series
    )


def test_what_was_due_is_told_beside_what_a_stalled_generator_sent():
    segments = flow(2, 1_000)
    for segment in segments:
        stalled = (segment.commands["due_ns"] >= 500_000_000) & (segment.commands["due_ns"] < 800_000_000)
        segment.commands["sent_ns"][stalled] = 800_000_000
    (series,) = folded(CHECK.start(info()), segments).series
    assert [row[1] for row in series.rows] == [1_000] * 19
    assert [row[2] for row in series.rows][4:9] == [1_000, 0, 0, 0, 4_000]


def test_an_engine_that_halves_its_rate_is_less_sure():
    quick, slow = flow(1, 1_000), flow(1, 500, from_ns=10**9)
    for segment in slow:
        segment.commands["number"] += 1_000
        segment.events["command"] += 1_000
    figure = folded(CHECK.start(info()), quick + slow).measures["throughput.sustained"]
    assert 700 < figure.value < 800
    assert figure.low < 700
    assert figure.high > 800


def test_too_short_a_scenario_is_unknown():
    facts = folded(CHECK.start(info()), flow(0.55, 1_000))
    assert facts.measures == {}
    assert facts.unknown == "too short: 5 whole windows of 0.1 s, wanted 10"


def test_no_answer_at_all_is_unknown():
    facts = CHECK.start(info()).facts()
    assert facts.seen == 0
    assert facts.unknown.startswith("too short: 0 whole windows")


def test_what_is_never_answered_counts_as_sent_only():
    whole = flow(2, 1_000, cut=2_000)
    half = [Segment(whole[0].commands, whole[0].events[::4])]
    facts = folded(CHECK.start(info()), half)
    assert facts.measures["throughput.sustained"].value == pytest.approx(500)
    assert facts.series[0].rows[3][1:] == (1_000, 1_000, 500)
