"""A FOK trades what there is; what is left goes as an IOC's."""

from engines.specimens.fok_fills_in_part import FokFillsInPart
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_fok_is_an_ioc():
    engine = FokFillsInPart(INSTRUMENTS)
    says(engine, "S 100x2 #1 a2")
    said = says(engine, "B 100x5 #2 fok")
    assert said.endswith("trade #2 with #1 at 100 x 2, 3 left; canceled 3 of #2 (ioc remainder), 0 left")
