"""The proof that the checks can see: what is caught, by whom, where, and what is told of the rest."""

from dataclasses import replace

import pytest

from engines.plain.engine import PlainEngine
from harness.base import discover
from harness.base.errors import SetupError
from harness.compose import plugs, proving
from harness.compose.proving import clean, detect
from harness.compose.tapes import Tape, drive

TAKER_PRICE = discover.load(plugs.SPECIMENS, "taker_price", "SPECIMEN")
FEW = tuple(Tape(name, 300) for name in ("edge_cases_decrement", "cancel_heavy"))


@pytest.fixture
def few(monkeypatch):
    """Short tapes: what they cannot see is missed soon."""
    monkeypatch.setattr(proving, "tapes", lambda *_: iter(FEW))


def test_a_specimen_is_caught_by_a_check_that_is_meant_to_at_a_command_of_its_flow():
    found = detect("taker_price", TAKER_PRICE, 1)
    assert (found.state, found.expected, found.why) == ("caught", ("trade_price",), "")
    assert "trade_price" in found.caught_by
    assert found.scenario == "edge_cases"
    assert 0 < found.commands < 700


@pytest.mark.parametrize("name", ["taker_price", "depth_before_fills", "dies_of_a_stale_cancel"])
def test_a_few_commands_are_enough_to_show_it(name):
    found = detect(name, discover.load(plugs.SPECIMENS, name, "SPECIMEN"), 1, shrinks=True)
    assert 0 < found.shrunk.commands <= 8 < found.commands
    assert found.shrunk.tries > 1


def test_where_only_others_see_it_it_is_misnamed(few):
    found = detect("taker_price", replace(TAKER_PRICE, caught_by=("determinism",)), 1)
    assert found.state == "misnamed"
    assert "trade_price" in found.caught_by
    assert found.why.endswith("saw it; wanted determinism")


def test_what_nobody_sees_is_missed_after_all_tapes(few):
    found = detect("healthy", replace(TAKER_PRICE, build=PlainEngine), 1)
    assert (found.state, found.caught_by, found.why) == ("missed", (), "no check that was asked saw it")
    assert found.commands == 600


@pytest.mark.parametrize("lengths", [(10**6,), (10**6, 10**7), (10**6, 10**7, 10**8)])
def test_a_flow_that_is_over_is_not_driven_again_by_a_longer_tape(monkeypatch, lengths):
    monkeypatch.setattr(proving, "tapes", lambda *_: (Tape("edge_cases", length) for length in lengths))
    found = detect("healthy", replace(TAKER_PRICE, build=PlainEngine), 1)
    assert found.state == "missed"
    assert found.commands == len(drive(plugs.engine("plain"), Tape("edge_cases", 10**6, ("alive",)), 1).commands)


def test_an_engine_that_cannot_be_built_is_not_run(few):
    found = detect("x", replace(TAKER_PRICE, base="nowhere"), 1)
    assert (found.state, found.commands) == ("not_run", 0)
    assert "nowhere" in found.why


def test_healthy_engines_are_driven_with_flows_that_draw_from_the_seed():
    found = clean("plain", range(7, 9))
    assert (found.seeds, found.commands, found.findings, found.first) == (2, 4_000, 0, "")


def test_of_an_engine_that_is_not_healthy_the_first_finding_is_told():
    found = clean("taker_price", range(1))
    assert found.findings > 0
    assert ": " in found.first


def test_a_strange_name_is_told_with_the_known_ones():
    with pytest.raises(SetupError, match=r"no specimen 'nobody'; there are: .*taker_price"):
        proving.prove(("nobody",), 1, 0, lambda _: None)


def test_the_matrix_is_told_in_the_order_of_the_names_with_all_healthy_engines():
    told = []
    found = proving.prove(("taker_price", "match_number_twice"), 1, 2, told.append)
    assert [one.name for one in found.specimens] == ["taker_price", "match_number_twice"]
    assert [(one.name, one.seeds) for one in found.healthy] == [(name, 2) for name in ("guarded", "plain", "reference")]
    assert found.exit_code() == 0
    assert len(told) == 2 + len(found.healthy)
