"""A search by the command: what it finds is judged, and comes again from what it wrote down."""

import re

import pytest

from tests.fakes.command import gonogo

SCENARIO = """
from harness.flows.explored import ExploredFlow
from harness.instruments.explore import Explore
from harness.scenario import Scenario

SCENARIO = Scenario(about="a short search", flow=ExploredFlow(), instrument=Explore(examples=100, steps=10))
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "short.py").write_text(SCENARIO)
    return tmp_path


def test_what_a_search_finds_is_replayed(folder):
    done = gonogo("run", "short.py", "--engine", "ioc_rests", cwd=folder)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "fail  model in short: 1 violations" in done.stdout
    found = re.search("gonogo replay ([0-9a-f]{8})", done.stdout)
    assert "STILL FAILING" in gonogo("replay", found[1], cwd=folder).stdout
    assert "FIXED" in gonogo("replay", found[1], "--engine", "plain", cwd=folder).stdout
    # Python keeps the bytecode of a scenario's file beside it, where it is told to keep any.
    assert {path.name for path in folder.iterdir()} - {"__pycache__"} == {"runs", "short.py"}, (
        "Hypothesis leaves nothing of its own"
    )
