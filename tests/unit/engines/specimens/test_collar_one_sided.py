"""A price too low passes the collar, one too high does not."""

from engines.specimens.collar_one_sided import CollarOneSided
from harness.base.capabilities import Instrument, RiskLimits
from tests.fakes.plain_session import says

HELD = Instrument(id=1, symbol="HELD", risk=RiskLimits(collar_ticks=5, reference_price=100))


def test_the_collar_holds_from_above_alone():
    engine = CollarOneSided([HELD])
    assert says(engine, "S 106x1 #1") == "rejected #1 (risk price collar)"
    assert says(engine, "S 20x1 #2").startswith("accepted #2")
