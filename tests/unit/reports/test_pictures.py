"""Which pictures evidence gives."""

from __future__ import annotations

import math
import re
import shutil

import numpy as np
import pytest

from harness.base.bits import book_rows
from harness.base.capabilities import Instrument
from harness.base.findings import Distribution, Facts
from harness.base.histogram import Histogram
from harness.base.limits import parse_limit
from harness.base.stats import quantile
from harness.evidence.archive import Archive
from harness.evidence.store import write_json
from reports import charts, figures, pictures
from reports.view import view
from tests.fakes import run_folder
from tests.fakes.run_folder import GO, latency

EMPTY = Distribution(buckets=(), low=0, high=0)


def _of(values: list[int]) -> Distribution:
    histogram = Histogram()
    histogram.record(np.array(values, np.int64))
    return histogram.distribution()


def test_nothing_measured_draws_nothing() -> None:
    assert pictures.by_percentile("latency", {"response": EMPTY}, []) is None
    assert pictures.depth(book_rows([]), Instrument(id=1, symbol="A"), "Made") is None


def test_one_observation_and_zeros_draw() -> None:
    assert pictures.by_percentile("latency", {"response": _of([0])}, []) is not None


def test_a_limit_is_drawn_up_to_its_percentile() -> None:
    measures = [
        latency("latency.response", "p(99)", 5e6, "<10ms", "pass"),
        latency("latency.response", "max", 5e6, "<1s", "pass"),
        latency("other.response", "p(99)", 5e6, "<10ms", "pass"),
    ]
    chart = pictures.by_percentile("latency", {"response": _of(list(range(1, 100_001)))}, measures)
    assert chart is not None
    at_p99, at_max = chart.bounds
    assert (at_p99.label, at_max.label) == ("p99 < 10 ms", "max < 1 s")
    nines = {tick.label: tick.at for tick in chart.x_ticks}
    assert abs(at_p99.until - nines["99"]) < 0.01
    assert at_max.until == charts.RIGHT


def test_a_curve_lands_where_the_arithmetic_says() -> None:
    """Of 1 to 100,000 ns the axis holds five nines and five powers of ten, each of the same length; p(q) is q of the way up to 100,000."""
    chart = pictures.by_percentile("latency", {"response": _of(list(range(1, 100_001)))}, [])
    assert chart is not None
    places = dict(re.findall(r"[ML]([\d.]+),([\d.]+)", chart.lines[0].path))
    wide, tall = charts.RIGHT - charts.LEFT, charts.BOTTOM - charts.TOP
    for nines in (1, 2, 3, 4, 5):
        across = f"{charts.LEFT + wide * nines / 5:.1f}"
        up = charts.BOTTOM - tall * math.log10(100_000 * (1 - 10.0**-nines)) / 5
        assert float(places[across]) == pytest.approx(up, abs=0.2)
    assert [tick.at for tick in chart.y_ticks] == pytest.approx(
        [charts.BOTTOM - tall * power / 5 for power in range(6)]
    )


def test_a_table_tells_the_percentiles_that_were_reached_and_the_highest_value() -> None:
    members = {"response": _of(list(range(1, 1_001))), "service": _of([7])}
    chart = pictures.by_percentile("latency", members, [])
    assert chart is not None
    assert chart.table == charts.Table(
        head=("percentile", "response", "service"),
        rows=(("p50", "500 ns", "7 ns"), ("p90", "900 ns", "7 ns"), ("p99", "990 ns", "7 ns"), ("p99.9", "999 ns", "7 ns"),
              ("max", "1 µs", "7 ns")),
    )  # fmt: skip


@pytest.mark.parametrize("values", [[0], [0, 0, 0], [5], [5] * 10_000, [2**62], [1, 2**62]])
def test_one_value_equal_ones_zero_and_huge_ones_draw_inside_the_box(values: list[int]) -> None:
    chart = pictures.by_percentile("latency", {"response": _of(values)}, [])
    assert chart is not None
    places = re.findall(r"[ML]([\d.]+),([\d.]+)", chart.lines[0].path)
    assert places
    assert all(charts.LEFT <= float(x) <= charts.RIGHT and charts.TOP <= float(y) <= charts.BOTTOM for x, y in places)


@pytest.mark.parametrize("count", [50, 999, 1_000, 12_345, 150_000])
def test_the_curve_and_its_words_go_through_the_figures_of_the_table(count: int) -> None:
    values = np.random.default_rng(count).lognormal(13, 2, count).astype(np.int64)
    histogram = Histogram.of(_of(values.tolist()))
    limits = [parse_limit(text) for text in ("p(50)<1s", "p(97.5)<1s", "p(99)<1s", "p(99.9)<1s")]
    table = [quantile(histogram, limit.fraction).value for limit in limits]
    measures = [
        latency("latency.response", limit.stat, value, "<1s", "pass")
        for limit, value in zip(limits, table, strict=True)
    ]
    chart = pictures.by_percentile("latency", {"response": histogram.distribution()}, measures)
    assert chart is not None
    assert chart.subtitle == f"p99 {figures.amount(table[2], 'ns')}"
    drawn = pictures.curve(histogram, [limit.fraction for limit in limits])
    reached = [(limit, value) for limit, value in zip(limits, table, strict=True) if 1 / (1 - limit.fraction) <= count]
    assert reached
    for limit, value in reached:
        assert (-math.log10(1 - limit.fraction), value) in drawn
    assert drawn == sorted(drawn)


def test_further_curves_of_a_family_are_thin_and_all_are_named_in_words() -> None:
    members = {"response": _of([9]), "service": _of([8]), "closed_loop": _of([7])}
    chart = pictures.by_percentile("latency", members, [])
    assert chart is not None
    assert [(line.name, line.style) for line in chart.lines] == [
        ("response", "s1"), ("service", "s2"), ("closed loop", "s3"),
    ]  # fmt: skip
    assert chart.subtitle == "response p99 9 ns · service p99 8 ns · closed loop p99 7 ns"


def test_the_only_curve_of_a_family_is_in_its_title() -> None:
    chart = pictures.by_percentile("generator", {"lag": _of([1, 2, 3])}, [])
    assert chart is not None
    assert (chart.title, chart.subtitle) == ("Generator lag by percentile", "p99 3 ns")


def test_the_book_is_summed_outward_and_far_prices_are_told() -> None:
    rows = [(1, 0, 100 - at, 0, at + 1, 10) for at in range(5)] + [(1, 1, 101 + at, 0, at + 50, 10) for at in range(5)]
    chart = pictures.depth(
        book_rows([*rows, (1, 1, 2**40, 0, 99, 10)]), Instrument(id=1, symbol="ESH4", tick_1e9=250_000_000), "Made"
    )
    assert chart is not None
    assert chart.title == "Made: book of ESH4"
    assert chart.subtitle == "best bid 25 · best ask 25.25; 1 far price left out"
    assert [line.style for line in chart.lines] == ["buy", "sell"]


def test_only_the_busiest_book_of_a_scenario_is_drawn() -> None:
    rows = [(one, 0, 100, place, one * 10 + place, 1) for one in range(1, 6) for place in range(one)]
    [(number, chart)] = pictures._busiest(book_rows(rows), (Instrument(id=5, symbol="FIVE"),), "twice")
    assert (number, chart.title) == (5, "Twice: book of FIVE")
    assert pictures._busiest(book_rows([]), (), "twice") == []
    assert pictures._busiest(None, (), "twice") == []


def test_what_was_measured_stands_by_scenario_and_the_books_together(shown) -> None:
    albums = shown(GO).albums
    assert [(album.title, album.anchor, len(album.charts)) for album in albums] == [
        ("Poisson", "pictures.poisson", 3), ("Final books", "pictures.books", 1),
    ]  # fmt: skip


def test_what_has_no_series_is_told_in_words(tmp_path) -> None:
    folder = run_folder.write(tmp_path / "run", GO)
    facts = folder / "scenarios/poisson/facts"
    for name, fact in (("latency", Facts(seen=0, unknown="no command was answered")), ("throughput", Facts(seen=1))):
        write_json(facts / f"{name}.json", fact)
    [album, _] = view(Archive(folder)).albums
    assert album.charts == ()
    assert album.note == (
        "Latency over time is not drawn: no command was answered. Throughput over time is not drawn: its facts hold no series."
    )


def test_all_that_went_on_in_a_scenario_stands_on_one_time_axis(shown) -> None:
    response, throughput = (chart for chart in shown(GO).albums[0].charts if chart.title.endswith("over time"))
    assert response.x_ticks == throughput.x_ticks
    assert throughput.lines[0].path.startswith(f"M{charts.LEFT + (charts.RIGHT - charts.LEFT) / 59.6:.1f},")


def test_a_book_that_cannot_be_read_is_told(tmp_path) -> None:
    folder = run_folder.write(tmp_path / "run", GO)
    for book in (folder / "scenarios/poisson/snapshots").iterdir():
        book.write_bytes(b"broken")
    assert "The final book of poisson cannot be drawn" in view(Archive(folder)).albums[-1].note


def test_books_stand_in_the_order_of_their_instruments(tmp_path) -> None:
    folder = run_folder.write(tmp_path / "run", GO)
    shutil.copytree(folder / "scenarios/poisson", folder / "scenarios/cases", dirs_exist_ok=True)
    [book] = (folder / "scenarios/poisson/snapshots").iterdir()
    book.write_bytes(book_rows([(2, 0, 100, 0, 1, 10)]).tobytes())
    assert [chart.title for chart in view(Archive(folder)).albums[-1].charts] == [
        "Cases: book of ESH4", "Poisson: book of 2",
    ]  # fmt: skip
