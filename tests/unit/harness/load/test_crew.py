"""Workers of this machine: they are started with their folders, end with the context, and one that ends before is told."""

import sys

from harness.load.crew import Crew
from tests.fakes.command import until
from tests.unit.harness.load.test_master import JOB

SAYS = "import sys, pathlib; pathlib.Path(sys.argv[3]).write_text(' '.join(sys.argv[1:3])); sys.stdin.read()"


def test_each_is_told_the_master_and_a_folder_of_its_own_and_ends_once_it_is_let_go(tmp_path):
    crew = Crew(workers=2, job=JOB, command=(sys.executable, "-c", SAYS))
    with crew.at_work(4711, tmp_path):
        until(lambda: all((tmp_path / name).is_file() and (tmp_path / name).read_text() for name in "01"))
        assert [(tmp_path / name).read_text() for name in "01"] == ["127.0.0.1 4711"] * 2
        assert not crew.lost()
        processes = list(crew._hired)
    assert [process.returncode for process in processes] == [0, 0]


def test_how_one_ended_is_told(tmp_path):
    crew = Crew(
        workers=2,
        job=JOB,
        command=(
            sys.executable,
            "-c",
            "import sys, os; sys.argv[3].endswith('1') and os.kill(os.getpid(), 9); sys.stdin.read()",
        ),
    )
    with crew.at_work(4711, tmp_path):
        until(crew.lost)
        assert crew.lost() == "worker 2 of 2 was killed by signal 9"


def test_one_that_does_not_let_go_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("harness.load.crew.END_S", 0.1)
    crew = Crew(workers=1, job=JOB, command=(sys.executable, "-c", "import time; print(flush=True); time.sleep(600)"))
    with crew.at_work(4711, tmp_path):
        (process,) = crew._hired
    assert process.returncode == -9
