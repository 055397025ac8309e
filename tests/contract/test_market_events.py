"""Market events as users drive them: no check accuses a right engine, and each event shows defects of the kind that it is about."""

from itertools import product

import pytest

from harness.base.discover import load
from harness.compose import plugs
from harness.compose.plugs import EngineChoice
from harness.compose.tapes import Tape, drive

SHOWS = {
    "cancel_storm": ("mass_cancel_misses_one", "stale_cancel_acknowledged", "slots_leak_on_cancel"),
    "duplicate_storm": ("duplicate_id_accepted", "cancel_acknowledged_twice"),
    "quote_stuffing": ("slots_leak_on_cancel", "fifo_lost_on_cancel"),
    "halt_and_reopening": ("halt_lets_orders_in",),
    "price_limit_move": ("collar_one_sided", "band_drops_orders"),
    "flash_crash": ("sweep_skips_a_level", "market_remainder_rests"),
    "volume_spike": ("exhaustion_drops_in_silence", "fifo_lost_on_partial_fill"),
}
"""Specimens that a cycle of each event shows."""


def cycle(scenario):
    """As many commands as all stages of the event take, once."""
    return sum(stage.commands for stage in plugs.scenario(scenario).flow.stages)


@pytest.mark.parametrize(
    ("scenario", "engine"),
    [*product(SHOWS, ("plain", "reference")), ("halt_and_reopening", "guarded")],
)
def test_no_check_accuses_a_right_engine(scenario, engine):
    done = drive(plugs.engine(engine), Tape(scenario, cycle(scenario)), seed=1)
    assert len(done.commands) == cycle(scenario)
    assert [(finding.check, finding.title, finding.got) for finding in done.findings()] == []
    assert {name: facts.unknown for name, facts in done.facts.items() if facts.unknown} == {}
    assert {"model", "legal", "reject_cause", "price_time", "state_digest"} <= set(done.facts)


@pytest.mark.parametrize(
    ("scenario", "name"), [(scenario, name) for scenario, names in SHOWS.items() for name in names]
)
def test_it_shows_a_defect_of_its_kind(scenario, name):
    specimen = load("engines.specimens", name, "SPECIMEN")
    choice = EngineChoice(name, specimen.base, specimen.build)
    done = drive(choice, Tape(scenario, cycle(scenario), specimen.caught_by), seed=1)
    assert {finding.check for finding in done.findings()} & set(specimen.caught_by)


@pytest.mark.parametrize("scenario", SHOWS)
def test_a_run_of_it_is_whole_cycles(scenario):
    """Else it would end in the middle of an event."""
    assert plugs.scenario(scenario).instrument.commands % cycle(scenario) == 0
