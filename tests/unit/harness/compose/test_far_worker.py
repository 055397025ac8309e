"""A worker that a user offers a master: how long it goes on trying. What it does once it is taken the tests of a load over several machines tell."""

import socket
import sys

import pytest

from harness.base.errors import SetupError
from harness.compose.far_worker import Service, serve
from harness.compose.own_files import OwnFiles
from harness.load.places import Place


@pytest.fixture
def tunnel(monkeypatch):
    """What takes connections, and has nobody behind it."""
    from harness.load import worker

    monkeypatch.setattr(worker, "ANSWER_S", 0.2)
    monkeypatch.setattr(worker, "AGAIN_S", 0.1)
    grain_s = sys.getswitchinterval()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield Place("127.0.0.1", silent.getsockname()[1])
    sys.setswitchinterval(grain_s)


def test_where_something_listens_and_no_master_answers_it_tries_again(tunnel):
    tries = []

    def stopped():
        tries.append(1)
        return len(tries) > 2

    with pytest.raises(KeyboardInterrupt):
        serve(Service(place=tunnel, files=OwnFiles(), wait_s=60.0), lambda _: None, stopped)
    assert len(tries) == 3


def test_it_ends_once_it_has_waited_as_long_as_its_user_said(tunnel):
    with pytest.raises(
        SetupError, match=r"had no place for this worker within 0 s: .* did not answer as the master of a load"
    ):
        serve(Service(place=tunnel, files=OwnFiles(), wait_s=0.0), lambda _: None, lambda: False)
