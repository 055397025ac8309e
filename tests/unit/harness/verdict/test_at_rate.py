"""What came of a run at its rate: kept, broken, or at nobody's door."""

import pytest

from harness.base.findings import Facts, Interval, Series
from harness.evidence.fold import Metric
from harness.verdict.at_rate import at_rate, limits, seen
from tests.fakes.history import info
from tests.fakes.judged import LAG, RATE, RESPONSE, finding, heard, policy, run_record, spread, verdict_of

MS = 1_000_000
LIMITS = {
    "latency.response": ["p(99)<10ms"],
    "throughput.sustained": [">=1000/s"],
    "generator.lag": ["p(99)<1ms"],
    "host.steal": ["<1%"],
}
REQUIRED = ("order", "latency", "throughput", "generator_lag")
COLUMNS = ("start_ns", "asked_per_s", "sent_per_s", "answered_per_s")


BUSY = {"others_cpu": 0.6, "idle_cpu": 0.01}
NOISY = {"quiet_host": Facts(seen=1, measures={"host.steal": Interval(0.1, 0.1, 0.1)})}
STEAL = Metric(name="host.steal", unit="share", about="")


def evenly(value_ns, count=1_000):
    return spread(*[value_ns] * count)


def facts(*, response_ns=2 * MS, lag_ns=1_000, asked=5_000.0, answered=None, windows=20, late=0):
    """Of a run whose commands were all due, but for `late` windows at its end, in which it only answered."""
    answered = asked if answered is None else answered
    rows = [(place, asked if place < windows - late else 0.0, asked, answered) for place in range(windows)]
    return {
        "latency": Facts(seen=1_000, distributions={"latency.response": evenly(response_ns)}),
        "throughput": Facts(
            seen=1_000, measures={"throughput.sustained": Interval(answered, 0.99 * answered, 1.01 * answered)},
            series=(Series(name="throughput", unit="1/s", columns=COLUMNS, rows=tuple(rows)),),
        ),
        "generator_lag": Facts(seen=1_000, distributions={"generator.lag": evenly(lag_ns)}),
    }  # fmt: skip


def judged(found, *, order=None, rate_per_s=5_000, held_ns=0, run=None, of_limits=LIMITS, **about):
    about = {"rate_per_s": rate_per_s, **about}
    metrics = {"latency": RESPONSE, "throughput": RATE, "generator_lag": LAG, "quiet_host": STEAL}
    every = [heard(name, one, needs=("pace",), metrics=(metrics[name],), **about) for name, one in found.items()]
    rules = {"required": REQUIRED, "limits": of_limits}
    verdict = verdict_of(heard("order", order, **about), *every, run=run, **rules)
    return at_rate(verdict, policy(**rules).policy.use["venue"], info(**about), seen(found), held_ns)


def test_what_keeps_every_limit_is_kept():
    assert judged(facts()) == ("kept", "")


def test_a_limit_on_times_that_breaks_is_the_engines():
    outcome, why = judged(facts(response_ns=20 * MS))
    assert (outcome, why) == ("broken", "latency: latency.response p(99) breaks <10ms")


def test_a_violation_is_broken_however_fast_the_answer_and_however_late_the_generator():
    wrong = Facts(seen=10, findings=(finding(),))
    assert judged(facts(), order=wrong) == ("broken", "order: t")
    assert judged(facts(lag_ns=50 * MS), order=wrong).outcome == "broken"


def test_too_little_evidence_for_what_is_no_time_and_no_rate_speaks_neither_way():
    assert judged(facts(), order=Facts(seen=0)).outcome == "kept"


def test_a_late_generator_is_never_laid_at_the_engines_door():
    outcome, why = judged(facts(response_ns=50 * MS, lag_ns=30 * MS, answered=2_000))
    assert outcome == "generator"
    assert "p(99) of the generator's lag is 30 ms, wanted <1ms" in why


def test_it_is_late_by_the_built_in_limit_where_the_policy_has_none():
    without = {name: texts for name, texts in LIMITS.items() if name != "generator.lag"}
    assert judged(facts(lag_ns=2 * MS), of_limits=without).outcome == "generator"
    assert judged(facts(lag_ns=900_000), of_limits=without).outcome == "kept"


def test_a_lateness_that_the_engine_brought_about_by_taking_nothing_more_is_the_engines():
    outcome, why = judged(facts(response_ns=50 * MS, lag_ns=30 * MS), held_ns=31 * MS)
    assert outcome == "broken"
    assert why == "latency.response p(99) breaks <10ms: the engine took no more commands for 0.031 s"
    assert judged(facts(response_ns=50 * MS, lag_ns=30 * MS), held_ns=20 * MS).outcome == "generator", (
        "the rest was its own"
    )
    assert judged(facts(response_ns=5 * MS, lag_ns=3 * MS), held_ns=20 * MS).outcome == "unknown", "no limit was broken"


def test_an_engine_that_did_not_keep_up_is_broken_also_where_no_limit_says_so():
    outcome, why = judged(facts(answered=4_900))
    assert (outcome, why) == ("broken", "it answered 4,900/s of 5,000/s")
    assert judged(facts(answered=4_990)).outcome == "kept"


def test_what_is_answered_once_nothing_is_due_any_more_came_too_late():
    found = seen(facts(answered=4_000, windows=25, late=5))
    assert found.asked_per_s == 5_000
    assert found.answered_per_s == 4_000


def test_where_most_is_answered_after_the_last_was_due_the_one_window_there_is_counts():
    found = seen(facts(answered=400, windows=11, late=10))
    assert (found.asked_per_s, found.answered_per_s) == (5_000, 400)


def test_below_a_least_throughput_it_is_enough_to_keep_up():
    assert judged(facts(asked=500.0), rate_per_s=500).outcome == "kept"
    assert judged(facts(asked=500.0, answered=400.0), rate_per_s=500).outcome == "broken"


@pytest.mark.parametrize(
    ("found", "about", "said"),
    [
        (facts() | {"throughput": Facts(seen=5, unknown="too short: 3 whole windows")}, {}, "too short"),
        (facts() | {"latency": Facts(seen=0, unknown="no command was answered")}, {}, "no command was answered"),
        (facts(response_ns=20 * MS), BUSY, "busy with other things"),
        (facts(answered=4_000), BUSY, "it answered 4,000/s of 5,000/s; the machine was busy with other things"),
        (facts(lag_ns=30 * MS), BUSY, "wanted <1ms; the machine was busy with other things"),
        (facts(lag_ns=30 * MS) | NOISY, {}, "the machine was too noisy: host.steal breaks <1%"),
    ],
)
def test_what_cannot_be_told_is_at_nobodys_door(found, about, said):
    outcome, why = judged(found, **about)
    assert outcome == "unknown"
    assert said in why


def test_a_limit_that_the_interval_straddles_is_neither_kept_nor_broken():
    edge = {"latency": Facts(seen=100, distributions={"latency.response": spread(*[5 * MS] * 98, *[50 * MS] * 2)})}
    assert judged(facts() | edge).outcome in {"unknown", "broken"}
    edge = {"latency": Facts(seen=100, distributions={"latency.response": spread(*[5 * MS] * 99, 50 * MS)})}
    assert judged(facts() | edge).outcome == "unknown"


def test_a_run_that_was_not_finished_says_nothing():
    outcome, why = judged(facts(), run=run_record(status="bound reached"))
    assert (outcome, why) == ("unknown", "the run did not finish: bound reached")


def test_the_limits_that_decide_are_those_on_times_and_rates():
    use = policy(required=REQUIRED, limits=LIMITS | {"rejects.unexplained": ["<1%"]}).policy.use["venue"]
    assert [(name, limit.text) for name, limit in limits(use)] == [("latency.response", "<10ms"), ("throughput.sustained", ">=1000/s")]  # fmt: skip


def test_what_was_seen_is_told_in_figures():
    found = seen(facts(response_ns=2 * MS, lag_ns=1_000))
    assert found.lag_p99_ns == pytest.approx(1_000, rel=0.001)
    assert found.response_ns["p50"] == pytest.approx(2 * MS, rel=0.001)
    assert list(found.response_ns) == ["p50", "p99", "p99.9"]
    assert seen({}) == (None, None, {}, None)
