"""A master and real workers over Locust's own connection: who sends for whom, when all begin, and what is said of one that is lost."""

import sys

import pytest

from harness.base.capabilities import Capabilities, Conventions
from harness.load.crew import LOOPBACK, Crew, LoadError
from harness.load.messages import Job
from harness.load.places import Place
from tests.fakes import load_worker

JOB = Job(
    gonogo="1", scenario="constant", seed=1, commands=10, duration_ns=0, answer_timeout_ns=1, capabilities=Capabilities(),
    conventions=Conventions(),
)  # fmt: skip
ACCOUNTS = (1, 2, 3, 4, 5)


def crew(how, workers=2):
    return Crew(workers=workers, job=JOB, command=(sys.executable, "-P", load_worker.__file__, how))


def led(how, tmp_path, stopped=lambda: False, workers=2):
    """The seats, and how each part ended."""
    from harness.load.master import Master

    hired = crew(how, workers)
    with Master.listening(Place(LOOPBACK, 0), hired.lost) as master, hired.at_work(master.port, tmp_path):
        seats = master.seat(ACCOUNTS, workers)
        master.begin(JOB, seats, stopped)
        if stopped():
            master.halt()
        master.wait(lambda: len(master.done) == len(seats), 60, lambda: "they do not end")
        return seats, master


def test_each_account_has_one_worker_and_all_reports_are_added_up(tmp_path):
    seats, master = led("well", tmp_path)
    assert sorted(account for one in seats.values() for account in one.accounts) == list(ACCOUNTS)
    assert sorted(len(one.accounts) for one in seats.values()) == [2, 3]
    assert [one.takes_rest for one in seats.values()].count(True) == 1
    for one in seats.values():
        assert sorted(one.accounts + one.others) == list(ACCOUNTS)
    assert {worker: done.received for worker, done in master.done.items()} == {
        worker: len(one.accounts) for worker, one in seats.items()
    }
    assert (master.page.sent, master.page.response.total, master.page.response.low) == (6, 6, 5_000)
    assert {done.status for done in master.done.values()} == {"finished"}


def test_workers_that_draw_something_else_do_not_begin(tmp_path):
    with pytest.raises(LoadError, match="do not draw the same commands"):
        led("differs", tmp_path)


def test_a_worker_that_cannot_send_says_why(tmp_path):
    _, master = led("cannot", tmp_path)
    assert {done.status for done in master.done.values()} == {"generator failed"}
    assert all("ValueError: it has no words" in done.failure for done in master.done.values())


def test_a_worker_that_ends_by_itself_is_lost(tmp_path):
    with pytest.raises(LoadError, match=r"worker [12] of 2 ended with exit code 3"):
        led("dies", tmp_path)


def test_what_is_halted_ends_as_interrupted(tmp_path):
    _, master = led("goes on", tmp_path, stopped=lambda: True)
    assert {done.status for done in master.done.values()} == {"interrupted"}


def test_workers_that_do_not_come_are_told(monkeypatch):
    from harness.load import master as module

    monkeypatch.setattr(module, "GATHER_S", 0.1)
    with (
        module.Master.listening(Place(LOOPBACK, 0), lambda: "") as master,
        pytest.raises(LoadError, match="0 of 1 workers"),
    ):
        master.seat(ACCOUNTS, 1)


def test_no_worker_is_left(tmp_path):
    hired, processes = crew("goes on"), []

    def broken():
        with hired.at_work(1, tmp_path):
            processes.extend(hired._hired)
            raise RuntimeError("broken off")

    with pytest.raises(RuntimeError, match="broken off"):
        broken()
    assert len(processes) == 2
    assert all(isinstance(process.poll(), int) for process in processes)
    assert not hired.lost()
