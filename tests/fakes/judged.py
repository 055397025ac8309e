"""Facts, runs and policies made by hand, for the judge."""

from __future__ import annotations

import numpy as np

from harness.base.capabilities import Capabilities
from harness.base.findings import Facts, Finding
from harness.base.histogram import Histogram
from harness.base.judgement import EngineIdentity
from harness.evidence.fold import Metric
from harness.evidence.host import host
from harness.evidence.run import RunRecord
from harness.policy import GATE, LoadedPolicy, Policy, Use
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


def policy(*, required=("order",), where_it_applies=(), limits=None, least=None, waivers=()):
    use = Use.model_construct(
        required=[GATE, *required], where_it_applies=[*where_it_applies], limits=limits or {}, least=least or {}
    )
    built = Policy.model_construct(schema_=1, default_use="venue", use={"venue": use}, waiver=list(waivers))
    return LoadedPolicy.model_construct(policy=built, source=b"x")


def verdict_of(*all_heard, run=None, **of_policy):
    return judge(run or run_record(), (heard(GATE), *all_heard), policy(**of_policy), "venue")


def outcome(verdict):
    """The use's verdict, the exit code, and verdict and reason of the last check."""
    last = verdict.checks[-1]
    return verdict.uses[0].verdict, verdict.exit, last.verdict, last.reason
