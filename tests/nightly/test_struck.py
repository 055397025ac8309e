"""Fifty signals to end and two hundred kills at 100,000 commands a second: every end is in good order or recovered from, and nothing told is lost."""

import random
import signal

import pytest

from tests.fakes.struck import Struck

pytestmark = pytest.mark.nightly

ROUNDS = 10
"""On one folder: each start reads all that lies there."""


@pytest.mark.parametrize("seed", range(5))
def test_fifty_signals_to_end(tmp_path, seed):
    chance, service = random.Random(seed), Struck(tmp_path)
    for _ in range(ROUNDS):
        assert service.round(signal.SIGTERM, chance.randint(0, 80_000)) == 0
    service.settle()


@pytest.mark.parametrize("seed", range(20))
def test_two_hundred_kills(tmp_path, seed):
    chance, service = random.Random(seed), Struck(tmp_path)
    for _ in range(ROUNDS):
        assert service.round(signal.SIGKILL, chance.randint(0, 80_000)) == -signal.SIGKILL
    service.settle()
