"""The verdict: only pass is GO, and every way not to pass has its words."""

import datetime as dt

import msgspec
import pytest

from harness.base.capabilities import Capabilities
from harness.base.findings import Facts, Interval
from harness.base.shortfall import Shortfall
from harness.policy import GATE, Waiver
from harness.verdict.judge import judge
from tests.fakes.judged import LAG, RATE, RESPONSE, finding, heard, outcome, policy, run_record, spread, verdict_of


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


def test_a_check_that_is_required_where_it_applies_decides_there_and_nowhere_else():
    rules = {"where_it_applies": ("wire",)}
    wrong = heard("wire", facts=Facts(seen=10, findings=(finding(),)))
    assert verdict_of(heard(), **rules).uses[0].verdict == "GO"
    assert verdict_of(heard(), heard("wire"), **rules).uses[0].verdict == "GO"
    assert verdict_of(heard(), wrong, **rules).uses[0].because == ("wire",)
    assert verdict_of(heard(), heard("wire", least=100), **rules).uses[0].verdict == "UNDECIDED"
    assert verdict_of(heard(), wrong).uses[0].verdict == "GO"


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


@pytest.mark.parametrize(("rate_per_s", "valid"), [(100.0, False), (0.0, True)])
def test_a_load_that_ended_before_its_time_is_not_the_one_that_was_asked_for(rate_per_s, valid):
    short = Shortfall(reached_ns=10**9, asked_ns=3 * 10**9, sent=100, asked=300)
    times = heard("latency", needs=("pace",), short=short, rate_per_s=rate_per_s)
    orders = heard(short=short, rate_per_s=rate_per_s)
    judged = verdict_of(times, orders, required=("order", "latency"))
    why = "" if valid else "the commands ended after 1 s of 3 s: 100 of 300"
    assert (judged.valid, judged.why_invalid) == (valid, why)
    said = ("pass", "") if valid else ("unknown", f"not valid: {why}")
    assert [(check.verdict, check.reason) for check in judged.checks[1:]] == [said, ("pass", "")]
    assert judged.uses[0].verdict == ("GO" if valid else "UNDECIDED")


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
    assert judged.why_invalid.startswith("the generator fell behind its pace (p(99)") is not valid
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


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (Facts(seen=10, findings=(finding(),), measures={"throughput.sustained": Interval(5, 4, 6)}), "NO-GO"),
        (Facts(seen=10, findings=(finding(),), unknown="the history was cut"), "UNDECIDED"),
        (Facts(seen=0, findings=(finding(),)), "UNDECIDED"),
    ],
)
def test_a_waiver_covers_no_broken_limit_and_no_missing_evidence(facts, verdict):
    waivers = (waiver(finding().id("e"), dt.date(2030, 1, 1)),)
    one = heard(facts=facts, metrics=(RATE,))
    limits = {"throughput.sustained": [">=10/s"]} if facts.measures else {}
    assert verdict_of(one, waivers=waivers, limits=limits).uses[0].verdict == verdict


def test_what_gate_0_found_cannot_be_waived_away():
    failed = heard(GATE, Facts(seen=0, findings=(finding(GATE, 0),)))
    name = finding(GATE, 0).id("e")
    allowed = policy(required=(), waivers=(waiver(name, dt.date(2030, 1, 1)),))
    assert judge(run_record(), (failed,), allowed, "venue").uses[0].verdict == "UNDECIDED"


def test_the_same_evidence_gives_the_same_bytes():
    parts = [heard(facts=Facts(seen=10, distributions={"latency.response": spread(1, 2, 3)}), metrics=(RESPONSE,))]
    assert msgspec.json.encode(verdict_of(*parts)) == msgspec.json.encode(verdict_of(*parts))


def test_changed_evidence_is_said_first_and_a_gate_blocks_its_own_scenario_only():
    changed = judge(
        run_record(), (heard(GATE), heard()), policy(), "venue", ("scenarios/s/history/000001.events", "run.json")
    )
    assert (changed.valid, changed.why_invalid) == (
        False,
        "the evidence was changed since the run: scenarios/s/history/000001.events and 1 more",
    )
    failed = heard(GATE, Facts(seen=0, findings=(finding(GATE, 0),)), scenario="b")
    verdict = judge(run_record(), (heard(GATE), heard(), failed, heard(scenario="b")), policy(), "venue")
    assert [check.verdict for check in verdict.checks] == ["pass", "pass", "fail", "unknown"]
    assert verdict.uses[0].verdict == "NO-GO"


def test_every_waiver_is_told_with_what_came_of_it():
    name = finding().id("e")
    waivers = (
        waiver(name, dt.date(2030, 1, 1)),
        waiver(name, dt.date(2020, 1, 1)),
        waiver("00000000", dt.date(2030, 1, 1)),
    )
    judged = verdict_of(heard(facts=Facts(seen=10, findings=(finding(),))), waivers=waivers)
    assert [one.state for one in judged.waivers] == ["used", "expired", "unused"]
    assert judged.waivers[0].owner == "Ada"
