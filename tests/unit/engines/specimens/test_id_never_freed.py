"""The id of an order that is gone is refused, that of a refused one is not."""

from engines.specimens.id_never_freed import IdNeverFreed
from tests.fakes.plain_session import INSTRUMENTS, book, says


def test_an_id_is_used_once():
    engine = IdNeverFreed(INSTRUMENTS)
    says(engine, "B 0x5 #1; B 100x5 #1; cancel #1")
    assert book(engine) == ""
    assert says(engine, "B 100x5 #1") == "rejected #1 (duplicate order id)"
