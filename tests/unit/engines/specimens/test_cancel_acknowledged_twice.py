"""A cancel is answered twice, a refused one once."""

from engines.specimens.cancel_acknowledged_twice import CancelAcknowledgedTwice
from tests.fakes.plain_session import INSTRUMENTS, says


def test_each_cancel_is_told_again():
    engine = CancelAcknowledgedTwice(INSTRUMENTS)
    says(engine, "B 100x5 #1")
    assert says(engine, "cancel #1 x2") == "canceled 2 of #1 (user), 3 left; canceled 0 of #1 (user), 3 left"
    assert says(engine, "cancel #1 a2; cancel #2") == (
        "cancel rejected #1 (not owner); cancel rejected #2 (unknown order)"
    )
