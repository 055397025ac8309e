"""latency.hlog: latencies in the log format of HdrHistogram 1.3, readable by its public tools.

The histograms are encoded by the public package; its log writer gets the start time and the tags wrong, so the lines are
written here. Source: HdrHistogram's HistogramLogWriter.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from harness.base.findings import Distribution
from harness.base.histogram import bucket_low
from harness.evidence.store import write_bytes

HIGHEST_NS = 3_600_000_000_000
"""An hour: the range that the public tools take by default."""
_COLUMNS = '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"'


def write_hlog(path: Path, distributions: Mapping[str, Distribution], duration_ns: int) -> None:
    """Write one interval a distribution, over the whole scenario, tagged with its name; values in ns, Interval_Max in ms."""
    lines = ["#[Histogram log format version 1.3]", "#[Latencies in ns; Interval_Max in ms]", _COLUMNS]
    for name, stored in sorted(distributions.items()):
        lines.append(f"Tag={name},0.000,{duration_ns / 1e9:.3f},{stored.high / 1e6:.3f},{_encoded(stored)}")
    write_bytes(path, "\n".join([*lines, ""]).encode())


def _encoded(stored: Distribution) -> str:
    from hdrh.histogram import HdrHistogram  # noqa: PLC0415 - loads a C extension that only this file needs

    histogram = HdrHistogram(1, HIGHEST_NS, 3)
    for bucket, count in stored.buckets:
        histogram.record_value(min(bucket_low(bucket), HIGHEST_NS), count)
    return str(histogram.encode().decode("ascii"))
