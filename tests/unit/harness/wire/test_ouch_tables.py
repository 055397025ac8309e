"""The tables: every byte of every message has a place of its own in the record."""

import pytest

from harness.wire.ouch_layout import REPLIES, REQUESTS
from harness.wire.ouch_tables import REPLY_DIRECTION, REQUEST_DIRECTION


@pytest.mark.parametrize(("direction", "messages"), [(REQUEST_DIRECTION, REQUESTS), (REPLY_DIRECTION, REPLIES)])
def test_no_two_bytes_of_a_message_have_one_place(direction, messages):
    tables = direction.tables
    for message in messages:
        number = tables.numbers[ord(message.type)]
        places = tables.places[number, : tables.sizes[number]].tolist()
        for tag in message.tags:
            places += tables.tag_places[tag, : tables.tag_sizes[tag]].tolist()
        assert len(places) == len(set(places)), message.name
        assert not set(places) & {0, 1, 2, 3}, "the first four are `present`"


def test_the_longest_packet_is_an_order_or_its_acceptance_with_every_tag():
    assert REQUEST_DIRECTION.most_bytes == 3 + 47 + sum(
        2 + size for size in (4, 4, 1, 4, 1, 4, 8, 1, 4, 1, 4, 4, 1, 1, 2, 1, 4, 1)
    )
    assert REPLY_DIRECTION.most_bytes == 3 + 64 + sum(
        2 + size for size in (4, 4, 1, 4, 1, 4, 8, 1, 4, 1, 4, 4, 4, 1, 1, 1, 2, 1, 1)
    )


@pytest.mark.parametrize(
    ("direction", "letter", "bits"),
    [
        (REQUEST_DIRECTION, "X", {0, 28}), (REQUEST_DIRECTION, "C", {0, 24, 27, 28}), (REPLY_DIRECTION, "S", set()),
        (REPLY_DIRECTION, "R", {0, 1, 22, 23, 28}),
    ],
)  # fmt: skip
def test_the_bits_that_a_message_may_have(direction, letter, bits):
    allowed = int(direction.tables.allowed[direction.tables.numbers[ord(letter)]])
    assert {bit for bit in range(32) if allowed >> bit & 1} == bits
