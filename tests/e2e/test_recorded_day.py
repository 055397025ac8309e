"""Replay by the command: the made-up day everywhere, the recorded one where its file is."""

import json
import os
from pathlib import Path

import pytest

from tests.fakes.command import gonogo, policy_file

FILE = "esh4_20231225_mbo.csv.gz"
RAW_BOOK = "bitfinex_btcusd_l3.json.gz"
PLACES = (Path(os.environ.get("GONOGO_DATA", "")), Path(__file__).parents[3] / "shared" / "data")


def folder_of(file):
    """Where a recorded file lies; without it the test is skipped, saying so."""
    found = next((place for place in PLACES if (place / file).is_file()), None)
    if found is None:
        pytest.skip(f"the recorded file {file} is not here; name its folder in GONOGO_DATA")
    return found


def verdict(folder, name):
    return json.loads((folder / "runs" / name / "latest" / "verdict.json").read_text())


NO_STOPS = {"stop_trigger"}
"""A recorded day holds none, so of their check there is nothing to say."""


def test_the_made_up_day_ends_in_the_recorded_book(tmp_path):
    # No order of the made-up day sweeps several levels; the cases do.
    done = gonogo("run", "made_up_day", "edge_cases", "--policy", policy_file(tmp_path), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    checks = verdict(tmp_path, "made_up_day+edge_cases")["checks"]
    assert {check["name"] for check in checks if check["verdict"] != "pass"} <= NO_STOPS


def test_without_its_file_the_recorded_day_is_not_tested_by_name(tmp_path):
    done = gonogo("run", "edge_cases", "esh4", "--data", tmp_path, cwd=tmp_path)
    assert done.returncode == 2
    told = {one["what"]: one["why"] for one in verdict(tmp_path, "edge_cases+esh4")["not_tested"]}
    assert FILE in told["scenario esh4"]
    alone = gonogo("run", "esh4", cwd=tmp_path)
    assert (alone.returncode, FILE in alone.stderr) == (64, True)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "line 1"),
        (b"ts_event,price\n1,2\n", "missing"),
        (b"\x1f\x8b\x08\x00broken", "gz"),
        (
            b"ts_event,ts_recv,sequence,action,side,price_1e9,size,order_id,flags,channel_id\n1,1,1,Q,B,100,1,1,0,0\n",
            "line 2",
        ),
    ],
)
def test_a_malformed_file_is_refused_with_its_place(tmp_path, body, said):
    (tmp_path / FILE).write_bytes(body)
    done = gonogo("run", "esh4", "--data", tmp_path, cwd=tmp_path)
    assert done.returncode == 64, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert FILE in done.stderr
    assert said in done.stderr
    assert not (tmp_path / "runs").exists()


def test_the_recorded_day_drives_the_engine_with_every_check_passing_and_the_differences_told(tmp_path):
    data = folder_of(FILE)
    done = gonogo("run", "esh4", "--data", data, "--policy", policy_file(tmp_path), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    told = verdict(tmp_path, "esh4")
    assert {check["name"] for check in told["checks"] if check["verdict"] != "pass"} == NO_STOPS, told["checks"]
    run = tmp_path / "runs" / "esh4" / "latest" / "scenarios" / "esh4"
    notes = json.loads((run / "scenario.json").read_text())["notes"]["told"]
    refusals = json.loads((run / "facts" / "reject_cause.json").read_text())["told"]["refusals"]
    assert "11,217" in str(notes), "the live orders at the day's end, rebuilt"
    assert "248 unknown order" in refusals, "194 stale cancels and 54 stale modifies"


def test_the_raw_book_drives_the_engine_to_the_last_decimal_and_no_check_finds_fault(tmp_path):
    done = gonogo("run", "bitfinex", "--data", folder_of(RAW_BOOK), "--policy", policy_file(tmp_path), cwd=tmp_path)
    assert done.returncode == 2, "a raw book tells no trades, so of their price and order there is too little to say"
    verdicts = {check["name"]: check["verdict"] for check in verdict(tmp_path, "bitfinex")["checks"]}
    few = {"trade_price", "price_time", "model", "stop_trigger"}
    assert {name for name, word in verdicts.items() if word != "pass"} == few, verdicts
    assert "fail" not in verdicts.values()
    record = json.loads((tmp_path / "runs/bitfinex/latest/scenarios/bitfinex/scenario.json").read_text())
    assert record["commands"] == 100_048
    assert (record["instruments"][0]["tick_1e9"], record["instruments"][0]["lot_1e9"]) == (10, 10)
    assert "cannot be paced" in record["notes"]["told"]["times"]
