"""Commands that were due and never sent, by how a drive ended."""

from __future__ import annotations

import msgspec
import pytest

from harness.base.capabilities import Conventions
from harness.base.notes import FlowNotes
from harness.base.shortfall import Shortfall
from harness.evidence.dropped import dropped
from harness.evidence.run import ScenarioRecord

BOUNDED = {"duration_ns": 10**9}
RECORD = ScenarioRecord(
    name="s", about="", instrument="drive", flow="", pacing="", rate_per_s=1_000, commands=700, duration_ns=10**9,
    status="finished", started=True, failure="", conventions=Conventions(), instruments=(), notes=FlowNotes(), checks=(), settings={},
)  # fmt: skip
SAMPLES = "now_ns,asked_commands,sent_commands\n1000000000,500,500\n2000000000,999.6,700\n"


def by(tmp_path, samples=SAMPLES, **fields):
    path = tmp_path / "samples.csv"
    if samples:
        path.write_text(samples)
    return dropped(msgspec.structs.replace(RECORD, **fields), path)


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, 0),
        ({"short": Shortfall(5 * 10**8, 10**9, 700, 1_000)}, 300),
        ({"short": Shortfall(5 * 10**8, 10**9, 700, 690)}, 0),
        ({"status": "bound reached", "settings": BOUNDED}, 300),
        ({"status": "bound reached"}, 0),
        ({"status": "engine failed"}, 300),
        ({"status": "interrupted", "settings": BOUNDED}, 0),
        ({"status": "engine failed", "rate_per_s": 0}, 0),
    ],
    ids=[
        "whole",
        "flow ended",
        "ended by luck",
        "too slow",
        "evidence full",
        "engine failed",
        "by the user",
        "no pace",
    ],
)
def test_what_the_pace_asked_for_and_nobody_sent(tmp_path, fields, wanted):
    assert by(tmp_path, **fields) == wanted


@pytest.mark.parametrize(
    "samples",
    [
        "", "now_ns,asked_commands,sent_commands\n", "now_ns,rss_bytes\n1,2\n", "now_ns,asked_commands,sent_commands\n1,nan,5\n",
        "now_ns,asked_commands,sent_commands\n1,5\n", "\x00\n",
    ],
)  # fmt: skip
def test_where_the_samples_do_not_tell_it_is_not_known(tmp_path, samples):
    assert by(tmp_path, samples, status="engine failed") is None
