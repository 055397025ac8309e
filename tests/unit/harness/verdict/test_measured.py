"""Figures against limits: only the whole interval decides."""

from math import inf, nan

import pytest

from harness.base.findings import Facts, Interval, Share
from harness.evidence.fold import Metric
from tests.fakes.judged import RATE, RESPONSE, heard, spread, verdict_of


@pytest.mark.parametrize(
    ("values_ns", "verdict"),
    [([5_000_000] * 2000, "pass"), ([50_000_000] * 2000, "fail"), ([5_000_000] * 99 + [50_000_000], "unknown")],
)
def test_a_quantile_passes_or_fails_only_with_its_whole_interval(values_ns, verdict):
    one = heard("latency", Facts(seen=10, distributions={"latency.response": spread(*values_ns)}), metrics=(RESPONSE,))
    judged = verdict_of(one, required=("latency",), limits={"latency.response": ["p(99)<10ms"]})
    assert judged.checks[-1].verdict == verdict
    assert judged.checks[-1].measures[0].limit == "<10ms"


def test_figures_without_a_limit_are_told_and_decide_nothing():
    one = heard(facts=Facts(seen=10, measures={"throughput.sustained": Interval(5, 4, 6)}), metrics=(RATE,))
    (measure,) = verdict_of(one).checks[-1].measures
    assert (measure.verdict, measure.limit, measure.value) == ("told", "", 5)


UNEXPLAINED = Metric(name="rejects.unexplained", unit="share", about="")


def with_share(hits, total, scenario="s"):
    facts = Facts(seen=10, shares={"rejects.unexplained": Share(hits, total)})
    return heard(facts=facts, metrics=(UNEXPLAINED,), scenario=scenario)


@pytest.mark.parametrize(
    ("parts", "verdicts"),
    [
        ([with_share(0, 100)], ["unknown"]),
        ([with_share(0, 100, "a"), with_share(0, 100_000, "b")], ["pass", "pass"]),
        ([with_share(90, 100, "a"), with_share(0, 100_000, "b")], ["fail", "pass"]),
        ([with_share(3, 100, "a"), with_share(30, 1000, "b")], ["fail", "fail"]),
        ([with_share(0, 0)], ["unknown"]),
        ([with_share(0, 0, "a"), with_share(0, 100_000, "b")], ["pass", "pass"]),
    ],
)
def test_a_share_that_is_too_small_to_be_sure_is_judged_with_the_whole_run(parts, verdicts):
    judged = verdict_of(*parts, limits={"rejects.unexplained": ["<1%"]})
    assert [check.verdict for check in judged.checks[1:]] == verdicts


@pytest.mark.parametrize(
    "measures", [{}, {"throughput.sustained": Interval(nan, 4, 6)}, {"throughput.sustained": Interval(5, 4, inf)}]
)
def test_a_limit_without_a_figure_is_unknown(measures):
    one = heard(facts=Facts(seen=10, measures=measures), metrics=(RATE,))
    last = verdict_of(one, limits={"throughput.sustained": [">=1/s"]}).checks[-1]
    assert (last.verdict, last.reason) == ("unknown", "throughput.sustained was not measured, wanted >=1/s")
    assert verdict_of(one).checks[-1].measures == (), "no number is told that is none"


@pytest.mark.parametrize(
    ("asked", "answered", "verdict"),
    [
        (5_000, (4_980, 4_990, 5_010), "unknown"),
        (5_000, (2_400, 2_450, 2_500), "fail"),
        (20_000, (4_980, 4_990, 5_010), "fail"),
    ],
)
def test_a_rate_that_was_never_asked_for_is_no_fault_of_the_engine(asked, answered, verdict):
    value, low, high = answered[1], answered[0], answered[2]
    one = heard(
        facts=Facts(seen=10, measures={"throughput.sustained": Interval(value, low, high)}),
        metrics=(RATE,),
        rate_per_s=float(asked),
    )
    judged = verdict_of(one, limits={"throughput.sustained": [">=10000/s"]})
    assert judged.checks[-1].verdict == verdict
    assert ("only 5,000/s were asked for" in judged.checks[-1].reason) is (verdict == "unknown")


@pytest.mark.parametrize(
    ("worst_ns", "needs", "verdict"),
    [(50_000_000, ("pace",), "unknown"), (50_000_000, (), "fail"), (5_000_000, ("pace",), "pass")],
)
def test_under_a_profiler_a_limit_on_times_can_be_kept_and_not_be_broken(worst_ns, needs, verdict):
    facts = Facts(seen=10, distributions={"latency.response": spread(*[worst_ns] * 2000)})
    one = heard(facts=facts, metrics=(RESPONSE,), needs=needs, rate_per_s=5.0, profiled_by=("py-spy",))
    last = verdict_of(one, limits={"latency.response": ["p(99)<10ms"]}).checks[-1]
    assert last.verdict == verdict
    assert ("measured under a profiler (py-spy)" in last.reason) is (verdict == "unknown")
