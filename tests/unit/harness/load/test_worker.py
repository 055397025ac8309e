"""A worker by itself: what it does until its master is there, and once that is gone. How both work together test_master.py tells."""

import socket
import subprocess
import sys

import pytest

from harness.load.places import Place
from tests.fakes import load_worker


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
