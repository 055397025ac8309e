"""A worker on another machine reads its own files, only those that its user named, and starts nothing that a master asks for."""

import shutil
from pathlib import Path

import msgspec
import pytest

from harness.base.errors import SetupError
from harness.compose import plugs
from harness.compose.own_files import OwnFiles, digest, known_scenarios, only_joining, recorded
from harness.engine_file import EngineFile, to_json
from harness.load.messages import Seats
from tests.fakes.command import long_scenario_file
from tests.unit.harness.load.test_master import JOB

RECORDED = "esh4"


def asked(scenario, **changes):
    return msgspec.structs.replace(JOB, scenario=scenario, **changes)


def test_a_bundled_scenario_is_the_workers_own():
    job = OwnFiles().job(asked("constant", data="/elsewhere"))
    assert (job.scenario, job.data) == ("constant", "")


@pytest.mark.parametrize("name", ["/tmp/there.py", "there.py", "../constant", "constant.py", "nowhere", ""])
def test_what_has_no_digest_is_bundled_or_refused(name, tmp_path):
    with pytest.raises(SetupError, match="not bundled"):
        OwnFiles((long_scenario_file(tmp_path),)).job(asked(name))


def test_a_scenario_file_is_the_one_that_was_named_here_if_it_is_the_same(tmp_path):
    mine = long_scenario_file(tmp_path)
    wanted = digest(mine)
    shutil.copy(mine, tmp_path / "under_another_name.py")
    own = OwnFiles((tmp_path / "under_another_name.py",))
    job = own.job(asked("long.py", scenario_digest=wanted, name="long"))
    assert (job.scenario, job.name) == (str(tmp_path / "under_another_name.py"), "long")


@pytest.mark.parametrize("change", ["none given", "changed", "another kind"])
def test_another_file_is_not_run(change, tmp_path):
    mine = long_scenario_file(tmp_path)
    wanted = digest(mine)
    if change == "changed":
        mine.write_text(mine.read_text() + "\n")
    given = () if change == "none given" else (mine,)
    name = "long.toml" if change == "another kind" else "long.py"
    with pytest.raises(SetupError, match=rf"{name}.*only files that it was given.*given: {mine if given else 'none'}"):
        OwnFiles(given).job(asked(name, scenario_digest=wanted))


@pytest.fixture
def day(tmp_path):
    """The recorded file of a bundled scenario, as it lies with the master."""
    path = tmp_path / "there" / plugs.scenario(RECORDED).data
    path.parent.mkdir()
    path.write_bytes(b"a day")
    return path


def test_recorded_data_is_read_here_and_must_be_the_same(day, tmp_path):
    assert recorded(RECORDED, day.parent) == day
    asks = asked(RECORDED, data_digest=digest(day), name=RECORDED, data=str(day.parent))
    here = tmp_path / "here"
    here.mkdir()
    shutil.copy(day, here)
    assert OwnFiles(data=here).job(asks).data == str(here)
    (here / day.name).write_bytes(b"another day")
    with pytest.raises(SetupError, match=f"{here / day.name}, which is not what the master reads; .*--data"):
        OwnFiles(data=here).job(asks)


def test_data_that_is_not_here_is_told(day, tmp_path):
    with pytest.raises(SetupError, match=r"the recorded data of it is not here; .*--data"):
        OwnFiles(data=tmp_path).job(asked(RECORDED, data_digest=digest(day), name="it"))


def test_a_scenario_without_recorded_data_reads_none():
    assert recorded("constant", None) is None


@pytest.mark.parametrize("name", ["nowhere.py", "long.txt", "."])
def test_what_is_no_scenario_file_is_refused_before_anything_begins(name, tmp_path):
    (tmp_path / "long.txt").write_text("")
    with pytest.raises(SetupError, match="no scenario file"):
        known_scenarios((tmp_path / name,))
    assert known_scenarios((long_scenario_file(tmp_path),)) == ((tmp_path / "long.py").resolve(),)


def seats(**changes):
    told = {"schema": 1, "name": "it", "adapter": "ouch", "endpoints": {"orders": "192.0.2.1:9"}} | changes
    file = EngineFile.model_validate(told, context=Path("/there"))
    return Seats(accounts=(1,), others=(), takes_rest=True, engine=to_json(file))


def test_of_an_engine_only_where_it_runs_is_taken():
    told = only_joining(seats(paths={"data": "d", "sources": ["s"]}))
    file = EngineFile.model_validate_json(told.engine)
    assert (file.paths.data, file.paths.sources) == (None, [])
    assert (file.adapter, file.endpoints) == ("ouch", {"orders": "192.0.2.1:9"})
    assert msgspec.structs.replace(told, engine="") == msgspec.structs.replace(seats(), engine="")


@pytest.mark.parametrize(
    "changes",
    [
        {"adapter": "/there/mine.py"},
        {"adapter": "mine.py"},
        {"start": {"command": ["sh", "-c", "echo"]}},
        {"build": {"command": ["make"]}},
        {"start": {"command": ["sh"]}, "verify": {"command": ["sh"]}},
        {"adapter": "c_abi", "library": {"path": "lib.so"}},
        {"adapter": "python", "python": {"object": "os:system"}},
    ],
    ids="+".join,
)
def test_nothing_is_started_built_or_loaded_for_a_master(changes):
    with pytest.raises(SetupError, match="only connects to one that runs"):
        only_joining(seats(**changes))
