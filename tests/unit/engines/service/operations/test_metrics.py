"""The page is what Prometheus reads, whatever stands in a label."""

from engines.service.operations.metrics import Metric, exposition


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
