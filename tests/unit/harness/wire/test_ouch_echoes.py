"""What replies repeat: no byte twice, and never what tells their kind."""

import pytest

from harness.wire.ouch_echoes import ECHOES
from harness.wire.ouch_layout import REPLIES, REPLY


@pytest.mark.parametrize("message", REPLIES, ids=lambda message: message.name)
def test_no_byte_is_written_twice_and_type_and_time_not_at_all(message):
    letter = ord(message.type)
    to = ECHOES.pairs[letter, : ECHOES.counts[letter], 1].tolist()
    taken = {at + byte for name in ("present", "type", *(n for n in ("timestamp",) if n in REPLY.names)) for at in [REPLY.fields[name][1]] for byte in range(REPLY[name].itemsize)}  # fmt: skip
    assert len(to) == len(set(to))
    assert not taken & set(to)


def test_an_acceptance_repeats_the_clients_text():
    start = REPLY.fields["cl_ord_id"][1]
    assert set(range(start, start + 14)) <= set(ECHOES.pairs[ord("A"), : ECHOES.counts[ord("A")], 1].tolist())
