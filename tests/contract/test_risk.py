"""The scenario `risk`: a right service is found right by every check, each control holds something back, and engines without controls are left out."""

from functools import cache

import numpy as np
import pytest

from harness.base.capabilities import STAGE_CONTROLS
from harness.compose import plugs
from harness.compose.tapes import Tape, drive

WHOLE = Tape("risk", 10_000)
SEEDS = (1, 2, 3)


@cache
def driven(seed):
    return drive(plugs.engine("guarded"), WHOLE, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_check_finds_anything_in_a_right_service(seed):
    done = driven(seed)
    assert done.failure == ""
    assert [(finding.check, finding.kind, finding.expected, finding.got) for finding in done.findings()] == []
    assert {name: facts.unknown for name, facts in done.facts.items() if facts.unknown} == {}


@pytest.mark.parametrize("seed", SEEDS)
def test_each_control_held_something_back(seed):
    facts = driven(seed).facts
    idle = [
        mark
        for name in ("risk_limits", "kill_switch", "breaker")
        for mark, count in facts[name].marks.items()
        if not count
    ]
    assert idle == []
    held_back = {mark.removesuffix(" held back") for mark in facts["risk_limits"].marks}
    assert {*STAGE_CONTROLS} - held_back == {"breaker", "limit_change"}


def test_the_book_behind_the_controls_is_compared_and_every_taken_command_is_judged_by_the_model():
    done = driven(1)
    assert done.facts["state_digest"].seen >= 10
    taken = len(np.unique(done.events["command"][done.events["kind"] == 1]))
    assert done.facts["model"].seen > taken


@pytest.mark.parametrize("name", ["plain", "reference"])
def test_an_engine_without_controls_is_left_out(name):
    assert drive(plugs.engine(name), WHOLE, 1) is None
