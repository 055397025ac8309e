"""Runs are compared block by block, and only where both are whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from harness.base.bits import digest, timeless
from harness.base.records import EVENT, Commands, Events, empty_commands
from harness.checks.determinism import CHECK
from harness.evidence.fold import RepeatMark, RunInfo, Segment
from tests.fakes.history import folded, info, segments

COUNT, BLOCK = 100, 16
COMMANDS = empty_commands(COUNT)
COMMANDS["number"] = np.arange(1, COUNT + 1)


def history() -> Events:
    """Three events a command, of which the last comes one command late."""
    events = np.zeros(3 * COUNT, EVENT)
    events["command"] = np.repeat(np.arange(1, COUNT + 1), 3)
    events["qty"] = np.arange(3 * COUNT)
    events["received_ns"] = np.arange(3 * COUNT)
    places = np.arange(3 * COUNT, dtype=np.int64)
    places[2::3] += 4
    return events[np.argsort(places, kind="stable")]


def marks(events: Events, repeat: int = 2, count: int = COUNT) -> tuple[RepeatMark, ...]:
    """What a further run that gave these events leaves."""
    found = []
    for first in range(1, count + 1, BLOCK):
        last = min(first + BLOCK - 1, count)
        part = events[(events["command"] >= first) & (events["command"] <= last)]
        found.append(RepeatMark(repeat=repeat, first=first, count=last - first + 1, digest=digest(timeless(part))))
    return tuple(found)


def facts_of(run: RunInfo, events: Events, commands: Commands = COMMANDS, **cut: Any):
    return folded(CHECK.start(run), segments(commands, events, **cut))


@pytest.mark.parametrize(("size", "late"), [(1000, 0), (16, 0), (7, 0), (1, 3)])
def test_two_equal_runs_agree_whatever_their_times(size, late):
    again = history()
    again["received_ns"] += 12_345
    facts = facts_of(info(repeats=marks(again)), history(), size=size, late=late)
    assert facts.findings == ()
    assert facts.seen == COUNT
    assert facts.told == {"runs compared with the first": "1"}


def test_the_first_block_that_differs_is_named():
    again = history()
    again["qty"][again["command"] == 40] += 1
    again["qty"][again["command"] == 90] += 1
    (finding,) = facts_of(info(repeats=marks(again)), history()).findings
    assert (finding.kind, finding.first_command, finding.count) == ("differs", 33, 2)
    assert finding.expected == "run 2 answers commands 33 to 48 as the first run did"


def test_the_order_inside_a_block_counts():
    again = history()
    again[[4, 5]] = again[[5, 4]]
    assert len(facts_of(info(repeats=marks(again)), history()).findings) == 1


def test_an_event_that_is_missing_counts():
    assert len(facts_of(info(repeats=marks(history()[:-1])), history()).findings) == 1


def test_each_run_is_compared():
    odd = history()
    odd["remaining"] = 1
    repeats = (*marks(history(), 2), *marks(odd, 3), *marks(history(), 4))
    facts = facts_of(info(repeats=repeats), history())
    assert facts.findings[0].expected.startswith("run 3 ")
    assert facts.seen == 3 * COUNT
    assert facts.told == {"runs compared with the first": "3"}


def test_runs_of_unequal_length_are_compared_as_far_as_both_go():
    whole, cut_short = marks(history(), 2), marks(history(), 3, count=41)
    assert facts_of(info(repeats=(*whole, *cut_short)), history()).findings == ()
    half = history()
    half = half[half["command"] <= 50]
    facts = facts_of(info(repeats=whole), half, COMMANDS[:50])
    assert facts.findings == ()
    assert facts.seen == 48


@pytest.mark.parametrize("run", [{"failure": "killed"}, {"interrupted": True}])
def test_a_block_that_was_cut_short_is_not_compared(run):
    torn = history()[:-20]
    assert facts_of(info(repeats=marks(history()), **run), torn).findings == ()
    assert facts_of(info(repeats=marks(history())), torn).findings != ()


def test_one_run_is_unknown():
    facts = facts_of(info(), history())
    assert (facts.seen, facts.unknown) == (0, "the flow was run only once")


def test_events_without_numbers_are_unknown():
    nameless = history()
    nameless["command"] = 0
    facts = folded(CHECK.start(info(repeats=marks(nameless))), [Segment(COMMANDS, nameless)])
    assert (facts.seen, facts.unknown) == (0, "no event carries the number of its command")


def test_what_a_relation_changed_is_not_held_against_the_first_run():
    odd = history()
    odd["qty"] += 1
    strange = tuple(
        RepeatMark(relation="scale", repeat=1, first=m.first, count=m.count, digest=m.digest) for m in marks(odd)
    )
    facts = facts_of(info(repeats=(*marks(history()), *strange)), history())
    assert (facts.findings, facts.seen) == ((), COUNT)
    assert facts_of(info(repeats=strange), history()).unknown == "the flow was run only once"
