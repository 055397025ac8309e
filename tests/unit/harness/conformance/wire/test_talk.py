"""What a row comes to: held, not held with what was sent, wanted and came, or not tried with why."""

import pytest

from harness.conformance.wire.line import End
from harness.conformance.wire.script import Row
from harness.conformance.wire.talk import Talk
from tests.fakes.scripted_line import ScriptedLine

BEGUN = ("begin", "> O #1")


def tried(lines, *heard, refused=(), **more):
    line = ScriptedLine(*heard, **more)
    return Talk("TEST", Row("row", "clause", lines, refused=refused), [line]).run()


@pytest.mark.parametrize(
    ("lines", "heard"),
    [
        (("< A #1",), ("A number=1 side=B",)),
        (("< A #1",), ("alive", "A number=1")),
        (("< A|B",), ("B",)),
        (("< A x=-",), ("A y=1",)),
        (("< A x=1|-",), ("A",)),
        (("< A x=~1",), ("A x=2",)),
        (("< A x=1.50",), ("A x=1.5",)),
        (("< A x=@a", "< B x=@a"), ("A x=7", "B x=7")),
        (("< A x=@a", "< B x=~@a"), ("A x=7", "B x=8")),
        (("<* A", "<* B", "<* C"), ("C", "A", "B")),
        (("<? B", "< A"), ("B", "A")),
        (("<? B", "< A"), ("A",)),
    ],
)
def test_what_must_come_came(lines, heard):
    assert tried((*BEGUN, *lines), *heard).state == "held"


@pytest.mark.parametrize(
    ("lines", "heard", "wanted", "came"),
    [
        (("< A #1",), ("A number=2",), "< A #1", "A number=2"),
        (("< A #1",), ("B", "A number=1"), "< A #1", "B"),
        (("< A x=-",), ("A x=1",), "< A x=-", "A x=1"),
        (("< A x=1",), ("A",), "< A x=1", "A"),
        (("< A x=~1",), ("A x=1",), "< A x=~1", "A x=1"),
        (("< A x=@a", "< B x=@a"), ("A x=7", "B x=8"), "< B x=@a", "B x=8"),
        (("<* A", "<* B"), ("B", "B"), "<* A", "B"),
        (("<? B", "< A"), ("B", "B", "A"), "< A", "B"),
        (("<? B", "< A", "< C"), ("A", "B", "C"), "< C", "B"),
        (("< A",), (), "< A", "nothing more"),
        (("closed",), (), "closed", "the connection stays open"),
        (("closed J",), ("A",), "closed J", "A"),
    ],
)
def test_what_came_is_told_beside_what_was_wanted(lines, heard, wanted, came):
    found = tried((*BEGUN, *lines), *heard)
    assert (found.state, found.wanted, found.came) == ("not held", wanted, came)
    assert found.sent.splitlines()[:2] == list(BEGUN)


def test_a_connection_that_is_closed_is_told():
    assert tried((*BEGUN, "< A"), end=End.CLOSED).came == "the engine closed the connection"
    assert tried((*BEGUN, "closed J"), "alive", "J", end=End.CLOSED).state == "held"


def test_a_replay_ends_where_what_is_new_begins():
    assert tried(("begin", "replayed", "< B"), "A", "A", "B", old=(0, 1)).state == "held"
    assert tried(("begin", "replayed", "< B"), "A", "B").came == "A"
    assert tried(("begin", "replayed"), "A", "NEW", "A", old=(0, 2)).came == "NEW"
    assert tried(("begin", "replayed"), "A", "alive", "A", old=(0, 2)).state == "held"


def test_what_was_heard_can_be_said():
    line = ScriptedLine("1 112=hello")
    Talk("TEST", Row("row", "clause", ("< 1 112=@asked", "> 0 112=@asked")), [line]).run()
    assert line.said == ["0 112=!hello"]


def test_what_is_not_offered_is_not_tried():
    found = tried((*BEGUN, "> M #1", "< M #1"), "J number=1", refused=("J #1", "I"))
    assert (found.state, found.why, found.breaks_a_rule) == ("not tried", "it is not offered: J number=1 came", False)


def test_where_nobody_can_log_in_nothing_is_tried():
    found = tried(BEGUN, refuses="cannot log in: rejected reason=A")
    assert (found.state, found.why) == ("not tried", "cannot log in: rejected reason=A")


@pytest.mark.parametrize(("must", "breaks"), [(True, True), (False, False)])
def test_a_row_that_may_differ_breaks_no_rule(must, breaks):
    found = Talk("TEST", Row("row", "clause", ("< A",), must=must), [ScriptedLine("B")]).run()
    assert (found.state, found.breaks_a_rule) == ("not held", breaks)
