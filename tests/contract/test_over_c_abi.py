"""A right engine behind the C ABI is clean, whichever way it uses the ABI; and it says the same whichever way that is."""

import pytest

from harness.base.bits import digest, timeless
from harness.base.records import EventKind
from harness.compose import searching
from harness.compose.plugs import EngineChoice
from harness.compose.tapes import Tape, drive
from tests.fakes.c_library import built, over_c_abi

WAYS = [("BATCH",), (), ("OWN", "BATCH"), ("THREAD",), ("TRADES_FIRST",)]
TAPES = [
    Tape("edge_cases", 10**6),
    *(Tape(name, 1_500) for name in ("poisson", "cancel_heavy", "explore", "twice", "made_up_day")),
    Tape("relations", 300),
]


def behind(*defines):
    return EngineChoice("book.toml", "c_abi", file=over_c_abi("book", *defines))


@pytest.mark.parametrize("tape", TAPES, ids=lambda tape: tape.scenario)
@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_it_is_clean(way, tape):
    done = drive(behind(*way), tape, 1)
    assert (done.findings(), done.failure) == ((), "")
    assert done.facts["legal"].seen > 100


def test_the_way_makes_no_difference():
    told = {way: drive(behind(*way), Tape("explore", 1_500), 2).events for way in WAYS}
    assert {digest(timeless(events)) for events in told.values()} == {digest(timeless(told[()]))}
    assert (told[()]["kind"] == EventKind.TRADE).sum() > 50


def test_most_hand_made_cases_can_be_said():
    facts = drive(behind(), Tape("edge_cases", 10**6), 1).facts["edge_cases"]
    unsaid = facts.told["cases that the engine's wire cannot say"].split(", ")
    assert (facts.seen, len(unsaid)) == (facts.seen, 48 - facts.seen)
    assert facts.seen >= 20


@pytest.mark.parametrize("seed", [1, 2])
def test_a_search_passes_over_what_cannot_be_said(seed):
    found = searching.search(str(built("book", "BATCH")), searching.Machines(examples=20), seed)
    assert (found.findings, found.failure) == ((), "")
    assert found.commands > 100
