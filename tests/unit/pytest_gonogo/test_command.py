"""How the command is run for the tests: what goes wrong there is told in words."""

import pytest

from tests.fakes.gonogo_told import Project


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def test_what_gonogo_refuses_is_told_in_its_own_words(project):
    project.tell({}, code=64)
    done = project.pytest("-k", "machine")
    assert done.returncode == 1
    assert "ended with exit code 64:\nno such engine\n" in done.stdout


def test_a_command_that_does_not_end_is_ended_and_told(project):
    project.sleeps(600)
    done = project.pytest("-k", "machine", "--gonogo-timeout", "0.5")
    assert done.returncode == 1
    assert "did not end within 0.5 s (--gonogo-timeout): the engine is slow, or never returns" in done.stdout


def test_a_command_that_cannot_be_run_is_told(project):
    (project.folder / "gonogo").write_text("#!/nowhere\n")
    done = project.pytest("-k", "machine")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "could not be run" in done.stderr
