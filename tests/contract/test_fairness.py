"""Quote stuffing against engines that serve in turn and others that do not: the built-in limit tells them apart."""

from __future__ import annotations

import pytest

from harness.base.clock import MonotonicClock
from harness.base.seeds import Seed
from harness.checks.fairness import CHECK
from harness.compose import plugs
from harness.evidence.archive import Archive
from harness.evidence.journal import Journal
from harness.flows._staged import STUFFER
from harness.flows.quote_stuffing import FLOW
from harness.instruments import Context
from harness.instruments.drive import Drive
from harness.pacing import PoissonArrivals
from tests.fakes.history import folded, info
from tests.fakes.journaled import run_folder
from tests.fakes.judged import heard, outcome, verdict_of
from tests.fakes.queued import driven

CYCLE = 22_000
RATE_PER_S = 12_500
BUSY_NS = 76_000
"""What a command takes an engine that is busy for 95 % of the time: some twenty wait for it on average."""
MS = 1_000_000


def judged(history):
    """The verdict of the check by the built-in limit, why, and what it told."""
    facts = folded(CHECK.start(info(rate_per_s=RATE_PER_S, notes=FLOW().notes())), history)
    limits = plugs.policy(None).policy.use["matching_venue"].limits
    one = heard("fairness", facts, metrics=CHECK.metrics, marks=CHECK.marks, least=CHECK.least, needs=CHECK.needs)
    asked = {name: texts for name, texts in limits.items() if name.startswith("fairness.")}
    return *outcome(verdict_of(one, required=("fairness",), limits=asked))[2:], facts.told["served worst"]


def served(tmp_path, cycles, **manner):
    """What becomes of some cycles of quote stuffing."""
    drive, pacing = Drive(commands=cycles * CYCLE), PoissonArrivals(RATE_PER_S)
    return judged(driven(tmp_path, drive, FLOW(), pacing, serve_ns=BUSY_NS, **manner))


def test_an_engine_that_serves_in_turn_is_fair_however_busy_it_is(tmp_path):
    assert served(tmp_path, 5)[:2] == ("pass", "")


@pytest.mark.parametrize(
    "manner",
    [{"first": {STUFFER}}, {"starved": {3}, "starve_ns": 20 * MS}, {"starved": {4, 11}, "starve_ns": 50 * MS}],
    ids=["the flood before all others", "one account starved", "two starved"],
)
def test_an_engine_that_lets_some_wait_for_others_is_not(tmp_path, manner):
    verdict, why, worst = served(tmp_path, 2, **manner)
    assert (verdict, why) == ("fail", "fairness.worst_account breaks <3")
    starved = manner.get("starved")
    assert not starved or int(worst.split()[1].strip(",")) in starved


def test_an_engine_that_serves_the_others_before_the_flood_is_fair(tmp_path):
    assert served(tmp_path, 2, first=range(1, STUFFER))[:2] == ("pass", "")


def test_the_reference_engine_passes(tmp_path):
    engine = plugs.engine("reference").engine(FLOW().instruments(), None)
    flow = FLOW().fitted(engine.capabilities, engine.conventions)
    journal = Journal(run_folder(tmp_path))
    engine.start()
    context = Context(
        clock=MonotonicClock(), seed=Seed(1), flow=flow, pacing=PoissonArrivals(4 * RATE_PER_S, Seed(1)), probes=(),
        stopped=lambda: False, progress=lambda _: None,
    )  # fmt: skip
    Drive(commands=6 * CYCLE).run(engine, journal, context)
    journal.close()
    engine.stop(graceful=True)
    assert judged(Archive(tmp_path).segments("s"))[:2] == ("pass", "")
