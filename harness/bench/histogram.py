"""Recording latencies: nanoseconds a value, in batches, beside the public HdrHistogram that takes them one by one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np
from hdrh.histogram import HdrHistogram

from harness.base.histogram import Histogram
from harness.base.records import Int64Array
from harness.bench import Case, Goal, Round, Site

VALUES = 4_000_000
ONE_BY_ONE = 50_000
HIGHEST_NS = 60_000_000_000
RANK = 0.99


def _histogram(site: Site) -> Iterator[Sequence[Case]]:
    values = np.random.default_rng(23).lognormal(11, 1.5, site.part(VALUES)).astype(np.int64)
    few = values[:ONE_BY_ONE]
    yield (
        Case(
            name="histogram", about="a value recorded, in batches of 4,096", amount=len(values), unit="ns",
            run=lambda: _recorded(values), baseline="histogram.public", goal=Goal(most=5),
        ),
        Case(
            name="histogram.public", about="the same by the hdrhistogram package", amount=len(few), unit="ns",
            run=lambda: _recorded_publicly(few), warms=False,
        ),
    )  # fmt: skip


def _recorded(values: Int64Array) -> Round:
    histogram = Histogram()
    begun_ns = time.perf_counter_ns()
    for at in range(0, len(values), 4096):
        histogram.record(values[at : at + 4096])
    elapsed_ns = time.perf_counter_ns() - begun_ns
    rank = int(np.ceil(RANK * len(values)))
    near = abs(histogram.at_rank(rank) / int(np.partition(values, rank - 1)[rank - 1]) - 1)
    return Round(elapsed_ns, histogram.total == len(values) and near < 0.001)


def _recorded_publicly(values: Int64Array) -> Round:
    histogram = HdrHistogram(1, HIGHEST_NS, 3)
    plain = values.tolist()
    begun_ns = time.perf_counter_ns()
    for value in plain:
        histogram.record_value(value)
    return Round(time.perf_counter_ns() - begun_ns, histogram.get_total_count() == len(plain))


BENCH = _histogram
