"""The page is what Prometheus reads, whatever stands in a label."""

from engines.service.durations import BOUNDS_NS, Durations
from engines.service.operations.metrics import Histogram, Metric, exposition


def test_a_metric_has_its_help_its_type_and_a_line_a_value():
    metrics = [
        Metric("a_total", "counter", "How many.\nReally.", {"x": 1, 'a "b" \\': 2}, "stage"),
        Metric("b", "gauge", "Now.", {"": 3}),
    ]
    assert exposition(metrics).splitlines() == [
        "# HELP a_total How many.\\nReally.",
        "# TYPE a_total counter",
        'a_total{stage="x"} 1',
        'a_total{stage="a \\"b\\" \\\\"} 2',
        "# HELP b Now.",
        "# TYPE b gauge",
        "b 3",
    ]


def test_a_histogram_counts_what_took_at_most_so_long_in_seconds():
    durations = Durations()
    durations.add(BOUNDS_NS[0], times=2)
    durations.add(BOUNDS_NS[1])
    durations.add(BOUNDS_NS[-1] + 1)
    lines = exposition([Histogram("t_seconds", "Times.", durations)]).splitlines()
    assert lines[:5] == [
        "# HELP t_seconds Times.", "# TYPE t_seconds histogram",
        't_seconds_bucket{le="0.0001"} 2', 't_seconds_bucket{le="0.00025"} 3', 't_seconds_bucket{le="0.0005"} 3',
    ]  # fmt: skip
    assert lines[-4:] == [
        't_seconds_bucket{le="10"} 3', 't_seconds_bucket{le="+Inf"} 4', "t_seconds_sum 10.00045", "t_seconds_count 4",
    ]  # fmt: skip
