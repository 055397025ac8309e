"""Who comes is let in; where there is no room the door rests for a while and does not turn on the spot."""

import selectors
import socket

import pytest

from engines.service.gateway.door import PAUSE_NS, Door, Listeners


class Full:
    """A listener of a system that has no descriptors left."""

    def __init__(self, real, error):
        self._real, self._error = real, error
        self.asked = 0

    def accept(self):
        self.asked += 1
        raise self._error

    def __getattr__(self, name):
        return getattr(self._real, name)


@pytest.fixture
def door():
    with selectors.DefaultSelector() as selector:
        made = Door(Listeners(*(socket.create_server(("127.0.0.1", 0)) for _ in range(3))), selector)
        made.open()
        yield made, selector
        made.close()


def test_who_comes_is_let_in(door):
    made, selector = door
    with socket.create_connection(made.listeners.json_lines.getsockname()) as client:
        ((key, _),) = selector.select(30)
        assert key.fileobj is made.listeners.json_lines
        accepted, address = made.accept(key.fileobj, 0)
        with accepted:
            assert address == "{}:{}".format(*client.getsockname())
            assert not accepted.getblocking()


def test_without_descriptors_nobody_is_looked_for_until_the_pause_is_over(door):
    made, selector = door
    full = Full(made.listeners.ouch, OSError(24, "Too many open files"))
    with socket.create_connection(made.listeners.ouch.getsockname()):
        assert made.accept(full, 1_000) is None
        assert selector.select(0) == []
        made.look_at_the_time(1_000 + PAUSE_NS - 1)
        assert selector.select(0) == []
        made.look_at_the_time(1_000 + PAUSE_NS)
        ((key, _),) = selector.select(30)
        assert key.fileobj is made.listeners.ouch


@pytest.mark.parametrize("error", [BlockingIOError(), ConnectionAbortedError()])
def test_one_who_is_gone_already_is_no_cause_for_a_pause(door, error):
    made, selector = door
    assert made.accept(Full(made.listeners.ouch, error), 0) is None
    assert len(selector.get_map()) == len(made.listeners)
