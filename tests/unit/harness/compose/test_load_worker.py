"""A worker's part: the whole that it draws is the one that was asked for, of the same version; and it ends with whoever started it."""

import socket
import subprocess
import sys

import msgspec
import pytest

import harness
from harness.base.errors import SetupError
from harness.compose.load_worker import Sending, _whole
from harness.load.messages import Seats
from harness.pacing import Constant
from tests.unit.harness.load.test_master import JOB

SEATS = Seats(accounts=(1,), others=(), takes_rest=True)


def test_the_whole_is_that_of_the_scenario_at_the_pace_that_was_asked_for():
    whole = _whole(msgspec.structs.replace(JOB, rate_per_s=50.0, seed=4, duration_ns=10**9))
    assert (whole.pacing, whole.most, whole.until_ns) == (Constant(50.0), 10, 10**9)
    assert whole.fingerprint() == _whole(msgspec.structs.replace(JOB, rate_per_s=50.0, seed=4)).fingerprint()
    assert whole.fingerprint() != _whole(msgspec.structs.replace(JOB, rate_per_s=51.0, seed=4)).fingerprint()
    assert whole.fingerprint() != _whole(msgspec.structs.replace(JOB, rate_per_s=50.0, seed=5)).fingerprint()


def test_what_cannot_be_drawn_is_said():
    with pytest.raises(SetupError, match="stated"):
        _whole(msgspec.structs.replace(JOB, scenario="twice_the_peak"))


def test_a_master_of_another_version_is_refused(tmp_path):
    with pytest.raises(SetupError, match=f"this worker is of gonogo {harness.__version__} and the master of 1"):
        Sending(JOB, SEATS, tmp_path / "part")


def test_it_ends_with_whoever_started_it(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [sys.executable, "-P", "-m", "harness.compose.load_worker", "127.0.0.1", str(port), str(tmp_path / "part")]
    with subprocess.Popen(words, stdin=subprocess.PIPE) as worker:
        worker.stdin.close()
        assert worker.wait(60) == 0
