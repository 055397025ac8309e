"""The trials of one rate, taken together."""

from harness.base.capacity import Trial, by_rate


def trial(rate, outcome, *, p99_ns=1_000, stage="climb", why="", answered=None, number=1):
    return Trial(
        number=number, stage=stage, rate_per_s=rate, outcome=outcome, why=why, answered_per_s=answered, response_ns={"p99": p99_ns} if p99_ns else {},
        lag_p99_ns=5, commands=10, duration_ns=10, run="",
    )  # fmt: skip


def test_trials_stand_by_rising_rate_without_the_warm_up():
    rates = by_rate([trial(1_000, "kept", stage="warm-up"), trial(4_000, "broken"), trial(2_000, "kept")])
    assert [one.rate_per_s for one in rates] == [2_000, 4_000]


def test_figures_are_those_of_the_middle_trial():
    (rate,) = by_rate([trial(1, "kept", p99_ns=9, answered=1.0), trial(1, "kept", p99_ns=1), trial(1, "broken", p99_ns=5, answered=3.0)])  # fmt: skip
    assert (rate.response_ns, rate.answered_per_s, rate.lag_p99_ns) == ({"p99": 5}, 1.0, 5)
    assert rate.tally == (2, 3)
    assert rate.outcome == "kept"


def test_in_doubt_a_rate_is_what_speaks_against_it_with_the_newest_reason():
    (rate,) = by_rate([trial(1, "kept"), trial(1, "broken", why="a"), trial(1, "kept"), trial(1, "broken", why="b")])
    assert (rate.outcome, rate.why) == ("broken", "b")


def test_a_rate_at_which_nothing_was_answered_has_no_times():
    (rate,) = by_rate([trial(1, "unknown", p99_ns=0)])
    assert (rate.response_ns, rate.answered_per_s) == ({}, None)
