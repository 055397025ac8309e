"""Which pictures evidence gives."""

from __future__ import annotations

import math
import shutil

import numpy as np
import pytest

from harness.base.bits import book_rows
from harness.base.capabilities import Instrument
from harness.base.findings import Distribution, Series
from harness.base.histogram import Histogram
from harness.base.limits import parse_limit
from harness.base.stats import quantile
from harness.evidence.archive import Archive
from reports import figures, pictures
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
    assert pictures.over_time(Series(name="s", unit="ns", columns=("start_ns", "p50_ns"), rows=())) is None
    assert pictures.depth(book_rows([]), Instrument(id=1, symbol="A"), "Made") is None


def test_one_observation_and_zeros_draw() -> None:
    assert pictures.by_percentile("latency", {"response": _of([0])}, []) is not None
    series = Series(name="s", unit="ns", columns=("start_ns", "p50_ns"), rows=((0.0, 0.0),))
    assert pictures.over_time(series) is not None


def test_a_limit_is_drawn_up_to_its_percentile() -> None:
    measures = [
        latency("latency.response", "p(99)", 5e6, "<10ms", "pass"),
        latency("latency.response", "max", 5e6, "<1s", "pass"),
        latency("other.response", "p(99)", 5e6, "<10ms", "pass"),
    ]
    chart = pictures.by_percentile("latency", {"response": _of(list(range(1, 100_001)))}, measures)
    assert chart is not None
    [bound] = chart.bounds
    assert bound.label == "p99 < 10 ms"
    nines = {tick.label: tick.at for tick in chart.x_ticks}
    assert abs(bound.until - nines["99"]) < 0.01


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


def test_the_only_curve_of_a_family_is_in_its_title() -> None:
    chart = pictures.by_percentile("generator", {"lag": _of([1, 2, 3])}, [])
    assert chart is not None
    assert (chart.title, chart.subtitle) == ("Generator lag by percentile", "p99 3 ns")


def test_a_series_is_drawn_by_its_columns() -> None:
    rows = tuple((at * 1e9, 100.0 + at, 90.0 + at) for at in range(5))
    chart = pictures.over_time(
        Series(name="queue", unit="1/s", columns=("start_ns", "in_per_s", "out_per_s"), rows=rows)
    )
    assert chart is not None
    assert [line.name for line in chart.lines] == ["in", "out"]
    assert [tick.label for tick in chart.x_ticks][:2] == ["0 s", "1 s"]
    assert chart.told == "Queue over 4 s: in up to 104/s and out up to 94/s."


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
