"""Commands, answers and the papers of a run, for tests of journal and archive."""

from __future__ import annotations

import numpy as np

from harness.base.capabilities import Capabilities, Conventions
from harness.base.judgement import EngineIdentity
from harness.base.notes import FlowNotes
from harness.base.records import Event, empty_commands, events_of
from harness.evidence.host import host
from harness.evidence.run import RunRecord, ScenarioRecord
from harness.evidence.store import write_json


def commands(first: int, count: int):
    made = empty_commands(count)
    made["number"] = np.arange(first, first + count)
    made["order"] = made["number"]
    return made


def answers(first: int, count: int):
    return events_of([Event(command=n, order=n, kind=1) for n in range(first, first + count)])


def run_folder(tmp_path):
    """run.json and scenario.json around a journal's folder."""
    run = RunRecord(
        id="x", name="x", started_utc="2026-01-01T00:00:00Z", wall_s=1, gonogo="0", seed=1, use="research",
        engine=EngineIdentity(name="e", version="1", commit="", dirty=False), adapter="plain", capabilities=Capabilities(),
        host=host(), scenarios=("s",), planned=("s",), left_out={}, status="finished",
    )  # fmt: skip
    scenario = ScenarioRecord(
        name="s", about="", instrument="drive", flow="", pacing="", rate_per_s=0, commands=0, duration_ns=0, status="interrupted",
        started=True, failure="", conventions=Conventions(), instruments=(), notes=FlowNotes(), checks=(), settings={},
    )  # fmt: skip
    write_json(tmp_path / "run.json", run)
    write_json(tmp_path / "scenarios" / "s" / "scenario.json", scenario)
    return tmp_path / "scenarios" / "s"
