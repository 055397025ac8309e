"""A right engine that is a Python object is clean, however it is called, and says what it says inside gonogo."""

import pytest

from harness.base.bits import digest, timeless
from harness.compose import plugs
from harness.compose.plugs import EngineChoice
from harness.compose.tapes import Tape, drive
from tests.fakes.described import as_object

WAYS = ["Batches", "Single", "InWords"]
"""With whole arrays, once a command, and without types of gonogo."""
TAPES = [Tape("edge_cases", 10**6), *(Tape(name, 1_500) for name in ("explore", "twice")), Tape("relations", 300)]


@pytest.mark.parametrize("tape", TAPES, ids=lambda tape: tape.scenario)
@pytest.mark.parametrize("way", WAYS)
def test_it_is_clean_and_says_what_the_engine_says_in_process(way, tape):
    behind = EngineChoice("object.toml", "python", file=as_object(way))
    done, inside = drive(behind, tape, 1), drive(plugs.engine("plain"), tape, 1)
    assert (done.findings(), done.failure) == ((), "")
    assert digest(timeless(done.events)) == digest(timeless(inside.events))
    assert {name: facts.seen for name, facts in done.facts.items()} == {name: facts.seen for name, facts in inside.facts.items()}  # fmt: skip
