"""What a relation changed is held against the history, command by command, and only where both are whole."""

from __future__ import annotations

import numpy as np
import pytest

from harness.base.records import EVENT, EventKind, Events, empty_commands
from harness.checks.metamorphic import CHECK
from harness.evidence.fold import RepeatMark, RunInfo, Segment
from harness.evidence.repeats import left_out, related_marks
from tests.fakes.history import folded, info, segments

COUNT = 100
COMMANDS = empty_commands(COUNT)
COMMANDS["number"] = np.arange(1, COUNT + 1)


def history() -> Events:
    """Three events a command, of which the last comes one command late; all over, the number of the event counts on."""
    events = np.zeros(3 * COUNT, EVENT)
    events["command"] = np.repeat(np.arange(1, COUNT + 1), 3)
    events["kind"], events["qty"] = EventKind.TRADE, np.arange(3 * COUNT)
    places = np.arange(3 * COUNT, dtype=np.int64)
    places[2::3] += 4
    late = events[np.argsort(places, kind="stable")]
    late["engine_seq"] = np.arange(1, 3 * COUNT + 1)
    return late


def in_order() -> Events:
    """The same, each command answered before the next."""
    events = history()[np.argsort(history()["command"], kind="stable")]
    events["engine_seq"] = np.arange(1, 3 * COUNT + 1)
    return events


def marks(events: Events, relation: str = "mirror") -> tuple[RepeatMark, ...]:
    return tuple(related_marks(events, COUNT, relation, 1))


def facts_of(run: RunInfo, events: Events, **cut: int):
    return folded(CHECK.start(run), segments(COMMANDS, events, **cut))


@pytest.mark.parametrize(("size", "late"), [(1000, 0), (16, 0), (7, 0), (1, 3)])
def test_equal_answers_agree_in_whatever_order_the_commands_were_answered(size, late):
    run = info(repeats=(*marks(in_order()), *marks(history(), "shift")))
    facts = facts_of(run, history(), size=size, late=late)
    assert (facts.findings, facts.unknown, facts.seen) == ((), "", 2 * COUNT)
    assert facts.told == {"relations held": "mirror, shift"}


def test_a_finding_names_the_relation_and_the_commands():
    odd = in_order()
    odd["qty"][odd["command"] == 40] += 1
    odd["qty"][odd["command"] == 90] += 1
    (finding,) = facts_of(info(repeats=(*marks(odd, "scale"), *marks(in_order()))), history()).findings
    assert (finding.check, finding.kind, finding.first_command, finding.count) == ("metamorphic", "scale", 33, 2)
    assert "the relation scale" in finding.title
    assert finding.expected.startswith("commands 33 to 48, changed by scale, ")


def test_each_relation_has_a_finding_of_its_own():
    found = facts_of(info(repeats=(*marks(in_order()[3:], "extra"), *marks(in_order()[:-1]))), history()).findings
    assert {(one.kind, one.first_command) for one in found} == {("extra", 1), ("mirror", 97)}


def test_the_order_of_the_events_of_one_command_counts():
    odd = in_order()
    odd[[3, 4]] = odd[[4, 3]]
    assert len(facts_of(info(repeats=marks(odd)), history()).findings) == 1


def test_a_command_that_was_never_answered_in_one_of_the_two_counts():
    silent = history()
    silent = silent[(silent["command"] < 17) | (silent["command"] > 32)]
    assert facts_of(info(repeats=marks(in_order())), silent).findings[0].first_command == 17
    assert facts_of(info(repeats=marks(silent)), silent).findings == ()


def test_what_was_left_out_is_told_with_the_reason():
    run = info(repeats=(left_out("scale", "no room"), *marks(in_order())))
    assert facts_of(run, history()).told == {"the relation scale was left out": "no room", "relations held": "mirror"}


def test_where_nothing_could_be_changed_nothing_is_known():
    facts = facts_of(info(repeats=(left_out("scale", "no room"),)), history())
    assert (facts.seen, facts.unknown) == (0, "no relation could change the commands")
    assert facts.told == {"the relation scale was left out": "no room"}


def test_further_runs_of_the_same_commands_are_none_of_its_business():
    plain = RepeatMark(repeat=2, first=1, count=16, digest="other")
    facts = facts_of(info(repeats=(plain, *marks(in_order()))), history())
    assert (facts.findings, facts.seen) == ((), COUNT)


@pytest.mark.parametrize("run", [{"failure": "killed"}, {"interrupted": True}])
def test_a_block_that_was_cut_short_is_not_compared(run):
    torn = history()[:-20]
    assert facts_of(info(repeats=marks(in_order()), **run), torn).findings == ()
    assert facts_of(info(repeats=marks(in_order())), torn).findings != ()


def test_events_without_numbers_are_unknown():
    nameless = history()
    nameless["command"] = 0
    facts = folded(CHECK.start(info(repeats=marks(in_order()))), [Segment(COMMANDS, nameless)])
    assert (facts.seen, facts.unknown) == (0, "no event carries the number of its command")


def test_facts_may_be_asked_more_than_once():
    fold = CHECK.start(info(repeats=marks(in_order())))
    for segment in segments(COMMANDS, history(), size=10):
        fold.add(segment)
    assert fold.facts() == fold.facts()
