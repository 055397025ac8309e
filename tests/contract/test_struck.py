"""Struck down under load, again and again on one folder: whatever anybody was told is there again, and the book is that of the journal's commands.

tests/nightly/test_struck.py does it many times.
"""

import random
import signal

import pytest

from tests.fakes import struck
from tests.fakes.struck import Struck


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)])
def test_nothing_that_was_told_is_lost(tmp_path, number, code):
    chance, service = random.Random(1), Struck(tmp_path)
    for _ in range(3):
        assert service.round(number, chance.randint(1_000, 60_000)) == code
    service.settle()
    assert service.answers > 10_000


def test_one_that_told_something_else_is_seen(tmp_path):
    """The test above can fail: at a byte of what was heard."""
    service = Struck(tmp_path)
    service.round(signal.SIGKILL, 2_000)
    number, told = service._before[struck.DROP_COPY]
    service._before[struck.DROP_COPY] = number, told[:500] + bytes([told[500] ^ 1]) + told[501:]
    with pytest.raises(AssertionError, match="was told something else"):
        service.settle()
