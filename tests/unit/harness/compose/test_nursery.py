"""Processes of a comparison: each run has one of its own, the two sides share no modules, and a death is told as what it is."""

import pytest

from harness.base.errors import EngineError, SetupError
from harness.compose import plugs
from harness.compose.nursery import Nursery
from harness.compose.turns import Side, Task
from tests.fakes.command import scenario_file
from tests.fakes.marked import VARIABLE, marked

ADAPTER = '''
"""The plain engine beside a module that lies in its own folder."""
import os

import beside
from engines.adapters.plain import PlainInProcess


class Engine(PlainInProcess):
    name = beside.NAME

    def start(self):
        super().start()
        beside.STARTS.append(1)
        if len(beside.STARTS) > 1:
            raise RuntimeError("a process that was used before")

    def take(self, commands):
        if beside.DIES:
            os._exit(7)
        return super().take(commands)


ENGINE = Engine
'''


def adapter(folder, name, *, dies=False):
    folder.mkdir()
    (folder / "beside.py").write_text(f"NAME = {name!r}\nSTARTS = []\nDIES = {dies}\n")
    (folder / "adapter.py").write_text(ADAPTER)
    return str(folder / "adapter.py")


def side(engine, scenario):
    return Side(engine, (str(scenario),), None, 1, None, plugs.policy(None))


def test_each_side_loads_its_own_files_and_each_run_is_in_a_fresh_process(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    scenario = scenario_file(tmp_path)
    old, new = adapter(tmp_path / "old", "old"), adapter(tmp_path / "new", "new", dies=True)
    with Nursery({"base": side(old, scenario), "head": side(new, scenario)}) as nursery:
        assert [nursery.ready(one).identity.name for one in ("base", "head")] == ["old", "new"]
        for _ in range(2):
            assert nursery.run("base", Task("short", 100)).commands == 100
            with pytest.raises(EngineError, match="its process died with status 7"):
                nursery.run("head", Task("short", 100))
    # Python keeps one helper of its own for whoever ever spawned.
    assert not [words for words in marked(str(tmp_path)) if "resource_tracker" not in words[-1]], "no process is left"


def test_what_cannot_be_is_told_as_a_mistake_of_the_user(tmp_path):
    scenario = scenario_file(tmp_path)
    with Nursery({"base": side("plain", scenario), "head": side(str(tmp_path / "gone.toml"), scenario)}) as nursery:
        assert nursery.ready("base").identity.name == "plain"
        with pytest.raises(SetupError, match=r"gone\.toml"):
            nursery.ready("head")
