"""The geometry of the pictures, over all that evidence may hold."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import charts

POINTS = st.lists(
    st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=True, allow_infinity=True)),
    max_size=900,
)


@given(POINTS, st.booleans())
def test_every_path_stays_inside_its_box(points: list[tuple[float, float]], log: bool) -> None:
    points = sorted(points, key=lambda point: point[0])
    finite = [up for _, up in points if math.isfinite(up)] or [0.0]
    x = charts.along(points[0][0], points[-1][0]) if points else charts.along(0, 0)
    y = charts.upward(min(finite), max(finite), log=log)
    drawn = charts.path(points, x, y)
    places = [tuple(map(float, pair)) for pair in re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", drawn)]
    assert len(places) <= charts.MOST_POINTS
    assert all(math.isfinite(tick.at) for scale in (x, y) for tick in charts.ticks(scale, str))
    assert all(charts.LEFT <= across <= charts.RIGHT and charts.TOP <= up <= charts.BOTTOM for across, up in places)


def test_nothing_gives_nothing_and_one_point_can_be_seen() -> None:
    x, y = charts.along(0, 0), charts.upward(0, 0)
    assert charts.path([], x, y) == ""
    assert charts.steps([], x, y) == ""
    assert charts.band([], [], x, y) == ""
    assert charts.path([(0, 0)], x, y).endswith("h0.01")


def test_a_value_that_is_none_breaks_the_line_and_what_is_alone_can_be_seen() -> None:
    x, y = charts.along(0, 3), charts.upward(0, 1)
    drawn = charts.path([(0, 0), (1, math.nan), (2, 1), (3, 1)], x, y)
    assert drawn == (
        f"M{charts.LEFT:.1f},{charts.BOTTOM:.1f} h0.01 M{charts.LEFT + 360:.1f},{charts.TOP:.1f} L{charts.RIGHT:.1f},{charts.TOP:.1f}"
    )


def test_a_band_breaks_where_either_of_its_lines_does() -> None:
    x, y = charts.along(0, 4), charts.upward(0, 1)
    lower = [(float(at), 0.0) for at in range(5)]
    upper = [(at, math.nan if at == 2 else 1.0) for at, _ in lower]
    assert charts.band(lower, upper, x, y).count("Z") == charts.band(upper, lower, x, y).count("Z") == 2
    assert charts.band(lower[:1], upper[:1], x, y) == ""


def test_decimation_keeps_both_ends_and_every_spike() -> None:
    points = [(float(at), 1.0) for at in range(10_000)]
    points[4_321] = (4_321.0, 99.0)
    kept = charts.decimated(points)
    assert len(kept) <= charts.MOST_POINTS
    assert kept[0] == points[0]
    assert kept[-1] == points[-1]
    assert (4_321.0, 99.0) in kept


def test_a_logarithmic_axis_ends_at_powers_of_ten_and_takes_zero() -> None:
    y = charts.upward(0, 4_100_000, log=True)
    assert (y.low, y.high) == (1, 10_000_000)
    assert y.place(0) == charts.BOTTOM
    assert [tick.label for tick in charts.ticks(y, lambda value: f"{value:g}", most=8)][:2] == ["1", "10"]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 59e9), (-3, 7), (1e-9, 1e-8), (1e17, 1e18), (5, 5)])
def test_linear_ticks_are_few_round_and_inside(low: float, high: float) -> None:
    ticks = charts.ticks(charts.along(low, high), str)
    assert 1 <= len(ticks) <= 8
    assert all(charts.LEFT <= tick.at <= charts.RIGHT for tick in ticks)


def test_stairs_hold_their_height() -> None:
    x, y = charts.along(0, 10), charts.upward(0, 10)
    assert charts.steps([(0, 0), (10, 10)], x, y) == (
        f"M{charts.LEFT:.1f},{charts.BOTTOM:.1f} H{charts.RIGHT:.1f} V{charts.TOP:.1f}"
    )
