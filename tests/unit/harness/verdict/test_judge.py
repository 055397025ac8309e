"""The verdict: only pass is GO, and every way not to pass has its words."""

import datetime as dt

import msgspec
import numpy as np
import pytest

from harness.base.capabilities import Capabilities
from harness.base.findings import Facts, Finding, Interval, Share
from harness.base.histogram import Histogram
from harness.base.judgement import EngineIdentity
from harness.base.notes import FlowNotes
from harness.evidence.fold import Metric
from harness.evidence.host import host
from harness.evidence.run import RunRecord
from harness.policy import GATE, LoadedPolicy, Policy, Use, Waiver
from harness.verdict.heard import Heard, Rule
from harness.verdict.judge import judge
from tests.fakes.history import info

RESPONSE = Metric(name="latency.response", unit="ns", about="")
LAG = Metric(name="generator.lag", unit="ns", about="")
RATE = Metric(name="throughput.sustained", unit="1/s", about="")


def finding(check="order", command=5, kind="time"):
    return Finding(
        check=check,
        kind=kind,
        severity="critical",
        title="t",
        expected="4",
        got="5",
        scenario="s",
        first_command=command,
    )


def heard(check="order", facts=None, *, needs=(), marks=(), least=1, metrics=(), scenario="s", **about):
    rule = Rule(needs=needs, marks=marks, least=least, metrics=metrics)
    return Heard(check=check, rule=rule, info=info(scenario=scenario, **about), facts=facts or Facts(seen=10))


def spread(*values_ns):
    histogram = Histogram()
    histogram.record(np.array(values_ns, np.int64))
    return histogram.distribution()


def run_record(**overrides):
    fields = {
        "id": "r", "name": "quick", "started_utc": "2026-06-01T00:00:00Z", "wall_s": 1, "gonogo": "0", "seed": 3, "use": "venue",
        "engine": EngineIdentity(name="e", version="1", commit="", dirty=False), "adapter": "plain",
        "capabilities": Capabilities(), "host": host(), "scenarios": ("s",), "planned": ("s",), "left_out": {}, "status": "finished",
    }  # fmt: skip
    return RunRecord(**(fields | overrides))


def policy(*, required=("order",), limits=None, least=None, waivers=()):
    use = Use.model_construct(required=[GATE, *required], limits=limits or {}, least=least or {})
    built = Policy.model_construct(schema_=1, default_use="venue", use={"venue": use}, waiver=list(waivers))
    return LoadedPolicy.model_construct(policy=built, source=b"x")


def verdict_of(*all_heard, run=None, **of_policy):
    return judge(run or run_record(), (heard(GATE), *all_heard), policy(**of_policy), "venue")


def outcome(verdict):
    """The use's verdict, the exit code, and verdict and reason of the last check."""
    last = verdict.checks[-1]
    return verdict.uses[0].verdict, verdict.exit, last.verdict, last.reason


def test_all_required_checks_pass_is_go():
    assert outcome(verdict_of(heard())) == ("GO", 0, "pass", "")


def test_a_finding_is_no_go_with_the_command_that_reproduces_it():
    verdict = verdict_of(heard(facts=Facts(seen=10, findings=(finding(),))))
    assert outcome(verdict) == ("NO-GO", 1, "fail", "1 violation")
    assert verdict.uses[0].because == ("order",)
    assert verdict.checks[-1].reproduce == f"gonogo replay {verdict.findings[0].id}"


def test_a_finding_stands_even_where_the_evidence_is_too_little_or_broken():
    facts = Facts(seen=1, findings=(finding(),), unknown="the history was cut")
    assert outcome(verdict_of(heard(facts=facts, least=100)))[:2] == ("NO-GO", 1)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (heard(least=100), "too little evidence: 10 of at least 100"),
        (heard(facts=Facts(seen=10, unknown="it was dark")), "it was dark"),
        (heard(marks=("self_trade",)), "never provoked: self_trade"),
        (heard(needs=("maker",), capabilities=Capabilities()), "does not offer maker"),
        (heard(needs=("one_order",), capabilities=Capabilities(order_of_sessions="unknown")), "does not offer one_order"),
        (heard(needs=("book",), capabilities=Capabilities()), "does not offer book"),
    ],
)  # fmt: skip
def test_whatever_is_missing_is_unknown_and_never_go(one, reason):
    use, code, verdict, said = outcome(verdict_of(one))
    assert (use, code, verdict) == ("UNDECIDED", 2, "unknown")
    assert reason in said


def test_a_required_check_that_nothing_ran_is_undecided():
    verdict = judge(run_record(), (heard(GATE),), policy(), "venue")
    assert (verdict.uses[0].verdict, verdict.uses[0].because) == ("UNDECIDED", ("order",))


def test_evidence_and_marks_count_over_all_scenarios():
    parts = [
        heard(facts=Facts(seen=60, marks={"m": n}), scenario=name, least=100, marks=("m",))
        for n, name in ((0, "a"), (2, "b"))
    ]
    assert outcome(verdict_of(*parts))[0] == "GO"
    assert outcome(verdict_of(parts[0]))[0] == "UNDECIDED"


def test_the_policy_can_ask_for_more_evidence():
    assert outcome(verdict_of(heard(), least={"order": 11}))[0] == "UNDECIDED"


def test_the_worst_scenario_decides():
    bad = heard(facts=Facts(seen=10, findings=(finding(),)), scenario="b")
    assert outcome(verdict_of(bad, heard(scenario="c")))[0] == "NO-GO"


def test_gate_0_blocks_all_others():
    failed = heard(GATE, Facts(seen=0, findings=(finding(GATE, 0),)))
    verdict = judge(run_record(), (failed, heard()), policy(), "venue")
    assert outcome(verdict) == ("NO-GO", 1, "unknown", "blocked: gate 0")
    assert verdict.uses[0].because == (GATE,)


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


UNEXPLAINED = Metric(name="rejects.unexplained", unit="1", about="")


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
        ([with_share(0, 0)], ["pass"]),
    ],
)
def test_a_share_that_is_too_small_to_be_sure_is_judged_with_the_whole_run(parts, verdicts):
    judged = verdict_of(*parts, limits={"rejects.unexplained": ["<1%"]})
    assert [check.verdict for check in judged.checks[1:]] == verdicts


@pytest.mark.parametrize(("lag_ns", "valid"), [(10_000, True), (5_000_000, False)])
def test_a_late_generator_makes_times_unknown_and_never_the_engines_fault(lag_ns, valid):
    lag = heard(
        "lag",
        Facts(seen=10, distributions={"generator.lag": spread(*[lag_ns] * 2000)}),
        metrics=(LAG,),
        needs=("pace",),
        rate_per_s=5.0,
    )
    slow = Facts(seen=10, distributions={"latency.response": spread(*[50_000_000] * 2000)})
    times = heard("latency", slow, metrics=(RESPONSE,), needs=("pace",), rate_per_s=5.0)
    judged = verdict_of(
        lag,
        times,
        heard(),
        required=("lag", "latency"),
        limits={"generator.lag": ["p(99)<1ms"], "latency.response": ["p(99)<10ms"]},
    )
    assert judged.valid is valid
    assert [check.verdict for check in judged.checks[1:]] == (
        ["pass", "fail", "pass"] if valid else ["unknown", "unknown", "pass"]
    )
    assert judged.uses[0].verdict == ("NO-GO" if valid else "UNDECIDED")


def test_an_unfinished_run_is_never_go():
    for status, code in (("interrupted", 130), ("bound reached", 2), ("engine failed", 2)):
        verdict = verdict_of(heard(), run=run_record(status=status))
        assert (verdict.uses[0].verdict, verdict.exit, verdict.valid) == ("UNDECIDED", code, False)
        assert status in verdict.why_invalid


def waiver(name, expires):
    return Waiver(finding=name, use="venue", owner="Ada", reason="known", expires=expires)


@pytest.mark.parametrize(("expires", "verdict"), [(dt.date(2026, 6, 1), "GO"), (dt.date(2026, 5, 31), "NO-GO")])
def test_a_waiver_holds_until_its_day_counted_from_the_runs_start(expires, verdict):
    facts = Facts(seen=10, findings=(finding(),))
    name = finding().id("e")
    judged = verdict_of(heard(facts=facts), waivers=(waiver(name, expires),))
    assert judged.uses[0].verdict == verdict
    assert judged.uses[0].waived == ((name,) if verdict == "GO" else ())
    assert judged.checks[-1].verdict == "fail", "a waiver changes the use, never what was seen"


def test_a_waiver_covers_its_own_finding_only():
    facts = Facts(seen=10, findings=(finding(), finding(kind="price")))
    judged = verdict_of(heard(facts=facts), waivers=(waiver(finding().id("e"), dt.date(2030, 1, 1)),))
    assert judged.uses[0].verdict == "NO-GO"


def test_what_was_not_tested_stands_there_by_name():
    run = run_record(left_out={"esh4": "no data"})
    notes = FlowNotes(not_tested={"case x": "no such convention"})
    told = {
        one.what: one.why
        for one in verdict_of(heard(needs=("maker",), capabilities=Capabilities(), notes=notes), run=run).not_tested
    }
    assert told["scenario esh4"] == "no data"
    assert told["case x"] == "no such convention"
    assert told["order type stop"] == "the engine does not offer it"
    assert "maker" in told["check order"]


def test_the_same_evidence_gives_the_same_bytes():
    parts = [heard(facts=Facts(seen=10, distributions={"latency.response": spread(1, 2, 3)}), metrics=(RESPONSE,))]
    assert msgspec.json.encode(verdict_of(*parts)) == msgspec.json.encode(verdict_of(*parts))
