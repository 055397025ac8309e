"""latency.hlog is read back by the public package."""

import numpy as np
import pytest
from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader

from harness.base.histogram import Histogram
from harness.evidence.hlog import write_hlog


def test_the_public_reader_finds_the_same_quantiles(tmp_path):
    values = np.random.default_rng(3).lognormal(11, 1, 20_000).astype(np.int64)
    histogram = Histogram()
    histogram.record(values)
    write_hlog(tmp_path / "latency.hlog", {"latency.response": histogram.distribution()}, 2_500_000_000)
    reader = HistogramLogReader(str(tmp_path / "latency.hlog"), HdrHistogram(1, 3_600_000_000_000, 3))
    read = reader.get_next_interval_histogram()
    assert read.get_total_count() == len(values)
    for percent in (50, 99, 99.9):
        exact = np.sort(values)[round(percent / 100 * len(values)) - 1]
        assert read.get_value_at_percentile(percent) == pytest.approx(exact, rel=0.002)
    assert reader.get_next_interval_histogram() is None
    reader.input_file.close()
