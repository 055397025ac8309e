"""`gonogo doctor --engine` as a user runs it: what fits is 0, what does not is 1, and what cannot be looked at is 64."""

import json
import re
import sys

import pytest

from tests.fakes.command import gonogo
from tests.fakes.described import ROOT

DOCS = ROOT / "docs/adapters.md"
DEVIATING = ROOT / "tests/fakes/jsonl_deviating.py"
TOML = """
schema = 1
name = "deviating"
adapter = "jsonl"
[start]
command = {command}
env = {{ PYTHONPATH = {root} }}
timeout_s = 60
"""


@pytest.fixture
def deviating(tmp_path):
    """The engine.toml of an engine that differs in this way; lines behind it are added."""

    def written(way, more=""):
        command = json.dumps([sys.executable, str(DEVIATING), way])
        path = tmp_path / "engine.toml"
        path.write_text(TOML.format(command=command, root=json.dumps(str(ROOT))) + more)
        return path

    return written


def test_an_engine_that_fits_is_0(tmp_path):
    done = gonogo("doctor", "--engine", "plain", cwd=tmp_path)
    assert done.returncode == 0
    assert "it fits what it declares" in done.stdout
    assert done.stdout.rstrip().endswith('stop_evaluation = "command"')


def test_a_wrong_declaration_is_1_and_with_the_lines_that_are_proposed_it_fits(tmp_path, deviating):
    path = deviating("refuses fok")
    done = gonogo("doctor", "--engine", path, "--json", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert (done.returncode, told["fits"]) == (1, False)
    assert [(one["what"], one["whose"]) for one in told["told"] if one["state"] == "wrong"] == [("fok", "declaration")]
    again = gonogo("doctor", "--engine", deviating("refuses fok", told["proposal"]), cwd=tmp_path)
    assert again.returncode == 0, again.stdout


def test_what_was_sent_came_and_was_wanted_is_told(tmp_path, deviating):
    done = gonogo("doctor", "--engine", deviating("trades at another price"), cwd=tmp_path)
    assert done.returncode == 1
    shown = re.sub(r" +", " ", done.stdout)
    assert (
        "wrong a trade at the maker's price is carried out otherwise\n most likely of the engine itself\n sent: new sell 100 x 5 #1"
        in shown
    )
    assert "trade #2 with #1 at 101 x 2, 0 left\n wanted: trade #2 with #1 at 100 x 2, 0 left" in shown


def test_the_engine_of_the_documentation_fits(tmp_path):
    text = DOCS.read_text()
    for language, name in (("python", "naive.py"), ("python", "speaks.py"), ("toml", "engine.toml")):
        found = re.search(rf"```{language}\n# {name}\n(.*?)```", text, re.DOTALL)
        (tmp_path / name).write_text(found[1])
    done = gonogo("doctor", "--engine", "engine.toml", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "ok replace_keeps_place" not in re.sub(r" +", " ", done.stdout), "it offers no replace"


@pytest.mark.parametrize("words", [("--engine", "nobody"), ("--engine", "nowhere.toml")])
def test_what_cannot_be_looked_at_is_64(tmp_path, words):
    done = gonogo("doctor", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (64, "")
