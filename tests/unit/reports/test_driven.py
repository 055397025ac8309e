"""What was driven, by scenario."""

from __future__ import annotations

from pathlib import Path

import msgspec

from harness.evidence.archive import Archive
from harness.evidence.run import ScenarioRecord
from harness.evidence.store import write_json
from reports.driven import driven
from reports.texts import Anchors
from tests.fakes import run_folder
from tests.fakes.run_folder import GO


def test_every_scenario_tells_its_flow_pace_and_end(shown) -> None:
    first, second = shown(GO).driven
    assert (first.name, first.anchor, second.anchor) == ("poisson", "scenario.poisson", "scenario.cases")
    assert (first.commands, first.pace, first.took, first.status) == (6, "20,000/s", "60 s", "finished")
    assert first.about == "Orders of the zero-intelligence kind at a steady pace."
    settings = dict(first.settings)
    assert settings.pop("Conventions").startswith("self trade none, replace keeps place quantity down, ")
    assert settings == {
        "Flow": "PoissonFlow(instruments=3, accounts=4)", "Pacing": "PoissonArrivals(rate_per_s=20000)",
        "Drive": "repeats 2", "Book": "stays under 4,000 orders",
    }  # fmt: skip


def test_settings_have_units_and_what_is_not_used_is_left_out(tmp_path: Path) -> None:
    folder = run_folder.write(tmp_path / "run", GO)
    path = folder / "scenarios/poisson/scenario.json"
    record = msgspec.json.decode(path.read_bytes(), type=ScenarioRecord)
    settings = {"commands": 2_000, "duration_ns": 0, "answer_timeout_ns": 5_000_000_000}
    write_json(path, msgspec.structs.replace(record, settings=settings, rate_per_s=0.0, duration_ns=0))
    first = driven(Archive(folder), Anchors())[0]
    assert (first.pace, first.took) == ("unpaced", "no time")
    assert dict(first.settings)["Drive"] == "commands 2,000, answer timeout 5 s"
