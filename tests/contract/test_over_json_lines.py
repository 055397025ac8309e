"""A right engine behind JSON lines is clean: no check finds anything, none is unknown for it that is not in process, and it says the same."""

import pytest

from harness.base.bits import digest, timeless
from harness.compose import plugs
from harness.compose.plugs import EngineChoice
from harness.compose.tapes import Tape, drive
from tests.fakes.described import described, example

WAYS = ["jsonl", "jsonl over TCP"]
TAPES = [
    *(Tape(name, 10**6) for name in plugs.profiles()["quick"] if name.startswith("edge_cases")),
    *(Tape(name, 1_500) for name in ("poisson", "cancel_heavy", "explore", "twice", "made_up_day")),
    Tape("relations", 300),
]


def behind(way):
    return EngineChoice("example.toml", "jsonl", file=described(way))


@pytest.mark.parametrize("tape", TAPES, ids=lambda tape: tape.scenario)
@pytest.mark.parametrize("way", WAYS)
def test_it_is_clean_and_says_what_the_engine_says_in_process(way, tape):
    done, inside = drive(behind(way), tape, 1), drive(plugs.engine("plain"), tape, 1)
    assert (done.findings(), done.failure) == ((), "")
    assert digest(timeless(done.events)) == digest(timeless(inside.events))
    unknown = {name for name, facts in done.facts.items() if facts.unknown}
    assert unknown == {name for name, facts in inside.facts.items() if facts.unknown}
    assert {name: facts.seen for name, facts in done.facts.items()} == {name: facts.seen for name, facts in inside.facts.items()}  # fmt: skip


def test_an_engine_with_instruments_of_its_own_is_not_held_to_scenarios_about_others():
    own = EngineChoice("own.toml", "jsonl", file=example(instrument=[{"id": 7, "symbol": "OWN"}]))
    assert drive(own, Tape("poisson", 10), 1) is None
