"""Lines of a row: what they do, on which session, and with which fields; what is none is told."""

import pytest

from harness.base.errors import SetupError
from harness.conformance.wire.script import Row, Saying, Verb, sayings_of, step_of


def test_a_line_says_what_is_sent_and_by_whom():
    step = step_of("2> O #1 side=S & X #1")
    assert (step.session, step.verb) == (1, Verb.SEND)
    assert step.said == (Saying(("O",), (("", "#1"), ("side", "S"))), Saying(("X",), (("", "#1"),)))


def test_what_must_come_may_be_of_several_kinds():
    (saying,) = step_of("<* 8|9 150=4|C 58=a=b").said
    assert saying == Saying(("8", "9"), (("150", "4|C"), ("58", "a=b")))


def test_a_line_that_closes_names_kinds():
    assert [one.kinds for one in step_of("closed 3 5").said] == [("3",), ("5",)]
    assert step_of("closed").said == ()


def test_a_wait_is_of_seconds():
    assert step_of("wait 0.5").seconds == 0.5


@pytest.mark.parametrize("line", ["O #1", ">O #1", "3> O"])
def test_what_is_no_line_is_told(line):
    with pytest.raises(SetupError, match="is no line of a row"):
        step_of(line)


def test_nothing_is_no_message():
    assert sayings_of([]) == ()


def test_a_row_needs_as_many_sessions_as_its_lines_name():
    assert [Row("", "", lines).sessions for lines in (("begin",), ("begin", "2begin"))] == [1, 2]
