"""A worker by itself: what it does until its master is there, and once that is gone. How both work together test_master.py tells."""

import socket
import subprocess
import sys
from contextlib import ExitStack

import pytest

import harness
from harness.base.errors import SetupError
from harness.load.places import Place
from tests.fakes import load_worker
from tests.fakes.command import until
from tests.unit.harness.load.test_master import JOB


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def test_it_waits_for_its_master(port, tmp_path):
    from harness.load.crew import LOOPBACK
    from harness.load.master import Master

    words = [sys.executable, "-P", load_worker.__file__, "well", LOOPBACK, str(port), str(tmp_path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE) as worker:
        with Master.listening(Place(LOOPBACK, port), lambda: "") as master:
            seats = master.seat((7,), 1)
            assert [one.accounts for one in seats.values()] == [(7,)]
        assert worker.wait(60) == 0, "it ends once it is let go"


def test_one_that_is_told_whom_and_not_what_says_so(port, tmp_path):
    import msgspec

    from harness.load.crew import LOOPBACK
    from harness.load.master import Master

    words = [sys.executable, "-P", load_worker.__file__, "well", LOOPBACK, str(port), str(tmp_path)]
    with (
        subprocess.Popen(words, stdin=subprocess.PIPE) as worker,
        Master.listening(Place(LOOPBACK, port), lambda: "") as master,
    ):
        for name, one in master.seat((7,), 1).items():
            master._runner.send_message("seats", msgspec.to_builtins(one), name)
        master.wait(lambda: master.done, 60, lambda: "it says nothing")
        (done,) = master.done.values()
        assert (done.status, done.failure) == ("generator failed", "it was told whom to send for, and not what")
    assert worker.returncode == 0


def started(how, master, tmp_path):
    words = [sys.executable, "-P", load_worker.__file__, how, "127.0.0.1", str(master.port), str(tmp_path)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_one_of_another_version_is_told_so_and_ends(tmp_path):
    from harness.load.crew import LOOPBACK
    from harness.load.master import Gathering, Master

    lines = []
    with Master.listening(Place(LOOPBACK, 0), lambda: "") as master, started("old", master, tmp_path) as worker:
        assert master.seat((7,), 1, Gathering(60, lines.append, lambda: any("refused" in line for line in lines))) == {}
        master.wait(lambda: worker.poll() is not None, 60, lambda: "it does not end")
        assert worker.stdout.read() == (
            f"this worker is of gonogo 0.0.1 and the master of {harness.__version__}; wanted the same|False|True\n"
        )


def test_one_too_many_is_told_to_come_again_and_the_load_goes_on_without_it(tmp_path):
    from harness.load.crew import LOOPBACK
    from harness.load.master import Master

    with (
        Master.listening(Place(LOOPBACK, 0), lambda: "") as master,
        started("goes on", master, tmp_path / "one") as one,
    ):
        seats = master.seat((7, 8), 1)
        master.begin(JOB, seats, lambda: False)
        with started("well", master, tmp_path / "other") as other:
            master.wait(lambda: other.poll() is not None, 60, lambda: "it does not end")
            assert other.stdout.read() == "the master has all the workers of its load|True|False\n"
        assert [seat.accounts for seat in seats.values()] == [(7, 8)]
        master.halt()
        master.wait(lambda: master.done, 60, lambda: "it does not end")
        master.let_go("it is enough")
        master.wait(lambda: one.poll() is not None, 60, lambda: "it does not end")
        assert one.stdout.read() == "it is enough|False|False\n"


def test_one_that_comes_while_a_master_ends_may_come_again(tmp_path):
    """A master that merges answers nobody, and ends all that Locust knows once it is through."""
    from harness.load.crew import LOOPBACK
    from harness.load.locusts import gevent
    from harness.load.master import Master

    with ExitStack() as stack:
        with Master.listening(Place(LOOPBACK, 0), lambda: "") as master:
            worker = stack.enter_context(started("well", master, tmp_path))
            until(lambda: gevent.sleep(0.01) or master.arrivals._came)
        assert worker.stdout.read() == "the master ended before it had a place|True|False\n"


def test_one_whose_master_is_heard_no_more_ends(tmp_path):
    from harness.load.crew import LOOPBACK
    from harness.load.master import Master

    with (
        Master.listening(Place(LOOPBACK, 0), lambda: "") as master,
        started("impatient", master, tmp_path) as worker,
    ):
        master.begin(JOB, master.seat((7,), 1), lambda: False)
        # Nobody waits for messages here meanwhile, as in a process that hangs or is gone.
        until(lambda: worker.poll() is not None)
        assert worker.stdout.read() == "the master is gone|False|False\n"


def test_what_listens_and_is_no_master_is_told(monkeypatch):
    from harness.load import worker

    monkeypatch.setattr(worker, "ANSWER_S", 0.2)
    monkeypatch.setattr(worker, "AGAIN_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(
            SetupError, match=rf"127\.0\.0\.1:{port} did not answer as the master of a load within 0\.2 s"
        ):
            worker.Worker(Place("127.0.0.1", port), lambda job, seats: None)
