"""What went on over time: where bands and lines land, where they break, and what is told in words."""

from __future__ import annotations

import re

import pytest

from harness.base.findings import Series
from reports import charts
from reports.over_time import over_time, span

S = 1_000_000_000
COLUMNS = ("start_ns", "p50_ns", "p90_ns", "p99_ns", "max_ns")


def response(*rows: tuple[float, ...]) -> Series:
    return Series(name="response", unit="ns", columns=COLUMNS, rows=rows)


def drawn(series: Series) -> charts.Chart:
    chart = over_time(series, span([series]))
    assert chart is not None
    return chart


def test_bands_lie_between_the_median_and_each_further_column_on_a_logarithmic_axis():
    chart = drawn(response((0, 10, 100, 1_000, 10_000), (S, 100, 100, 1_000, 10_000)))
    tall = charts.BOTTOM - charts.TOP
    up = {
        value: f"{charts.BOTTOM - tall * power / 3:.1f}"
        for value, power in ((10, 0), (100, 1), (1_000, 2), (10_000, 3))
    }
    left, right = f"{charts.LEFT:.1f}", f"{charts.RIGHT:.1f}"
    low = f"M{left},{up[10]} L{right},{up[100]}"
    assert [(area.name, area.style, area.path) for area in chart.areas] == [
        ("to p90", "a1", f"{low} L{right},{up[100]} L{left},{up[100]}Z"),
        ("to p99", "a2", f"{low} L{right},{up[1_000]} L{left},{up[1_000]}Z"),
        ("to max", "a3", f"{low} L{right},{up[10_000]} L{left},{up[10_000]}Z"),
    ]  # fmt: skip
    assert [(line.name, line.style, line.path) for line in chart.lines] == [
        ("", "edge", f"M{left},{up[10_000]} L{right},{up[10_000]}"), ("p50", "s1", low),
    ]  # fmt: skip


def test_a_stall_is_a_spike_and_told_with_its_time():
    rows = [(at * S, 400_000, 900_000, 2_000_000, 4_000_000) for at in range(60)]
    rows[31] = (31 * S, 400_000, 900_000, 190_000_000, 200_000_000)
    chart = drawn(response(*rows))
    places = [tuple(map(float, pair)) for pair in re.findall(r"([\d.]+),([\d.]+)", chart.lines[0].path)]
    highest = min(places, key=lambda place: place[1])
    assert highest[0] == pytest.approx(charts.LEFT + (charts.RIGHT - charts.LEFT) * 31 / 59, abs=0.1)
    assert sum(place[1] == highest[1] for place in places) == 1
    assert chart.subtitle == "p99 up to 190 ms · max up to 200 ms · each 1 s"
    assert chart.table is not None
    assert chart.table.head == ("response", "lowest", "at", "highest", "at")
    assert chart.table.rows[-1] == ("max", "4 ms", "0 s", "200 ms", "31 s")


def test_series_of_two_and_three_columns_have_the_lightest_bands():
    rows = ((0, 1, 2, 3), (S, 1, 2, 3))
    three = drawn(Series(name="response", unit="ns", columns=("start_ns", "p50_ns", "p99_ns", "max_ns"), rows=rows))
    assert [(area.name, area.style) for area in three.areas] == [("to p99", "a2"), ("to max", "a3")]


def test_what_was_not_told_for_a_while_breaks_lines_and_bands():
    rows = [(at * S, 1, 2, 3, 4) for at in (*range(10), *range(20, 30), 50)]
    chart = drawn(response(*rows))
    assert [line.path.count("M") for line in chart.lines] == [3, 3]
    assert chart.lines[0].path.endswith("h0.01")
    assert [area.path.count("Z") for area in chart.areas] == [2, 2, 2]


def test_intervals_that_are_far_apart_throughout_are_one_line():
    assert drawn(response(*((at * 60 * S, 1, 2, 3, 4) for at in range(5)))).lines[0].path.count("M") == 1


def test_the_axis_counts_from_the_first_interval_of_all_series():
    early, late = response((3_600 * S, 1, 2, 3, 4), (3_610 * S, 1, 2, 3, 4)), response((3_605 * S, 1, 2, 3, 4))
    over = span([early, late])
    assert over == (3_600 * S, 3_610 * S)
    chart = over_time(late, over)
    assert chart is not None
    assert chart.lines[0].path.startswith(f"M{(charts.LEFT + charts.RIGHT) / 2:.1f},")
    assert [tick.label for tick in chart.x_ticks][:2] == ["0 s", "2 s"]


def test_rates_are_lines_from_zero_and_what_came_of_them_is_the_main_one():
    rows = tuple((at * S, 100.0 + at, 90.0 + at) for at in range(5))
    chart = drawn(Series(name="queue", unit="1/s", columns=("start_ns", "in_per_s", "out_per_s"), rows=rows))
    assert [(line.name, line.style) for line in chart.lines] == [("out", "s1"), ("in", "s2")]
    assert chart.areas == ()
    assert chart.y_ticks[0].label == "0/s"
    assert [tick.label for tick in chart.x_ticks][:2] == ["0 s", "1 s"]
    assert chart.subtitle == "in up to 104/s · out up to 94/s · each 1 s"
    assert chart.told == "Queue over 4 s, each 1 s: in up to 104/s and out up to 94/s."


def test_nothing_draws_nothing_and_one_interval_of_zeros_can_be_seen():
    assert over_time(response(), span([])) is None
    chart = drawn(response((0, 0, 0, 0, 0)))
    assert all(line.path.endswith("h0.01") for line in chart.lines)
    assert chart.subtitle == "p99 up to 0 ns · max up to 0 ns"


@pytest.mark.parametrize("value", [1, 2**62, 1e300])
def test_equal_and_huge_values_stay_inside_the_box(value):
    chart = drawn(response((0, value, value, value, value), (S, 1, 1, value, value)))
    for path in (*(line.path for line in chart.lines), *(area.path for area in chart.areas)):
        for x, y in re.findall(r"[ML]([\d.]+),([\d.]+)", path):
            assert charts.LEFT <= float(x) <= charts.RIGHT
            assert charts.TOP <= float(y) <= charts.BOTTOM


def test_old_evidence_of_a_long_run_stays_small():
    rows = tuple((at * S, 1.0, 2.0, 3.0, 4.0) for at in range(86_400))
    chart = drawn(response(*rows))
    assert sum(len(line.path) for line in chart.lines) + sum(len(area.path) for area in chart.areas) < 60_000
