"""docs/ouch.md says what the codec does."""

from pathlib import Path

from harness.wire.ouch_page import page

PAGE = Path(__file__).parents[4] / "docs" / "ouch.md"


def test_the_page_is_up_to_date():
    assert PAGE.read_text() == page(), "make it anew: python -m harness.wire.ouch_page > docs/ouch.md"


def test_it_tells_sizes_and_places_as_the_document_does():
    assert "### `O` Enter Order: 47 bytes" in page()
    assert "| cl_ord_id | 31 | 14 | text |" in page()
    assert "| 7 | peg_offset | 4 | signed number |" in page()
    assert "| 0x17 | UNKNOWN_INSTRUMENT |" in page()
