"""The page of a capacity: what was found, the picture with its marks and limits, and every rate that was tried."""

import re

import pytest

from harness.base.capacity import StatedPeak, by_rate
from harness.base.ladder import Ladder
from reports import charts
from reports.capacity import page, picture
from tests.fakes.climbed import FOUND, UP, climbed

NOTHING = [(0, "warm-up", "kept"), *[(0, "climb", "broken")] * 2, *[(0, "confirm", "broken")] * 3]


def drawn(found):
    return picture(found, by_rate(found.trials))


def test_the_head_tells_the_capacity_and_what_it_rests_on():
    html = page(climbed(*FOUND))
    assert '<h1 class="go">23,630/s</h1>' in html
    assert "kept in 3 of 3 trials" in html
    assert "1.97 times" in html
    assert "75%" in html


@pytest.mark.parametrize(
    ("found", "head"),
    [
        (climbed(*NOTHING, peak=None), '<h1 class="no-go">no rate kept</h1>'),
        (climbed(*FOUND, peak=StatedPeak(commands_per_s=90_000, source="x")), '<h1 class="no-go">23,630/s</h1>'),
        (climbed(*UP, ended="interrupted"), '<h1 class="undecided">at least 16,000/s</h1>'),
        (climbed((0, "warm-up", "kept"), ended="interrupted"), '<h1 class="undecided">not known</h1>'),
        (climbed((0, "climb", "kept"), *[(16, "climb", "kept"), *[(16, "confirm", "kept")] * 3], ladder=Ladder(1_000, 2_000), peak=None), '<h1 class="go">at least 2,000/s</h1>'),
    ],
)  # fmt: skip
def test_the_head_says_how_it_stands_in_words_and_in_colour(found, head):
    assert head in page(found)


def test_a_trial_stands_in_the_picture_by_rate_and_p99_and_its_shape_says_what_came_of_it():
    found = climbed(*FOUND)
    shown = drawn(found)
    assert len(shown.marks) == len(FOUND) - 1, "the warm-up is left out"
    assert shown.outcomes == ("kept", "broken", "generator", "unknown")
    html = page(found)
    shapes = {kind: len(re.findall(rf'class="m m-{kind}"', html)) for kind in shown.outcomes}
    # Each outcome once in the key; and a row of the table each rate.
    rows = [row.outcome for row in by_rate(found.trials)]
    assert shapes == {kind: [mark.outcome for mark in shown.marks].count(kind) + 1 + rows.count(kind) for kind in shapes}  # fmt: skip


def test_both_axes_are_logarithmic_and_the_limits_stand_where_they_should():
    shown = drawn(climbed(*FOUND))
    at = {tick.label: tick.at for tick in shown.x_ticks}
    assert at["2k"] - at["1k"] == pytest.approx(at["10k"] - at["5k"])
    up = {tick.label: tick.at for tick in shown.y_ticks}
    assert [bound.label for bound in shown.bounds] == ["p99 < 10 ms", "p99.9 < 100 ms"]
    assert [bound.y for bound in shown.bounds] == [pytest.approx(up["10 ms"]), pytest.approx(up["100 ms"])]


def test_the_capacity_and_the_stated_peak_are_lines_of_their_own():
    shown = drawn(climbed(*FOUND))
    assert [(post.label, post.style) for post in shown.posts] == [("kept: 23,630/s", "capacity"), ("stated peak: 12,000/s", "peak")]  # fmt: skip
    assert shown.posts[0].x == next(mark.x for mark in shown.marks if "23,630" in mark.told)
    assert len({post.y for post in shown.posts}) == 2, "their words do not stand on each other"
    far = drawn(climbed(*FOUND, peak=StatedPeak(commands_per_s=900_000, source="x")))
    assert charts.LEFT < far.posts[1].x < charts.RIGHT, "a peak beyond all rates is in the picture"


def test_no_peak_is_told_as_not_stated():
    html = page(climbed(*FOUND, peak=None))
    assert "not stated" in html
    assert "no [use.matching_venue.peak] in the policy" in html


def test_where_nothing_was_answered_there_is_no_picture():
    found = climbed((0, "warm-up", "broken"), ended="the engine did not get as far as a rate")
    assert drawn(found) is None
    assert "Latency against rate" not in page(found)


def test_one_rate_alone_can_be_drawn():
    shown = drawn(climbed(*NOTHING, peak=None))
    assert [tick.label for tick in shown.x_ticks] == ["1k"]


def test_words_of_strangers_stay_text():
    html = page(climbed(*FOUND))
    assert "gateway log &lt;b&gt;2026&lt;/b&gt;" in html
    assert "<script" not in html
    assert "default-src 'none'" in html
