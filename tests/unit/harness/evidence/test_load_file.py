"""load.json: a file of this shape, that is read as it was written."""

import json

import pytest

from harness.base.errors import EvidenceError
from harness.base.findings import Distribution
from harness.evidence.load_file import LOAD_SCHEMA, ClockRecord, LoadRecord, SenderRecord
from harness.evidence.store import read_json, write_json

RESPONSE = Distribution(buckets=((70, 2), (2_100, 1)), low=70, high=2_200)
SERVICE = Distribution(buckets=((50, 3),), low=50, high=50)
RECORD = LoadRecord(
    senders=(
        SenderRecord(accounts=(1, 3), sent=3, received=5, response=RESPONSE, service=SERVICE),
        SenderRecord(
            accounts=(),
            sent=0,
            received=0,
            response=Distribution(buckets=(), low=0, high=0),
            service=SERVICE,
            machine="bench-2 (192.0.2.7)",
            clock=ClockRecord(offset_ns=-4, doubt_ns=6, drift_ns=0),
        ),
    ),
    response=RESPONSE,
    service=SERVICE,
    copied=8,
)


def test_it_is_read_as_it_was_written(tmp_path):
    write_json(tmp_path / "load.json", RECORD)
    assert read_json(tmp_path / "load.json", LoadRecord, LOAD_SCHEMA) == RECORD


def test_its_fields_are_those_that_others_read(tmp_path):
    write_json(tmp_path / "load.json", RECORD)
    written = json.loads((tmp_path / "load.json").read_text())
    told = {"buckets": [[70, 2], [2_100, 1]], "low": 70, "high": 2_200}
    took = {"buckets": [[50, 3]], "low": 50, "high": 50}
    assert list(written) == ["schema", "senders", "response", "service", "copied"]
    assert (written["schema"], written["copied"], written["response"]) == (1, 8, told)
    assert written["senders"][0] == {
        "accounts": [1, 3], "sent": 3, "received": 5, "response": told, "service": took, "machine": "", "clock": None,
    }  # fmt: skip
    assert written["senders"][1]["clock"] == {"offset_ns": -4, "doubt_ns": 6, "drift_ns": 0}


def test_a_file_of_before_there_were_other_machines_is_read(tmp_path):
    write_json(tmp_path / "load.json", RECORD)
    written = json.loads((tmp_path / "load.json").read_text())
    for sender in written["senders"]:
        del sender["machine"], sender["clock"]
    (tmp_path / "load.json").write_text(json.dumps(written))
    read = read_json(tmp_path / "load.json", LoadRecord, LOAD_SCHEMA)
    assert [(one.machine, one.clock) for one in read.senders] == [("", None)] * 2


@pytest.mark.parametrize(
    ("offset_ns", "doubt_ns", "drift_ns", "words", "limits"),
    [
        (1_234_567, 50_000, 0, "clock 1.235 ms ahead of gonogo's, known to 0.050 ms", False),
        (-20_000, 1_000_000, -1_000_000, "clock 0.020 ms behind gonogo's, known to 1.000 ms", False),
        (0, 1_000_001, 0, "clock 0.000 ms ahead of gonogo's, known to 1.000 ms", True),
        (0, 9_000, 3_000_000, "clock 0.000 ms ahead of gonogo's, known to 0.009 ms, drifted by 3.000 ms", True),
    ],
)
def test_a_clock_is_told_and_what_of_it_limits_the_times(offset_ns, doubt_ns, drift_ns, words, limits):
    clock = ClockRecord(offset_ns=offset_ns, doubt_ns=doubt_ns, drift_ns=drift_ns)
    assert clock.words() == words
    assert bool(clock.caveat()) == limits


def test_one_of_a_later_version_is_refused(tmp_path):
    (tmp_path / "load.json").write_text('{"schema": 2, "who": []}')
    with pytest.raises(EvidenceError, match="schema 2"):
        read_json(tmp_path / "load.json", LoadRecord, LOAD_SCHEMA)
