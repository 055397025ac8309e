"""Locust's tables filled with our histograms: counts and percentiles are those of the histogram, in ms of two digits, and the CSV files say them."""

import csv

import numpy as np
import pytest

from harness.base.histogram import Histogram
from harness.load.messages import Tally


@pytest.fixture
def environment():
    from harness.load.locusts import Environment

    made = Environment(user_classes=[])
    made.create_local_runner()
    return made


def tally(values_ns):
    histogram = Histogram()
    histogram.record(np.array(values_ns, np.int64))
    return Tally(sent=len(values_ns), late_ns=values_ns[0], response=histogram.distribution())


def test_reports_are_added_up_as_locust_would_have_added_each_value(environment):
    from harness.load.page import RESPONSE, SERVICE, Page

    page = Page(environment)
    page.take(tally([1_234_567] * 90))
    page.take(tally([250_000_000] * 10))
    page.take(Tally())
    entry = environment.stats.entries[RESPONSE]
    assert (page.sent, page.late_ns, page.response.total) == (100, 250_000_000, 100)
    assert (entry.num_requests, environment.stats.total.num_requests) == (100, 100)
    assert entry.get_response_time_percentile(0.5) == 1.2
    assert entry.get_response_time_percentile(0.95) == 250.0
    assert entry.avg_response_time == pytest.approx(26.11, rel=0.001)
    assert (entry.min_response_time, entry.max_response_time) == (
        pytest.approx(1.2346, rel=0.001),
        pytest.approx(250, rel=0.001),
    )
    assert not environment.stats.entries[SERVICE].num_requests


def test_the_csv_files_say_what_the_tables_say(environment, tmp_path):
    from harness.load.locusts import gevent
    from harness.load.page import Page

    page = Page(environment)
    with page.written(tmp_path):
        page.take(tally([2_000_000] * 5))
        gevent.sleep(0)
    rows = list(csv.DictReader((tmp_path / "locust_stats.csv").read_text().splitlines()))
    assert {row["Name"]: row["Request Count"] for row in rows} == {"response": "5", "service": "0", "Aggregated": "5"}
    assert float(rows[0]["99%"]) == 2.0
    assert (tmp_path / "locust_stats_history.csv").read_text().startswith("Timestamp,User Count")
