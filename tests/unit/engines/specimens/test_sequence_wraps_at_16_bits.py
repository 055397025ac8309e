"""After 65,535 events comes number 0."""

from engines.specimens.sequence_wraps_at_16_bits import SequenceWrapsAt16Bits
from tests.fakes.plain_session import INSTRUMENTS, rows


def test_the_numbers_begin_anew():
    engine = SequenceWrapsAt16Bits(INSTRUMENTS)
    engine.tell.engine_seq = 65_533
    assert [event.engine_seq for event in rows(engine, "cancel #1; cancel #1; cancel #1; cancel #1")] == [
        65_534, 65_535, 0, 1,
    ]  # fmt: skip
