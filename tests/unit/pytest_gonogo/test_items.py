"""The tests that the plugin makes, over a command that tells what it is told to."""

import pytest

from tests.fakes.gonogo_told import FINDING, Project

SEARCHED = {"seed": 1, "commands": 70, "findings": [FINDING], "script": "> 1  new buy\n", "tape": "F/tape.json", "failure": "", "again": ""}  # fmt: skip
DRIVEN = {"seed": 1, "scenario": "poisson", "commands": 2000, "findings": [FINDING]}


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def test_a_healthy_engine_passes_each_is_asked_for_itself_alone(project):
    done = project.pytest("-k", "machine or seeds")
    assert "2 passed, 2 deselected" in done.stdout, done.stdout + done.stderr
    assert project.asked() == [
        f"explore --engine X --seed 1 --machines 1 --examples 50 --steps 30 --no-cases --seeds 0 --save {project.folder}/.gonogo --json",
        "explore --engine X --seed 1 --seeds 1 --commands 2000 --no-cases --machines 0 --json",
    ]
    assert not project.bank.exists()


def test_tests_are_named_by_their_seeds(project):
    words = ("--gonogo-seed", "7", "--gonogo-machines", "3", "--gonogo-seeds", "12")
    listed = project.pytest("--collect-only", *words).stdout.splitlines()[:6]
    assert listed == [
        "gonogo::case::first", "gonogo::case::second", "gonogo::machine::7-to-8", "gonogo::machine::9-to-9",
        "gonogo::seeds::7-to-16", "gonogo::seeds::17-to-18",
    ]  # fmt: skip


def test_a_search_that_finds_something_is_told_kept_and_first_next_time(project):
    project.tell({"machines": [SEARCHED | {"findings": [FINDING, FINDING | {"check": "legal"}]}]}, code=1)
    done = project.pytest("-k", "machine")
    assert done.returncode == 1
    for line in ("machine seed 1, after 70 commands", "> 1  new buy", "also legal: it is wrong", "kept with a test of it: F/tape.json"):  # fmt: skip
        assert f"\n{line}\n" in done.stdout
    assert "explore --engine X --seed 1 --machines 1 --examples 50 --steps 30 --no-cases --seeds 0\n" in done.stdout
    assert project.bank.read_text() == "machine 1 50 30 X\n"
    again = project.pytest("--gonogo-examples", "9", "--collect-only").stdout.splitlines()
    assert again[0] == "gonogo::bank::machine-1-of-50x30"
    project.pytest("--gonogo-examples", "9", "-k", "bank")
    assert "--examples 50 --steps 30" in project.asked()[-1], "as it failed, whatever is asked now"
    assert project.bank.read_text() == "machine 1 50 30 X\n", "once"


def test_an_engine_that_fails_in_a_search_is_told_by_its_last_words(project):
    failed = SEARCHED | {"findings": [], "script": "", "tape": "", "failure": "no licence"}
    project.tell({"machines": [failed]}, code=1)
    done = project.pytest("-k", "machine")
    assert (done.returncode, "\nno licence\n" in done.stdout, "kept" in done.stdout) == (1, True, False)


def test_a_seed_of_a_flow_that_fails_is_told_and_kept(project):
    project.tell({"seeds": [DRIVEN | {"seed": seed} for seed in (1, 2, 3)]}, code=1)
    done = project.pytest("-k", "seeds")
    assert "seed 1, flow of poisson, 2000 commands" in done.stdout
    assert "model: it is wrong (command 3)\nexpected  a\n          b\ngot       c\n" in done.stdout
    assert "and findings with the seeds 3" in done.stdout
    assert project.bank.read_text() == "1 2000 X\n2 2000 X\n3 2000 X\n"


def test_a_case_fails_passes_or_is_left_out_with_its_reason(project):
    told = {"about": "a case", "why": "the engine died", "finding": None}
    project.tell({"cases": [told | {"name": "first", "outcome": "fail"}, told | {"name": "second", "outcome": "left out"}]}, code=1)  # fmt: skip
    done = project.pytest("-k", "case", "-rs")
    assert "1 failed, 1 skipped, 2 deselected" in done.stdout
    assert "a case\nthe engine died\nagain: " in done.stdout
    assert len(project.asked()) == 1, "all are played at once"
