"""Stored runs are judged again on every commit, and give the verdict that they gave, and facts byte for byte."""

import json
import shutil
from pathlib import Path

import pytest

from harness.evidence import manifest
from tests.fakes.command import gonogo

RUNS = sorted((Path(__file__).parent / "runs").iterdir())


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_a_stored_run_gives_the_verdict_that_it_gave(run, tmp_path):
    assert manifest.changed(run) == (), "the golden run itself was changed; tests/golden/make.py makes it anew"
    copy = tmp_path / run.name
    shutil.copytree(run, copy)
    (copy / "verdict.json").unlink()
    shutil.rmtree(copy / "scenarios" / "golden" / "facts")
    done = gonogo("judge", copy, cwd=tmp_path, fresh=True)
    assert done.returncode == (1 if run.name.startswith("no_go") else 0), done.stdout + done.stderr
    before, now = (json.loads((folder / "verdict.json").read_text()) for folder in (run, copy))
    # A later gonogo knows of more that an engine may offer, and says of that too that it was not tested.
    untested = [{(one["what"], one["why"]) for one in verdict.pop("not_tested")} for verdict in (before, now)]
    assert untested[0] <= untested[1]
    assert now == before
    for facts in sorted((run / "scenarios" / "golden" / "facts").glob("*.json")):
        assert (copy / facts.relative_to(run)).read_bytes() == facts.read_bytes(), facts.name
    seen = json.loads((run / "scenarios" / "golden" / "facts" / "latency.json").read_text())["seen"]
    assert f"Total count    = {seen:12d}]" in (copy / "scenarios" / "golden" / "latency.hgrm").read_text()


def test_there_is_a_golden_run_of_each_kind_and_of_each_schema():
    assert {run.name for run in RUNS} == {"go", "no_go", "go_schema_1", "no_go_schema_1"}
