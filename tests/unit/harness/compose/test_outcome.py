"""What the trials of a search come to: the word, its sentence and the exit code."""

import pytest

from harness.base.capacity import StatedPeak
from harness.base.ladder import Ladder
from tests.fakes.climbed import FOUND, UP, climbed

SMALL = Ladder(1_000, 2_000)


def peak(rate):
    return StatedPeak(commands_per_s=rate, source="log")


def at(rung, outcome, times=3):
    """Found and then repeated."""
    return [*[(rung, "climb", outcome)] * 2, *[(rung, "confirm", outcome)] * times]


TOP = [(0, "climb", "kept"), *at(16, "kept")]
NOTHING = at(0, "broken")
SATURATED = [*UP[:3], (32, "climb", "generator"), (32, "climb", "generator"), *[(rung, "confirm", outcome) for rung, outcome in ((31, "kept"), (32, "generator")) for _ in range(3)]]  # fmt: skip


def test_a_capacity_is_told_with_both_rates_and_what_speaks_for_each():
    found = climbed(*FOUND)
    assert (found.word, found.exit) == ("found", 0)
    assert (found.kept_per_s, found.above_per_s) == (23_630, 24_680)
    assert (found.kept, found.above) == ((3, 3), (0, 3)), "what found a rate does not count again"
    assert found.sure == 0.75
    assert found.headroom == pytest.approx(23_630 / 12_000)
    assert found.why == "23,630/s keeps the limits in 3 of 3 trials; 24,680/s, the next step up, in 0 of 3 trials (latency: latency.response p(99) breaks <10ms)."  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "stated", "word", "code"),
    [
        (FOUND, None, "found", 0),
        (FOUND, peak(23_630), "found", 0),
        (FOUND, peak(24_000), "found", 2),
        (FOUND, peak(24_680), "found", 1),
        (FOUND, peak(90_000), "found", 1),
        (TOP, None, "at least", 0),
        (TOP, peak(2_000), "at least", 0),
        (TOP, peak(2_001), "at least", 2),
        (NOTHING, None, "none", 1),
        (NOTHING, peak(1_000), "none", 1),
        (NOTHING, peak(999), "none", 2),
        (SATURATED, None, "generator saturated", 2),
        (SATURATED, peak(10), "generator saturated", 2),
        (at(0, "generator"), None, "generator saturated", 2),
        (at(0, "unknown"), None, "cannot tell", 2),
    ],
)
def test_the_code_is_0_only_where_nothing_is_left_open_about_the_stated_peak(asked, stated, word, code):
    found = climbed(*asked, peak=stated, ladder=SMALL if asked is TOP else Ladder(1_000, 1_000_000))
    assert (found.word, found.exit) == (word, code)


def test_a_saturated_generator_is_named_and_the_engine_is_told_by_what_it_kept():
    found = climbed(*SATURATED, peak=None)
    assert found.why.startswith("The generator is saturated at 4,000/s, which says nothing of the engine (p(99) of the generator's lag")  # fmt: skip
    assert found.why.endswith("The engine keeps at least 3,830/s, in 3 of 3 trials.")
    assert found.headroom is None
    nothing = climbed(*at(0, "generator"))
    assert nothing.why.endswith("Nothing is known of the engine.")
    assert (nothing.kept_per_s, nothing.sure) == (None, None)


def test_nothing_kept_is_told_by_the_lowest_rate():
    found = climbed(*NOTHING)
    assert found.why == "Not even 1,000/s, the lowest rate that was asked for, keeps the limits: in 0 of 3 trials (latency: latency.response p(99) breaks <10ms)."  # fmt: skip


def test_what_ended_early_tells_what_is_known_so_far_and_is_never_0():
    found = climbed(*UP[:3], ended="interrupted", peak=None)
    assert (found.word, found.exit) == ("cannot tell", 130)
    assert found.why == "The search ended early: interrupted. So far, 2,000/s keeps the limits in 1 of 1 trial."
    assert climbed(*UP[:3], ended="it was cut short", peak=None).exit == 2
    warm = climbed((0, "warm-up", "broken"), ended="the engine did not start")
    assert (warm.word, warm.exit) == ("none", 1)
