"""load.json: a file of this shape, that is read as it was written."""

import json

import pytest

from harness.base.errors import EvidenceError
from harness.base.findings import Distribution
from harness.evidence.load_file import LOAD_SCHEMA, LoadRecord, SenderRecord
from harness.evidence.store import read_json, write_json

RESPONSE = Distribution(buckets=((70, 2), (2_100, 1)), low=70, high=2_200)
SERVICE = Distribution(buckets=((50, 3),), low=50, high=50)
RECORD = LoadRecord(
    senders=(
        SenderRecord(accounts=(1, 3), sent=3, received=5, response=RESPONSE, service=SERVICE),
        SenderRecord(
            accounts=(), sent=0, received=0, response=Distribution(buckets=(), low=0, high=0), service=SERVICE
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
    assert written["senders"][0] == {"accounts": [1, 3], "sent": 3, "received": 5, "response": told, "service": took}


def test_one_of_a_later_version_is_refused(tmp_path):
    (tmp_path / "load.json").write_text('{"schema": 2, "who": []}')
    with pytest.raises(EvidenceError, match="schema 2"):
        read_json(tmp_path / "load.json", LoadRecord, LOAD_SCHEMA)
