"""The snapshot walks the queues: sides, prices and places in digest order."""

from harness.base.bits import BOOK_ROW
from tests.fakes.reference_session import engine, rows, says


def test_an_empty_book_has_no_rows():
    reference = engine()
    assert reference.snapshot().dtype == BOOK_ROW
    assert len(reference.snapshot()) == 0
    says(reference, "B 5x1 #1; cancel #1")
    assert len(reference.snapshot()) == 0


def test_rows_are_in_digest_order_with_their_places():
    reference = engine()
    rows(reference, "S 9x1 #1 i2; S 9x2 #2; B -7x3 #3; S 9x4 #4; B 5x5 #5; S 9x6 #6; cancel #4; S 8x7 #7")
    assert reference.snapshot().tolist() == [
        (1, 0, -7, 0, 3, 3),
        (1, 0, 5, 0, 5, 5),
        (1, 1, 8, 0, 7, 7),
        (1, 1, 9, 0, 2, 2),
        (1, 1, 9, 1, 6, 6),
        (2, 1, 9, 0, 1, 1),
    ]
