"""A machine beyond its limits: what it makes unknown, and what it does not."""

import pytest

from harness.base.findings import Facts, Interval
from harness.evidence.fold import Metric
from harness.policy import QUIET_HOST
from tests.fakes.judged import LAG, RATE, RESPONSE, heard, spread, verdict_of
from tests.fakes.machines import quiet

LIMITS = {
    "host.others_cpu": ["<50%"], "host.steal": ["<1%"], "host.throttled": ["<1%"], "host.sleep_overshoot": ["<5ms"],
    "latency.response": ["p(99)<10ms"],
}  # fmt: skip
METRICS = tuple(
    Metric(name=name, unit="ns" if "sleep" in name else "share", about="") for name in LIMITS if "host" in name
)
SLOW, FAST = (
    Facts(seen=10, distributions={"latency.response": spread(*[ns] * 2000)}) for ns in (50_000_000, 5_000_000)
)


def host(scenario="s", **figures):
    """What the check of the machine heard; all quiet but for these figures."""
    told = {metric.name: 0.0 for metric in METRICS} | {f"host.{name}": figure for name, figure in figures.items()}
    measures = {name: Interval(figure, figure, figure) for name, figure in told.items() if figure is not None}
    return heard(
        QUIET_HOST,
        Facts(seen=1, measures=measures),
        metrics=METRICS,
        needs=("pace",),
        rate_per_s=5.0,
        scenario=scenario,
    )


def times(facts=SLOW, scenario="s", **about):
    return heard("latency", facts, metrics=(RESPONSE,), needs=("pace",), rate_per_s=5.0, scenario=scenario, **about)


def verdicts(*all_heard, required=("latency",), limits=None):
    """The use's verdict, and those of the checks."""
    judged = verdict_of(*all_heard, required=required, limits=limits or LIMITS)
    return judged.uses[0].verdict, [one.verdict for one in judged.checks[1:]], [one.reason for one in judged.checks[1:]]


NOISES = [
    ("others_cpu", 0.5, "host.others_cpu is 50%, wanted <50%"),
    ("steal", 0.012, "host.steal is 1.2%, wanted <1%"),
    ("throttled", 0.01, "host.throttled is 1%, wanted <1%"),
    ("sleep_overshoot", 5_300_000, "host.sleep_overshoot is 5.3ms, wanted <5ms"),
]


@pytest.mark.parametrize(("name", "figure", "said"), NOISES)
def test_times_that_break_a_limit_on_a_noisy_machine_are_unknown_and_never_a_fail(name, figure, said):
    use, checks, reasons = verdicts(host(**{name: figure}), times())
    assert (use, checks) == ("UNDECIDED", ["unknown", "unknown"])
    assert reasons == [f"not valid: the machine was too noisy ({said})"] * 2


@pytest.mark.parametrize(("name", "figure", "_said"), NOISES)
def test_times_that_keep_their_limit_there_keep_it(name, figure, _said):
    assert verdicts(host(**{name: figure}), times(FAST))[:2] == ("GO", ["unknown", "pass"])


@pytest.mark.parametrize(("name", "figure", "_said"), NOISES)
def test_a_use_that_requires_a_quiet_machine_is_undecided_on_any_other(name, figure, _said):
    required = ("latency", QUIET_HOST)
    assert verdicts(host(**{name: figure}), times(FAST), required=required)[0] == "UNDECIDED"
    assert verdicts(host(), times(FAST), required=required)[0] == "GO"


def test_on_a_quiet_machine_a_slow_engine_fails():
    assert verdicts(host(), times())[:2] == ("NO-GO", ["pass", "fail"])


def test_a_machine_that_does_not_tell_breaks_no_limit_and_keeps_none():
    use, checks, reasons = verdicts(host(steal=None), times())
    assert (use, checks) == ("NO-GO", ["unknown", "fail"])
    assert reasons[0] == "host.steal was not measured, wanted <1%"
    assert verdicts(host(steal=None), times(FAST), required=("latency", QUIET_HOST))[0] == "UNDECIDED"


def test_a_policy_without_limits_on_the_machine_blames_it_for_nothing():
    limits = {"latency.response": ["p(99)<10ms"]}
    assert verdicts(host(steal=0.9), times(), limits=limits)[:2] == ("NO-GO", ["pass", "fail"])


def test_the_noise_of_one_scenario_excuses_no_other():
    use, checks, _ = verdicts(host("a", steal=0.5), host("b"), times(scenario="a"), times(scenario="b"))
    assert (use, checks) == ("NO-GO", ["unknown", "pass", "unknown", "fail"])


def test_what_asks_for_no_times_is_not_excused():
    slow = heard("order", Facts(seen=10, measures={"throughput.sustained": Interval(5, 5, 5)}), metrics=(RATE,))
    use, checks, _ = verdicts(
        host(steal=0.5), slow, required=("order",), limits=LIMITS | {"throughput.sustained": [">=10/s"]}
    )
    assert (use, checks[1]) == ("NO-GO", "fail")


def test_what_the_machine_did_stands_however_late_the_generator_was():
    late = Facts(seen=10, distributions={"generator.lag": spread(*[5_000_000] * 2000)})
    lag = heard("lag", late, metrics=(LAG,), needs=("pace",), rate_per_s=5.0)
    assert verdicts(lag, host(), times(), limits=LIMITS | {"generator.lag": ["p(99)<1ms"]})[1] == [
        "unknown",
        "pass",
        "unknown",
    ]


def test_the_run_itself_stays_valid():
    judged = verdict_of(host(steal=0.5), times(), required=("latency",), limits=LIMITS)
    assert (judged.valid, judged.why_invalid) == (True, "")


@pytest.mark.parametrize(
    ("others", "steal", "idle", "needs", "verdict"),
    [
        (0.5, None, 0.02, ("pace",), "unknown"),
        (0.1, 0.1, 0.02, ("pace",), "unknown"),
        (0.1, 0.05, 0.02, ("pace",), "fail"),
        (0.5, None, 0.4, ("pace",), "fail"),
        (0.05, None, 0.02, ("pace",), "fail"),
        (0.5, None, 0.02, (), "fail"),
    ],
)
def test_a_limit_on_times_that_is_broken_on_a_crowded_machine_says_nothing_of_the_engine(
    others, steal, idle, needs, verdict
):
    """Whatever the policy says, and also of a run of before the machine's limits were in any."""
    about = {
        "needs": needs,
        "rate_per_s": 5.0,
        "others_cpu": others,
        "idle_cpu": idle,
        "host": quiet(steal=steal) if steal else None,
    }
    judged = verdict_of(heard(facts=SLOW, metrics=(RESPONSE,), **about), limits={"latency.response": ["p(99)<10ms"]})
    assert judged.checks[-1].verdict == verdict
    assert ("busy with other things" in judged.checks[-1].reason) is (verdict == "unknown")


def test_a_limit_that_is_kept_on_a_crowded_machine_is_kept():
    one = heard(facts=FAST, metrics=(RESPONSE,), needs=("pace",), rate_per_s=5.0, others_cpu=0.9, idle_cpu=0.0)
    assert verdict_of(one, limits={"latency.response": ["p(99)<10ms"]}).checks[-1].verdict == "pass"
