"""An account trades with itself."""

from engines.specimens.self_trade_not_prevented import SelfTradeNotPrevented
from harness.base.capabilities import Conventions
from tests.fakes.plain_session import INSTRUMENTS, says


def test_an_account_meets_itself():
    engine = SelfTradeNotPrevented(INSTRUMENTS, Conventions(self_trade="cancel_newest"))
    says(engine, "S 100x1 #1")
    assert says(engine, "B 100x1 #2").endswith("trade #2 with #1 at 100 x 1, 0 left")
