"""The check `legal` passes a right engine, and tells in words the first event that may not come."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from harness.base.capabilities import Conventions
from harness.base.records import NONE, EventKind
from harness.checks.legal import CHECK
from tests.fakes.every_term import FREE, every_term
from tests.fakes.history import ALL, folded, info, segments
from tests.fakes.lines import commands
from tests.fakes.verified import answers, at, lacks

LINES = "S 100x5 #1; S 100x5 #2 a2; B 100x7 #3 a3; cancel #2 x1 a2; cancel #77; B 99x5 #5 ioc; B 90x1 #6"
"""5 and 6 are the trades, 7 and 8 the answers to the cancels."""


def facts(events, lines=LINES, **run):
    return folded(CHECK.start(info(instruments=FREE, **run)), segments(commands(lines), events))


def test_a_right_engine_passes():
    asked, conventions = every_term(600, 5), Conventions(self_trade="decrement")
    events = answers(asked, conventions)
    found = folded(CHECK.start(info(instruments=FREE, conventions=conventions)), segments(asked, events, 50, 1))
    assert (found.seen, found.findings, found.unknown, found.told) == (len(events), (), "", {})
    kinds = [event.kind for event in events]
    refusals = (EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)
    assert found.marks == {
        "trades": kinds.count(EventKind.TRADE), "cancels": kinds.count(EventKind.CANCELED), "triggered": kinds.count(EventKind.TRIGGERED),
        "refused": sum(kind in refusals for kind in kinds),
    }  # fmt: skip


def test_what_came_and_what_had_to_are_told_with_the_state():
    found = facts(at(5, maker=2)(answers(commands(LINES))))
    (finding,) = found.findings
    assert (finding.kind, finding.severity, finding.first_command, finding.count) == ("wrong_maker", "critical", 3, 1)
    assert finding.title == "an order traded with another one than the first of the best price"
    assert finding.got == "new buy 100 x 7 #3 (account 3, instrument 1):\ntrade #3 with #2 at 100 x 5, 2 left"
    assert finding.expected == (
        "new buy 100 x 7 #3 (account 3, instrument 1):\ntrade #3 with #1 at 100 x 5, 2 left\n"
        "(#3 comes in with 7 open; #1 rests at 100 with 5 open; #2 rests at 100 with 5 open; no bid; best offer 100, in front #1 with 5 open)"
    )
    assert finding.orders == (3, 1, 2)
    assert found.told == {"not judged further": "on instrument 1 after command 3"}


@pytest.mark.parametrize(
    ("field", "value", "said"), [("account", 77, "account 77"), ("side", 1, "side 1"), ("role", 2, "role 2")]
)
def test_what_is_no_part_of_the_words_is_told_beside_them(field, value, said):
    (finding,) = facts(at(5, **{field: value})(answers(commands(LINES)))).findings
    assert (said in finding.got, said in finding.expected) == (True, False)


def test_a_new_id_that_was_not_told_is_named():
    lines = "S 100x5 #1; replace #1 #1 101x5"
    (finding,) = facts(at(2, new_order=0)(answers(commands(lines))), lines).findings
    assert finding.expected.splitlines()[1].endswith("instrument 1, new id 1")
    assert finding.got.endswith("instrument 1")


def test_what_is_missing_or_answers_nothing():
    (finding,) = facts(lacks(8)(answers(commands(LINES)))).findings
    assert (finding.kind, finding.got) == ("unanswered", "cancel #77 (account 1, instrument 1):\nnothing")
    (finding,) = facts(at(8, command=99)(answers(commands(LINES)))).findings
    assert (finding.kind, finding.first_command, finding.expected.split("\n")[0]) == ("out_of_place", 99, "nothing")


def test_the_last_answer_may_lack_its_end_where_the_run_was_cut_short():
    events = answers(commands(LINES))
    for cut in range(len(events)):
        assert facts(events[:cut], interrupted=True).findings == ()
    assert [finding.kind for finding in facts(events[:-1]).findings] == ["left_unfinished"]


def test_facts_may_be_asked_for_more_than_once():
    fold = CHECK.start(info(instruments=FREE))
    for segment in segments(commands(LINES), answers(commands(LINES))[:-1]):
        fold.add(segment)
    assert fold.facts() == fold.facts()


@pytest.mark.parametrize(
    ("run", "change", "unknown"),
    [
        ({}, {"command": 0}, "the engine does not say which command 1 of its events answer"),
        ({"capabilities": ALL.__class__(commands=("new", "phase"))}, {}, "there are no rules here for phase"),
    ],
)
def test_what_it_cannot_judge_is_unknown(run, change, unknown):
    found = facts(at(0, **change)(answers(commands(LINES))), **run)
    assert (found.unknown, found.findings) == (unknown, ())


def test_who_only_looks_at_the_check_does_not_wait_for_numba():
    program = "import sys, harness.checks.legal; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_fields_that_are_not_carried_are_not_compared():
    poor = [event._replace(remaining=NONE) for event in answers(commands(LINES))]
    lean = msgspec.structs.replace(ALL, carries=tuple(name for name in ALL.carries if name != "remaining"))
    assert facts(poor, capabilities=lean).findings == ()
    assert facts(poor).findings != ()
