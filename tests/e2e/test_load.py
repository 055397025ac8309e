"""Loads by the command: what a rate that changes leaves, twice the stated peak, and a load that ends before its time."""

import json

import pytest

from tests.fakes.command import POLICY, gonogo, policy_file, scenario_file

STATED = '[use.venue.peak]\ncommands_per_s = 400\nsource = "gateway log, the busiest second of May to October"\n'


def driven(folder, name):
    """What a run left of one scenario."""
    return json.loads((folder / "runs" / name / "latest" / "scenarios" / name / "scenario.json").read_text())


@pytest.fixture
def stated(tmp_path):
    """A policy that states a peak."""
    path = tmp_path / "stated.toml"
    path.write_text(POLICY + STATED)
    return path


def test_twice_the_stated_peak_is_driven_and_kept_with_its_source(stated, tmp_path):
    done = gonogo("run", "twice_the_peak", "--duration", "2s", "--policy", stated, cwd=tmp_path)
    assert done.returncode in (0, 2), done.stdout + done.stderr
    record = driven(tmp_path, "twice_the_peak")
    assert (record["rate_per_s"], record["commands"], record["short"]) == (800, 1_600, None)
    source = "gateway log, the busiest second of May to October"
    assert record["peak"] == {"times": 2, "commands_per_s": 400, "source": source}
    report = (tmp_path / "runs" / "twice_the_peak" / "latest" / "report.html").read_text()
    assert f"2 times 400/s ({source})" in report


def test_the_shape_of_a_rate_is_in_the_evidence_and_its_mean_is_what_is_asked_for(tmp_path):
    done = gonogo("run", "ramp", "--rate", "1600", "--duration", "4s", "--policy", policy_file(tmp_path), cwd=tmp_path)
    assert done.returncode in (0, 2), done.stdout + done.stderr
    record = driven(tmp_path, "ramp")
    assert "shape=Ramp(from_per_s=5000, to_per_s=35000, over_ns=12000000000)" in record["pacing"]
    # With a mean of 1,600 over its twelve seconds it rises from 400 to 2,800 a second; its first third has a mean of 800.
    assert record["rate_per_s"] == pytest.approx(800)
    assert abs(record["commands"] - 3_200) < 6.2 * 3_200**0.5, "a Poisson count is further off once in 10^9"
    facts = json.loads(
        (tmp_path / "runs" / "ramp" / "latest" / "scenarios" / "ramp" / "facts" / "throughput.json").read_text()
    )
    (series,) = facts["series"]
    assert series["columns"] == ["start_ns", "asked_per_s", "sent_per_s", "answered_per_s"]
    samples = (tmp_path / "runs" / "ramp" / "latest" / "scenarios" / "ramp" / "samples.csv").read_text().splitlines()
    assert samples[0].startswith("now_ns,asked_commands,sent_commands,")
    assert float(samples[-1].split(",")[1]) == pytest.approx(3_200)


ENDS_EARLY = """
from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing import Constant
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="short", flow=PoissonFlow(), pacing=Constant(500), instrument=Drive(commands=500, duration_ns=4_000_000_000)
)
"""


def test_a_load_whose_flow_ends_before_its_time_is_undecided_and_says_what_is_missing(tmp_path):
    path = tmp_path / "short.py"
    path.write_text(ENDS_EARLY)
    done = gonogo("run", path, "--use", "fast", "--policy", policy_file(tmp_path), cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    missing = "the commands ended after 1 s of 4 s: 500 of 2,000"
    assert f"not valid: {missing}" in done.stdout
    assert driven(tmp_path, "short")["short"] == {
        "reached_ns": 10**9, "asked_ns": 4 * 10**9, "sent": 500, "asked": 2_000,
    }  # fmt: skip
    assert f"finished; {missing}" in (tmp_path / "runs" / "short" / "latest" / "report.md").read_text()


def test_in_a_profile_what_goes_by_a_peak_that_nobody_stated_is_left_out_by_name(tmp_path):
    words = ("run", "twice_the_peak", scenario_file(tmp_path), "--policy", policy_file(tmp_path), "--json")
    done = gonogo(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    (untested,) = [one for one in json.loads(done.stdout)["not_tested"] if one["what"] == "scenario twice_the_peak"]
    assert "give the policy commands_per_s and source in [use.venue.peak]" in untested["why"]
