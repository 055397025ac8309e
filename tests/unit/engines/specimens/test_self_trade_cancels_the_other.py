"""Each mode of one cancel takes the other order; both are taken where both are named."""

import pytest

from engines.specimens.self_trade_cancels_the_other import SelfTradeCancelsTheOther
from harness.base.capabilities import Conventions
from tests.fakes.plain_session import INSTRUMENTS, says


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("cancel_newest", "canceled 1 of #1 (self trade), 0 left; rested #2 at 100, 1 left"),
        ("cancel_oldest", "accepted #2, 100 x 1; canceled 1 of #2 (self trade), 0 left"),
        ("cancel_both", "canceled 1 of #1 (self trade), 0 left; canceled 1 of #2 (self trade), 0 left"),
    ],
)
def test_the_other_order_goes(mode, said):
    engine = SelfTradeCancelsTheOther(INSTRUMENTS, Conventions(self_trade=mode))
    says(engine, "S 100x1 #1")
    assert says(engine, "B 100x1 #2").endswith(said)
