"""How an engine ended and what it keeps is evidence of a run: of the bundled service, and of any program whose engine.toml says how to ask."""

import json
import sys
from pathlib import Path

import msgspec
import pytest

from engines.adapters.service import Service
from harness.base.ending import FILL
from harness.base.records import EventKind
from harness.compose import plugs
from harness.compose.tapes import Tape, drive
from harness.evidence.kept import NAME
from harness.port import EngineSetup
from tests.fakes import jsonl_keeping
from tests.fakes.command import gonogo
from tests.fakes.mixed_flow import INSTRUMENTS

PROGRAM = Path(jsonl_keeping.__file__)
SCENARIO = '''
"""Once or twice through the same flow."""
from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing import Unpaced
from harness.scenario import Scenario

SCENARIO = Scenario(about="short", flow=PoissonFlow(), instrument=Drive(commands=1_500, runs={runs}), pacing=Unpaced())
'''
POLICY = """
schema = 1
default_use = "venue"
[use.venue]
required = ["alive"]
where_it_applies = ["audit_trail"]
[use.venue.least]
audit_trail = 100
"""


def run(folder, way="", runs=1):
    """The verdict of a run of the example engine, its check of the trail, and where its evidence lies."""
    words = json.dumps([sys.executable, str(PROGRAM), "kept.jsonl", way])
    looks = json.dumps(["sh", "-c", "cat kept.jsonl" + ("; exit 1" if way == "damaged" else "")])
    (folder / "engine.toml").write_text(
        f'schema = 1\nname = "keeping"\nadapter = "jsonl"\n[start]\ncommand = {words}\nenv = {{ PYTHONPATH = "{PROGRAM.parents[2]}" }}\n'
        f"timeout_s = 60\n[stop]\nexit_code = 0\n[verify]\ncommand = {looks}\nfills = true\n"
    )
    (folder / "short.py").write_text(SCENARIO.format(runs=runs))
    (folder / "policy.toml").write_text(POLICY)
    done = gonogo("run", "short.py", "--engine", "engine.toml", "--policy", "policy.toml", cwd=folder)
    latest = folder / "runs" / "short" / "latest"
    told = json.loads((latest / "verdict.json").read_text())
    checked = next(one for one in told["checks"] if one["name"] == "audit_trail")
    return done, told, checked, latest / "scenarios" / "short"


def found(told):
    return [(one["check"], one["kind"]) for one in told["findings"]]


def test_an_engine_that_keeps_all_that_it_told_passes(tmp_path):
    done, told, checked, place = run(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (told["findings"], checked["verdict"]) == ([], "pass")
    ending = json.loads((place / "scenario.json").read_text())["ending"]
    assert ending == {"wrong": "", "verified": True, "damaged": "", "fills": checked["seen"]}
    assert (place / NAME).stat().st_size == checked["seen"] * FILL.itemsize > 100


@pytest.mark.parametrize(
    ("way", "wanted"),
    [
        ("loses the last", ("audit_trail", "not_kept")),
        ("keeps more", ("audit_trail", "never_told")),
        ("damaged", ("audit_trail", "damaged")),
        ("ends badly", ("alive", "bad_end")),
    ],
)
def test_one_that_does_not_is_no_go_by_name(tmp_path, way, wanted):
    done, told, _, _ = run(tmp_path, way)
    assert (done.returncode, found(told)) == (1, [wanted])


def test_what_a_further_run_left_is_not_held_against_the_first(tmp_path):
    done, told, checked, place = run(tmp_path, "loses the last", runs=2)
    assert (done.returncode, told["findings"]) == (2, [])
    assert checked["reason"] == "too little evidence: 0 of at least 100 observations in the whole run"
    assert not (place / NAME).exists()


def test_a_finding_comes_again_when_it_is_replayed(tmp_path):
    _, told, _, _ = run(tmp_path, "loses the last")
    again = gonogo("replay", told["findings"][0]["id"], cwd=tmp_path)
    assert again.stdout.strip().startswith("STILL FAILING"), again.stdout + again.stderr


def test_a_right_service_keeps_each_fill_that_it_told():
    done = drive(plugs.engine("service"), Tape("poisson", 600), seed=1)
    assert (done.failure, done.findings()) == ("", ())
    assert done.facts["audit_trail"].seen == (done.events["kind"] == EventKind.TRADE).sum() > 100


@pytest.fixture
def service():
    adapter = Service(EngineSetup(INSTRUMENTS))
    adapter.start()
    yield adapter
    adapter.stop(graceful=False)


def test_what_a_service_keeps_is_there_after_a_graceful_end_and_gone_after_another(service):
    service.stop(graceful=True)
    ending, fills = service.ended()
    assert msgspec.structs.astuple(ending) == ("", True, "", 0)
    assert len(fills) == 0
    service.stop(graceful=False)
    assert "there is no folder" in service.ended().ending.damaged


def test_an_end_of_a_service_that_was_no_good_one_is_told(service):
    quits = service._file.stop.model_copy(update={"signal": "SIGQUIT"})
    service._program._file = service._file.model_copy(update={"stop": quits})
    service.stop(graceful=True)
    assert service.ended().ending.wrong.startswith("it was killed by SIGQUIT; a good end has exit code 0")
