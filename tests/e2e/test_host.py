"""The machine of a run as a user meets it: recorded, in the report, and judged by the limits of a policy that is given later."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from tests.fakes.command import gonogo

SCENARIO = '''
"""A short paced flow."""
from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing import Constant
from harness.scenario import Scenario

SCENARIO = Scenario(about="paced", flow=PoissonFlow(), instrument=Drive(commands=1_500), pacing=Constant(3_000))
'''
SLOW = '"latency.response" = ["p(99)<1ns"]'
POLICY = """
schema = 1
default_use = "venue"
[use.venue]
required = ["latency"{required}]
[use.venue.limits]
{limits}
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A run that was made once, and how it is judged by limits that are made up afterwards."""
    folder = tmp_path_factory.mktemp("host")
    (folder / "paced.py").write_text(SCENARIO)
    done = gonogo("run", "paced.py", "--engine", "reference", cwd=folder)
    assert done.returncode == 2, done.stdout + done.stderr
    run = (folder / "runs/paced/latest").resolve()

    def judged(*limits, required=""):
        (folder / "policy.toml").write_text(POLICY.format(limits="\n".join(limits), required=required))
        told = gonogo("judge", run, "--policy", folder / "policy.toml", "--json", cwd=folder)
        checks = {one["name"]: one for one in json.loads(told.stdout)["checks"]}
        return told.returncode, checks["latency"], checks["quiet_host"]

    return SimpleNamespace(run=run, judged=judged)


def test_what_the_machine_is_and_did_is_recorded(ran):
    host = json.loads((ran.run / "run.json").read_text())["host"]
    assert host["sleeps"] >= 1
    assert host["sleep_late_p99_ns"] >= host["sleep_late_p50_ns"] >= 0
    assert host["gonogo_cores"]
    meanwhile = json.loads((ran.run / "scenarios/paced/scenario.json").read_text())["host"]
    assert meanwhile["wall_ns"] > 400_000_000, "the commands are due over half a second"
    assert meanwhile["preempted"] >= 0
    facts = json.loads((ran.run / "scenarios/paced/facts/quiet_host.json").read_text())
    assert facts["measures"]["host.sleep_overshoot"]["value"] == host["sleep_late_p99_ns"]


def test_the_reports_tell_it(ran):
    for name in ("report.html", "report.md"):
        text = (ran.run / name).read_text()
        assert "The host" in text
        assert "short sleeps wake" in text


def test_a_broken_limit_is_unknown_where_the_machine_broke_its_own(ran):
    """Without a limit on the machine it fails, unless this machine is so busy just now that nobody could say."""
    code, latency, _ = ran.judged(SLOW)
    assert (code, latency["verdict"]) == (1, "fail") or "busy with other things" in latency["reason"]
    code, latency, host = ran.judged(SLOW, '"host.sleep_overshoot" = ["<1ns"]')
    assert (code, latency["verdict"], host["verdict"]) == (2, "unknown", "unknown")
    assert latency["reason"].startswith("not valid: the machine was too noisy (host.sleep_overshoot is ")


def test_a_kept_limit_is_kept_unless_a_quiet_machine_is_required(ran):
    limits = ('"latency.response" = ["p(1)<100s"]', '"host.sleep_overshoot" = ["<1ns"]')
    code, latency, _ = ran.judged(*limits)
    assert (code, latency["verdict"]) == (0, "pass")
    assert ran.judged(*limits, required=', "quiet_host"')[0] == 2
