"""The connections of one client on real sockets: heard together, and followed where one is made again."""

import socket

import pytest

from engines.adapters._connections import RECONNECTS_MOST, Connections, made_again
from harness.base.errors import EngineDiedError, EngineStartError


class Speaker:
    """A socket, and its other end."""

    def __init__(self):
        self.flushed = 0
        self.is_open = True
        self.socket, self.peer = socket.socketpair()

    def flush(self):
        self.flushed += 1

    def close(self):
        self.is_open = False
        self.socket.close()
        self.peer.close()

    def cut(self):
        """Another connection in place of this one."""
        self.socket.close()
        self.peer.close()
        self.socket, self.peer = socket.socketpair()


@pytest.fixture
def two():
    connections, speakers = Connections(), (Speaker(), Speaker())
    for one in speakers:
        connections.add(one)
    yield connections, *speakers
    connections.close()


def test_those_are_heard_on_which_something_came(two):
    connections, first, second = two
    assert connections.ready(0.0) == []
    second.peer.send(b"x")
    assert connections.ready(0.0) == [second]
    first.peer.send(b"x")
    assert set(connections.ready(0.0)) == {first, second}


def test_one_that_was_made_again_is_heard_on_its_new_connection(two):
    connections, first, _ = two
    assert not connections.follow(first)
    first.cut()
    assert connections.follow(first)
    assert not connections.follow(first)
    first.peer.send(b"x")
    assert connections.ready(0.0) == [first]


def test_all_are_flushed_and_closed(two):
    connections, *speakers = two
    speakers[0].cut()
    connections.follow(speakers[0])
    connections.flush()
    connections.close()
    assert [(one.flushed, one.is_open) for one in speakers] == [(1, False), (1, False)]
    assert list(connections) == speakers


def test_a_session_may_lose_so_many_connections_and_then_does_not_try_again():
    opened = []
    assert made_again("ME", RECONNECTS_MOST, lambda: opened.append("one") or "new") == "new"
    with pytest.raises(EngineDiedError, match=f"session ME: the engine closed it {RECONNECTS_MOST + 1} times"):
        made_again("ME", RECONNECTS_MOST + 1, lambda: opened.append("another"))
    assert opened == ["one"]


def test_one_that_does_not_open_again_is_dead():
    def refused():
        raise EngineStartError("no login")

    with pytest.raises(EngineDiedError, match="session ME was closed, and does not open again: no login"):
        made_again("ME", 1, refused)
