"""Tapes: which flows are driven how far, in which order."""

import pytest

from harness.base.records import CommandKind
from harness.compose import plugs
from harness.compose.tapes import CONTROLLED, LONG, SHORT, Tape, drive, drive_seeded, seeded, tapes


def test_the_tapes_get_longer():
    lengths = [tape.length for tape in tapes()]
    assert lengths == sorted(lengths)
    assert set(lengths) == {SHORT, LONG}
    assert list(tapes(SHORT)) == list(tapes())


def test_a_tape_that_is_shorter_than_the_defect_needs_is_left_out():
    assert {tape.length for tape in tapes(SHORT + 1)} == {LONG}


def test_a_defect_that_needs_more_has_a_tape_of_its_own_for_the_checks_that_are_meant_to_see_it():
    assert list(tapes(1_000_000, ("numbering",))) == [Tape("poisson", 1_100_000, ("numbering",), looks=1)]


def test_each_flow_that_draws_from_a_seed_has_its_turn():
    names = {seeded(seed).scenario for seed in range(20)}
    assert {"poisson", "cancel_heavy", "twice", CONTROLLED} <= names
    assert not any(name.startswith(("edge_cases", "made_up_day")) for name in names)
    assert seeded(3, 77) == Tape(seeded(3).scenario, 77)


@pytest.mark.parametrize("engine", ["plain", "guarded"])
def test_every_seed_gives_every_engine_a_whole_tape_of_a_flow_about_what_it_does(engine):
    turns = range(len({seeded(seed).scenario for seed in range(20)}))
    driven = [drive_seeded(plugs.engine(engine), seed) for seed in turns]
    assert {len(done.commands) for _, done in driven} == {SHORT}
    assert (CONTROLLED in {tape.scenario for tape, _ in driven}) is (engine == "guarded")


def test_a_tape_is_the_start_of_the_flow_and_its_seed_tells_which():
    short, long, other = (
        drive(plugs.engine("plain"), Tape("poisson", length, ("alive",)), seed)
        for length, seed in ((50, 1), (90, 1), (50, 2))
    )
    assert len(short.commands) == 50
    assert (short.commands["order"] == long.commands["order"][:50]).all()
    assert (short.commands["price"] != other.commands["price"]).any()


def test_the_book_is_asked_as_often_as_the_tape_says():
    done = drive(plugs.engine("plain"), Tape("poisson", 60, ("state_digest",), looks=3), 1)
    assert done.facts["state_digest"].seen == 3


def test_a_flow_that_ends_gives_all_it_has_with_its_notes():
    done = drive(plugs.engine("plain"), Tape("edge_cases", 10**9, ("edge_cases",)), 1)
    assert len(done.notes.cases) == done.facts["edge_cases"].seen > 40
    assert CommandKind.MASS_CANCEL in done.commands["kind"]


def test_an_engine_of_other_conventions_is_not_driven(tmp_path):
    assert drive(plugs.engine("plain"), Tape("edge_cases_decrement", 10, ()), 1) is not None


def test_the_flow_about_controls_comes_first_and_is_driven_where_there_are_some():
    first = next(tapes())
    assert first == Tape(CONTROLLED, SHORT)
    assert drive(plugs.engine("plain"), Tape(CONTROLLED, 50, ("alive",)), 1) is None
    assert len(drive(plugs.engine("guarded"), Tape(CONTROLLED, 50, ("alive",)), 1).commands) == 50
