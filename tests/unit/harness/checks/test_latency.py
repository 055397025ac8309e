"""Response counts from the due time, service from the sent time, both to the first answer only."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from harness.base.histogram import Histogram
from harness.base.records import COMMAND, EVENT, NONE, Int64Array
from harness.base.stats import quantile
from harness.checks.latency import CHECK
from harness.evidence.fold import Segment, applies
from tests.fakes.history import ALL, folded, info

PACED = info(rate_per_s=1_000.0)
MS = 1_000_000


def flow(took_ns: Int64Array, lag_ns: int = 0, step_ns: int = MS, cut: int = 500) -> list[Segment]:
    """One command each `step_ns`, sent `lag_ns` late, answered `took_ns` after it was due and once more much later."""
    count = len(took_ns)
    commands, events = np.zeros(count, COMMAND), np.zeros(2 * count, EVENT)
    commands["number"] = np.arange(1, count + 1)
    commands["due_ns"] = np.arange(count) * step_ns
    commands["sent_ns"] = commands["due_ns"] + lag_ns
    events["command"] = np.repeat(commands["number"], 2)
    events["received_ns"] = np.repeat(commands["due_ns"] + took_ns, 2)
    events["received_ns"][1::2] += 10**9
    return [Segment(commands[at : at + cut], events[2 * at : 2 * (at + cut)]) for at in range(0, count, cut)]


def test_the_lag_of_the_generator_counts_in_response_only():
    facts = folded(CHECK.start(PACED), flow(np.full(2_000, 5 * MS), lag_ns=2 * MS))
    response, service = (facts.distributions[f"latency.{name}"] for name in ("response", "service"))
    assert (response.low, response.high) == (5 * MS, 5 * MS)
    assert (service.low, service.high) == (3 * MS, 3 * MS)
    assert facts.seen == 2_000


def test_one_stall_shows_in_the_tail_and_in_its_window():
    took_ns = np.full(2_000, MS)
    took_ns[1_050:1_150] = 300 * MS
    facts = folded(CHECK.start(PACED), flow(took_ns))
    histogram = Histogram.of(facts.distributions["latency.response"])
    assert quantile(histogram, 0.5).value <= 1.001 * MS
    assert quantile(histogram, 0.99).value >= 300 * MS
    (series,) = facts.series
    assert series.columns == ("start_ns", "p50_ns", "p90_ns", "p99_ns", "max_ns")
    assert series.rows[9] == (900 * MS, MS, MS, MS, MS)
    assert series.rows[10] == pytest.approx((1_000 * MS, MS, 300 * MS, 300 * MS, 300 * MS), rel=0.008)
    assert len(series.rows) == 20


@pytest.mark.parametrize("begin_ns", [0, 3_600 * 10**9])
def test_windows_count_from_when_the_first_command_was_due(begin_ns):
    history = flow(np.full(4_000, MS), step_ns=10 * MS)
    for segment in history:
        segment.commands["due_ns"] += begin_ns
        segment.commands["sent_ns"] += begin_ns
        segment.events["received_ns"] += begin_ns
    fold = CHECK.start(PACED)
    facts = folded(fold, history)
    (series,) = facts.series
    assert [row[0] for row in series.rows] == [begin_ns + window * 200 * MS for window in range(200)]
    assert fold.facts() == facts


def test_the_very_first_command_counts_in_its_window():
    took_ns = np.full(2_000, MS)
    took_ns[0] = 300 * MS
    (series,) = folded(CHECK.start(PACED), flow(took_ns)).series
    assert series.rows[0] == pytest.approx((0, MS, MS, MS, 300 * MS), rel=0.008)


def test_an_answer_that_comes_in_a_later_segment_is_measured():
    (whole,) = flow(np.full(100, MS), cut=100)
    apart = [Segment(whole.commands, whole.events[:0]), Segment(whole.commands[:0], whole.events)]
    assert folded(CHECK.start(PACED), apart).seen == 100


def test_what_was_never_answered_is_told_and_not_measured():
    (whole,) = flow(np.full(100, MS), cut=100)
    facts = folded(CHECK.start(PACED), [Segment(whole.commands, whole.events[:120])])
    assert facts.seen == 60
    assert facts.told["unanswered"] == "40 commands"


@pytest.mark.parametrize(("apart", "counted"), [(False, 1), (True, 4)])
def test_in_a_closed_loop_whoever_has_a_connection_of_his_own_waits_for_nobody(apart, counted):
    (whole,) = flow(np.full(100, 200 * MS), cut=100)
    whole.commands["account"] = np.arange(100) % 4
    run = info(rate_per_s=1_000.0, capabilities=msgspec.structs.replace(ALL, accounts_apart=apart))
    facts = folded(CHECK.start(run), [whole])
    assert Histogram.of(facts.distributions["latency.closed_loop"]).total == counted


def test_what_went_missing_or_came_late_is_counted_by_name():
    took_ns = np.full(2_000, MS)
    took_ns[:30] = 5_001 * MS
    (whole,) = flow(took_ns, cut=2_000)
    whole.commands["sent_ns"][1_990:] += 2 * MS
    whole.events["received_ns"][-20:] += 2 * MS
    fold = CHECK.start(info(rate_per_s=1_000.0, dropped=1_234))
    assert folded(fold, [Segment(whole.commands, whole.events[:-2])]).told == {
        "dropped": "1,234 commands that were due and never sent",
        "sent late": "10 commands, more than 1 ms after they were due",
        "answered late": "30 commands, more than 5 s after they were due",
        "unanswered": "1 commands",
    }


def test_what_is_dropped_is_known_late_of_a_run_that_goes_on():
    beside = info(rate_per_s=1_000.0)
    fold = CHECK.start(beside)
    beside.end(info(rate_per_s=1_000.0, dropped=7))
    assert fold.facts().told["dropped"].startswith("7 ")
    beside.end(info(rate_per_s=1_000.0, dropped=None))
    assert fold.facts().told["dropped"] == "not known how many commands that were due and never sent"


def test_a_tester_in_a_closed_loop_would_have_told_one_command_of_a_stall():
    took_ns = np.full(2_000, MS // 10)
    stall = np.arange(100)
    took_ns[1_000:1_100] = (100 - stall) * MS
    facts = folded(CHECK.start(PACED), flow(took_ns))
    response, closed = (Histogram.of(facts.distributions[f"latency.{name}"]) for name in ("response", "closed_loop"))
    assert quantile(response, 0.99).value >= 79 * MS
    assert (closed.total, closed.high) == (1_901, 100 * MS)
    assert quantile(closed, 0.99).value <= 1.001 * MS / 10


def test_nothing_answered_is_unknown():
    facts = CHECK.start(PACED).facts()
    assert (facts.seen, facts.unknown) == (0, "no command was answered")


def test_a_command_without_a_due_time_is_not_measured():
    (whole,) = flow(np.full(100, MS), cut=100)
    whole.commands["due_ns"][:10] = NONE
    assert folded(CHECK.start(PACED), [whole]).seen == 90


def test_it_applies_to_paced_scenarios_only():
    assert applies(CHECK.needs, PACED)
    assert not applies(CHECK.needs, info())
