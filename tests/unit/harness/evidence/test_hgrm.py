"""latency.hgrm holds what the public package tells of the same values, at the percentiles at which the original stops."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from hdrh.histogram import HdrHistogram

from harness.base.findings import Distribution
from harness.base.histogram import Histogram
from harness.evidence import hgrm

VALUES = np.random.default_rng(3).lognormal(11, 2, 20_000).astype(np.int64)
ORIGINAL = (
    0.000000, 0.100000, 0.200000, 0.300000, 0.400000, 0.500000, 0.550000, 0.600000, 0.650000, 0.700000, 0.750000, 0.775000, 0.800000,
    0.825000, 0.850000, 0.875000, 0.887500, 0.900000, 0.912500, 0.925000, 0.937500, 0.943750, 0.950000, 0.956250, 0.962500, 0.968750,
    0.971875, 0.975000, 0.978125, 0.981250, 0.984375, 0.985938, 0.987500, 0.989062, 0.990625, 0.992188, 0.992969, 0.993750, 0.994531,
    0.995313, 0.996094, 0.996484, 0.996875, 0.997266, 0.997656, 0.998047, 0.998242, 0.998437, 0.998633, 0.998828, 0.999023, 0.999121,
    0.999219, 0.999316, 0.999414, 0.999512, 0.999561, 0.999609,
)  # fmt: skip
"""The percentiles of an output of the original. Source: HdrHistogram, GoogleChartsExample/example1.txt."""


def stored(values: np.ndarray) -> Distribution:
    histogram = Histogram()
    histogram.record(values)
    return histogram.distribution()


def public(values: np.ndarray) -> HdrHistogram:
    histogram = HdrHistogram(1, 2**62, 3)
    for value in values.tolist():
        histogram.record_value(value)
    return histogram


def written(tmp_path, values: np.ndarray) -> list[str]:
    hgrm.write_hgrm(tmp_path / "latency.hgrm", stored(values))
    return (tmp_path / "latency.hgrm").read_text().split("\n")


def test_it_stops_where_the_original_does():
    percents = [row.percent for row in hgrm.rows(stored(VALUES))]
    assert [round(percent / 100, 6) for percent in percents[: len(ORIGINAL)]] == list(ORIGINAL)
    assert percents[-1] == 100


def test_each_row_tells_what_the_public_package_tells_there():
    """A row's value is the first that reaches its percentile, and its count that of all values up to it."""
    theirs = public(VALUES)
    ranked = np.sort(VALUES)
    for row in list(hgrm.rows(stored(VALUES)))[1:-1]:
        assert 100.0 * row.upto / len(VALUES) >= row.percent
        assert row.value_ns == theirs.get_highest_equivalent_value(int(ranked[row.upto - 1]))
        assert row.upto == np.searchsorted(ranked, row.value_ns, side="right")
        assert row.value_ns == theirs.get_value_at_percentile(
            100.0 * math.ceil(row.percent * len(VALUES) / 100) / len(VALUES)
        )


def test_lines_have_the_shape_and_the_sums_of_the_public_package(tmp_path):
    out = io.BytesIO()
    public(VALUES).output_percentile_distribution(out, 1e6)
    theirs, ours = out.getvalue().decode().split("\n"), written(tmp_path, VALUES)
    assert ours[:2] == theirs[:2]
    assert float(ours[2].split()[0]) == pytest.approx(float(theirs[2].split()[0]), abs=5e-4)
    assert ours[2].split()[1:] == theirs[2].split()[1:]
    assert [float(part) for part in ours[-5].split()] == pytest.approx(
        [float(part) for part in theirs[-5].split()], abs=5e-4
    )
    assert ours[-1] == theirs[-1] == ""
    assert float(ours[-4].split()[2].rstrip(",")) == pytest.approx(public(VALUES).get_mean_value() / 1e6, rel=1e-4)
    assert float(ours[-4].split()[5].rstrip("]")) == pytest.approx(public(VALUES).get_stddev() / 1e6, rel=1e-4)
    assert float(ours[-3].split()[2].rstrip(",")) == pytest.approx(public(VALUES).get_max_value() / 1e6, abs=5e-4)


def test_the_public_plotter_can_read_it(tmp_path):
    """It takes lines of four parts that do not begin with a number sign; value and 1/(1-percentile) are the first and the last."""
    points = [line.split() for line in written(tmp_path, VALUES) if not line.startswith("#") and len(line.split()) == 4]
    read = [(float(parts[0]), float(parts[3])) for parts in points[1:]]
    assert points[0] == ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"]
    assert read == sorted(read)
    assert (read[5][0], read[5][1]) == (pytest.approx(np.median(VALUES) / 1e6, rel=2e-3), 2.0)


@pytest.mark.parametrize(
    ("values", "high_ms"),
    [([0], "0.000000"), ([1], "0.000001"), ([7, 7, 7], "0.000007"), ([2**62], "4616189618054.758789")],
)
def test_one_value_equal_values_and_the_largest_end_at_their_bucket(tmp_path, values, high_ms):
    lines = written(tmp_path, np.array(values, np.int64))
    assert [line.split() for line in lines[2:4]] == [
        [high_ms, "0.000000000000", str(len(values)), "1.00"], [high_ms, "1.000000000000", str(len(values))],
    ]  # fmt: skip
    assert len(lines) == 8


def test_nothing_measured_has_a_head_and_a_foot(tmp_path):
    lines = written(tmp_path, np.zeros(0, np.int64))
    assert len(lines) == 6
    assert lines[3] == f"#[Max     = {0:12.6f}, Total count    = {0:12d}]"
