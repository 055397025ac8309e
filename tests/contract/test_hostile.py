"""Hostile clients end in a clear reject or a clean disconnect, take nothing from the service for good, and nobody beside them notices.

tests/nightly/test_hostile.py does the same with ten million frames.
"""

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


def test_nothing_is_left_of_those_that_are_gone(service):
    besiege(service, [*ATTACKS], len(ATTACKS), FRAMES)
    before = service.held()
    besiege(service, [*ATTACKS], 3 * len(ATTACKS), FRAMES)
    after = service.held()
    assert (after.descriptors, after.threads) == (before.descriptors, before.threads)
    assert after.private_bytes < before.private_bytes + LEAK_BYTES
