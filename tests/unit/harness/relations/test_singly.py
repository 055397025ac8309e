"""The same commands, one a call."""

from harness.base.bits import digest
from harness.relations.singly import RELATION
from tests.fakes.related import CHANCE, drawn


def test_only_the_calls_are_others():
    tape = drawn(1, 50)
    changed = RELATION.there(tape, CHANCE)
    assert [digest(part) for part in changed.parts] == [digest(tape.commands)]
    assert changed.at_once == 1
    assert changed.numbers.tolist() == list(range(1, 51))
