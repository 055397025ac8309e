"""Every check that may work beside a run finds out the same there as afterwards, however often it is asked on the way."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from engines.adapters.plain import ENGINE
from harness.base.ending import FILL, Ending
from harness.base.seeds import Seed
from harness.compose import plugs
from harness.evidence.fold import KNOWN_LATE
from harness.flows.poisson import PoissonFlow
from harness.port import EngineSetup
from tests.fakes.history import folded, info, segments
from tests.fakes.machines import MACHINE, quiet

CHECKS = {name: plug for name, plug in plugs.checks().items() if not {*plug.needs} & {*KNOWN_LATE}}
FLOW = PoissonFlow()
KEPT = np.array([(1, 100, 5)], FILL)


@pytest.fixture(scope="module")
def driven():
    """Commands with their times, and answers of which the last are lost in the middle of a command's."""
    engine = ENGINE(EngineSetup(FLOW.instruments(), None, None))
    engine.start()
    commands = np.concatenate(list(islice(FLOW.fitted(engine.capabilities, engine.conventions).batches(Seed(3)), 1)))
    commands["number"] = np.arange(1, len(commands) + 1)
    commands["due_ns"] = commands["sent_ns"] = commands["number"] * 1_000_000
    engine.session(1).send(commands)
    events = engine.poll(0)
    events["received_ns"] = events["command"] * 1_000_000 + 500
    trades = np.flatnonzero(events["kind"] == 5)
    return engine, commands, events[: trades[-2]]


@pytest.mark.parametrize(
    "end",
    [
        {},
        {"failure": "KeyError: 7"},
        {"interrupted": True},
        {"ending": Ending(wrong="exit code 1", verified=True, fills=1), "kept": lambda: KEPT},
        {"host": quiet(steal=0.1), "others_cpu": 0.5, "idle_cpu": 0.1},
    ],
    ids=["whole", "died", "stopped", "ended badly", "on a busy machine"],
)
@pytest.mark.parametrize("name", CHECKS)
def test_a_fold_that_knows_the_end_late_finds_out_the_same(driven, name, end):
    engine, commands, events = driven
    history = segments(commands, events, size=500)

    def run(**more):
        return info(
            capabilities=engine.capabilities, conventions=engine.conventions, instruments=FLOW.instruments(),
            notes=FLOW.notes(), rate_per_s=1_000.0, machine=MACHINE, **more,
        )  # fmt: skip

    wanted = folded(CHECKS[name].start(run(**end)), history)
    beside = run(started=False)
    fold = CHECKS[name].start(beside)
    for segment in history:
        fold.add(segment)
        fold.facts()
    beside.end(run(**end))
    assert fold.facts() == wanted


def test_a_check_that_compares_with_what_is_known_late_is_not_among_them():
    assert {"determinism", "edge_cases", "state_digest"} & CHECKS.keys() == set()
    assert {"answered_once", "model", "latency"} <= CHECKS.keys()
