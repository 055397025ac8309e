"""An IOC rests; a market order and a FOK still do not."""

from engines.specimens.ioc_rests import IocRests
from tests.fakes.plain_session import INSTRUMENTS, says


def test_what_is_left_of_an_ioc_rests():
    engine = IocRests(INSTRUMENTS)
    assert says(engine, "B 100x5 #1 ioc").endswith("rested #1 at 100, 5 left")
    assert says(engine, "S x9 #2 market ioc a2").endswith("canceled 4 of #2 (market remainder), 0 left")
    assert says(engine, "S 100x1 #3 fok a2").endswith("canceled 1 of #3 (fok not fillable), 0 left")
