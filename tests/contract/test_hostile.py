"""Hostile clients end in a clear reject or a clean disconnect, take nothing from the service for good, and nobody beside them notices.

tests/nightly/test_hostile.py does the same with ten million frames.
"""

import socket
from contextlib import ExitStack

import numpy as np
import pytest

from tests.fakes.besieged import besieged
from tests.fakes.hostile import ATTACKS

SESSIONS, FRAMES = 8, 100
LEAK_BYTES = 2**25
"""Buffers of numpy and of the C library come and go in pieces of this order."""


def besiege(it, attacks, sessions, frames):
    """So many connections, in turn of each kind; an honest order after each."""
    draw, answers = np.random.default_rng(7), set()
    for number in range(sessions):
        it.attack(attacks[number % len(attacks)], frames, draw)
        answers.add(it.honest_order())
    return answers


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with besieged(tmp_path_factory.mktemp("besieged")) as it:
        it.honest_order()
        yield it


@pytest.mark.parametrize("name", ATTACKS)
def test_nobody_beside_notices(service, name):
    before = service.disconnects()
    assert besiege(service, [name], SESSIONS, FRAMES) == {"A"}
    assert service.disconnects() == before + SESSIONS


def test_clients_for_whom_there_are_no_descriptors_wait_and_the_others_go_on(service):
    """The system's limit on the service's process is the cause, as it is where there are many clients."""
    turned_away = 'gonogo_errors_total{kind="turned_away"}'
    before = service.service.figures()[turned_away]
    with service.descriptors_left(2), ExitStack() as opened:
        waiting = [opened.enter_context(socket.create_connection(service.service.address)) for _ in range(20)]
        assert {service.honest_order() for _ in range(200)} == {"A"}
    after = service.service.figures()[turned_away]
    assert 0 < after - before < 1_000, "it does not turn on the spot"
    del waiting
    assert besiege(service, ["orders"], 1, FRAMES) == {"A"}


def test_nothing_is_left_of_those_that_are_gone(service):
    besiege(service, [*ATTACKS], len(ATTACKS), FRAMES)
    before = service.held()
    besiege(service, [*ATTACKS], 3 * len(ATTACKS), FRAMES)
    after = service.held()
    assert (after.descriptors, after.threads) == (before.descriptors, before.threads)
    assert after.private_bytes < before.private_bytes + LEAK_BYTES
