"""Ten million hostile frames over ten thousand connections: the service stands, gives back what it had taken, and answers whoever is honest."""

import numpy as np
import pytest

from tests.fakes.besieged import besieged
from tests.fakes.hostile import ATTACKS

pytestmark = pytest.mark.nightly

SESSIONS, FRAMES = 10_000, 1_000
LEAK_BYTES = 2**26


def test_ten_million_hostile_frames(tmp_path):
    names, draw, answers = [*ATTACKS], np.random.default_rng(1), []
    with besieged(tmp_path) as it:
        for number in range(SESSIONS):
            it.attack(names[number % len(names)], FRAMES, draw)
            answers.append(it.honest_order())
            if number == SESSIONS // 5:
                before = it.held()
        after = it.held()
        assert it.disconnects() >= SESSIONS
    assert len(answers) == SESSIONS
    assert set(answers) <= {"A", "J"}, "a book that hostile orders have filled refuses, and says so"
    assert (after.descriptors, after.threads) == (before.descriptors, before.threads)
    assert after.private_bytes < before.private_bytes + LEAK_BYTES
