"""The sizes and places of the published document, and records in which no two fields share a byte."""

import pytest

from harness.wire.ouch_layout import FORMS, REPLIES, REPLY, REQUEST, REQUESTS, TAGS, Appendage, width

SIZES = {
    "in": {"O": 47, "U": 40, "X": 9, "M": 10, "C": 19, "D": 11, "E": 11, "Q": 1},
    "out": {
        "S": 10, "A": 64, "U": 68, "C": 18, "D": 32, "E": 36, "B": 36, "J": 29, "P": 13, "I": 13, "T": 30, "M": 18, "R": 16,
        "X": 27, "G": 19, "K": 19, "Q": 13,
    },
}  # fmt: skip
"""As the document counts them: with the length of the appendage where it is always there, else without."""
WAYS = {"in": (REQUESTS, REQUEST), "out": (REPLIES, REPLY)}


@pytest.mark.parametrize("way", WAYS)
def test_sizes_are_those_of_the_document(way):
    sizes = {each.type: each.size() + 2 * (each.appendage == Appendage.ALWAYS) for each in WAYS[way][0]}
    assert sizes == SIZES[way]


@pytest.mark.parametrize(
    ("way", "kind", "field", "offset"),
    [
        ("in", "O", "price", 18), ("in", "O", "cl_ord_id", 31), ("in", "U", "quantity", 9), ("in", "U", "cl_ord_id", 24),
        ("out", "A", "order_reference_number", 36), ("out", "A", "order_state", 47), ("out", "U", "price", 30),
        ("out", "D", "aiq_strategy", 31), ("out", "E", "match_number", 26), ("out", "B", "reason", 21), ("out", "J", "reject_reason", 13),
        ("out", "T", "order_reference_number", 22), ("out", "Q", "next_user_ref_num", 9),
    ],
)  # fmt: skip
def test_fields_lie_where_the_document_says(way, kind, field, offset):
    (message,) = [each for each in WAYS[way][0] if each.type == kind]
    assert message.offsets()[field] == offset


@pytest.mark.parametrize("way", WAYS)
def test_no_message_has_a_field_and_its_tag(way):
    """They share one field of the record."""
    for message in WAYS[way][0]:
        assert not {TAGS[tag] for tag in message.tags} & {"type", *message.fields}, message.name


@pytest.mark.parametrize("way", WAYS)
def test_fields_of_a_record_share_no_byte_and_numbers_stand_aligned(way):
    record = WAYS[way][1]
    taken = [at for _, (form, start, *_) in record.fields.items() for at in range(start, start + form.itemsize)]
    assert len(taken) == len(set(taken))
    assert max(taken) < record.itemsize <= 256
    assert record.itemsize % 8 == 0
    assert all(start % form.alignment == 0 for form, start, *_ in record.fields.values())


def test_every_field_is_of_some_message():
    used = {
        name for way in WAYS.values() for each in way[0] for name in (*each.fields, *(TAGS[tag] for tag in each.tags))
    }
    assert set(FORMS) == used | {"type"}
    assert all(width(form) in {1, 2, 4, 8, 14} for form in FORMS.values())
