"""After 65,535 events comes number 0."""

import pytest

from engines.specimens.sequence_wraps_at_16_bits import SPECIMEN, SequenceWrapsAt16Bits
from harness.base.capabilities import Instrument
from tests.fakes.plain_session import INSTRUMENTS, rows


def test_the_numbers_begin_anew():
    engine = SequenceWrapsAt16Bits(INSTRUMENTS)
    engine.tell.engine_seq = 65_533
    assert [event.engine_seq for event in rows(engine, "cancel #1; cancel #1; cancel #1; cancel #1")] == [
        65_534, 65_535, 0, 1,
    ]  # fmt: skip


@pytest.mark.parametrize(("fewer", "begin_anew"), [(0, True), (1, False)])
def test_the_fewest_commands_are_enough(fewer, begin_anew):
    """A trade, stops that trigger as they come and rest, and one more that trades with all of them."""
    stops = SPECIMEN.least_commands - 3 - fewer
    lines = ["B 100x1 #1 a1", "S 100x2 #2 a2", *(f"S 100x1 #{3 + at} a2 @100" for at in range(stops))]
    engine = SequenceWrapsAt16Bits((Instrument(id=1, symbol="ONE"),))
    events = rows(engine, "; ".join([*lines, f"B 100x{stops + 2} #{3 + stops} a3 @100"]))
    assert any(event.engine_seq == 0 for event in events) == begin_anew
