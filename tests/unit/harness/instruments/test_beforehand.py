"""What a drive draws before its clock starts is as much as it says, and is lost to nobody."""

from harness.base.records import empty_commands
from harness.instruments._beforehand import drawn


def test_whole_batches_are_drawn_until_there_are_enough():
    batches = iter([empty_commands(10)] * 5)
    assert [len(batch) for batch in drawn(batches, 25)] == [10, 10, 10]
    assert len(list(batches)) == 2


def test_a_short_flow_is_drawn_whole():
    assert [len(batch) for batch in drawn(iter([empty_commands(3)]), 25)] == [3]
