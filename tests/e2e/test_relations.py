"""What an engine does otherwise once a relation changes the tape, by the command: told, decided by, replayed, judged again and made small."""

import json
import re

import pytest

from tests.fakes.command import gonogo

POLICY = """
schema = 1
default_use = "alike"
[use.alike]
required = ["alive", "metamorphic"]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where an engine that is wrong far away was run, and the engine that is right."""
    folder = tmp_path_factory.mktemp("relations")
    (folder / "policy.toml").write_text(POLICY)
    for engine, code in (("plain", 0), ("levels_by_float", 1)):
        done = gonogo("run", "relations", "--engine", engine, "--policy", "policy.toml", cwd=folder)
        assert done.returncode == code, done.stdout + done.stderr
        (folder / f"{engine}.txt").write_text(done.stdout)
    return folder


@pytest.fixture(scope="module")
def finding(folder):
    """The id of the finding."""
    return re.search("gonogo replay ([0-9a-f]{8})", (folder / "levels_by_float.txt").read_text())[1]


def test_an_engine_that_is_right_is_go_and_one_that_is_not_is_told_the_relation(folder):
    assert (folder / "plain.txt").read_text().strip().startswith("GO  plain")
    said = (folder / "levels_by_float.txt").read_text()
    assert said.strip().startswith("NO-GO  levels_by_float")
    assert "the same tape, changed by the relation shift, led to other events" in said
    verdict = json.loads((folder / "runs" / "relations" / "latest" / "verdict.json").read_text())
    assert [(one["check"], one["count"] > 1) for one in verdict["findings"]] == [("metamorphic", True)]


def test_judging_again_gives_the_same_bytes(folder):
    path = folder / "runs" / "relations" / "latest" / "verdict.json"
    before = path.read_bytes()
    path.unlink()
    assert gonogo("judge", "runs/relations", cwd=folder, fresh=True).returncode == 1
    assert path.read_bytes() == before


def test_it_is_replayed(folder, finding):
    again = gonogo("replay", finding, cwd=folder)
    assert again.stdout.startswith("STILL FAILING"), again.stdout + again.stderr
    assert gonogo("replay", finding, "--engine", "plain", cwd=folder).stdout.startswith("FIXED")


def test_it_is_made_small_and_the_small_tape_replays(folder, finding):
    done = gonogo("shrink", finding, cwd=folder)
    assert done.stdout.startswith("STILL FAILING"), done.stdout + done.stderr
    # Of the newest run that holds the finding, which may be a replay; `latest` is a second way to the same folder.
    (tape,) = {path.resolve() for path in folder.glob(f"runs/*/*/failures/{finding}")}
    assert len(json.loads((tape / "tape.json").read_text())["commands"]) <= 4
    assert gonogo("replay", str(tape), cwd=folder).stdout.startswith("STILL FAILING")
    assert gonogo("replay", str(tape), "--engine", "plain", cwd=folder).stdout.startswith("FIXED")
