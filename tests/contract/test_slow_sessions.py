"""An engine that tells its sessions late and its drop copy at once is slow: who trades with it waits for the session."""

from __future__ import annotations

import numpy as np
import pytest

from engines.adapters.service import Service
from harness.base.clock import MonotonicClock
from harness.base.histogram import Histogram
from harness.base.seeds import Seed
from harness.compose import folding, plugs
from harness.evidence.archive import Archive
from harness.evidence.journal import Journal
from harness.flows import first_commands
from harness.flows.poisson import PoissonFlow
from harness.instruments import Context
from harness.instruments.drive import Drive
from harness.pacing import Constant
from harness.port import EngineSetup
from tests.fakes.history import info
from tests.fakes.journaled import run_folder
from tests.fakes.judged import heard, outcome, verdict_of
from tests.fakes.slow_sessions import SlowSessions

LATE_NS = 100_000_000
COUNT, RATE_PER_S = 1_500, 1_500


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the checks of times find out of a service whose sessions are told everything 100 ms late, and the check of the channels."""
    folder = tmp_path_factory.mktemp("slow")
    engine = Service(EngineSetup(PoissonFlow().instruments()))
    slow = SlowSessions(engine._program.connect, LATE_NS / 1e9)
    engine._program.connect = slow.connect
    flow = PoissonFlow().fitted(engine.capabilities, engine.conventions)
    journal = Journal(run_folder(folder))
    context = Context(
        clock=MonotonicClock(), seed=Seed(1), flow=flow, pacing=Constant(RATE_PER_S), probes=(), stopped=lambda: False, progress=lambda _: None
    )  # fmt: skip
    engine.start()
    for account in np.unique(first_commands(flow.batches(Seed(1)), COUNT)["account"]).tolist():
        # Connected before anything is due.
        engine.session(account).close()
    try:
        assert Drive(commands=COUNT).run(engine, journal, context).status == "finished"
    finally:
        journal.close()
        engine.stop(graceful=False)
        slow.close()
    assert slow.count >= flow.accounts
    run = info(
        capabilities=engine.capabilities, conventions=engine.conventions, instruments=engine.instruments, rate_per_s=RATE_PER_S, notes=flow.notes()
    )  # fmt: skip
    chosen = folding.applying(("latency", "throughput", "generator_lag", "channels_agree", "answered_once"), run)
    live = [folding.start(name, plug, run) for name, plug in chosen.items()]
    assert folding.feed(live, Archive(folder).segments("s"), run) == ""
    return {one.name: folding.facts(one, run) for one in live}


def times(told, name):
    return Histogram.of(told["latency"].distributions[f"latency.{name}"])


@pytest.mark.parametrize("name", ["response", "service", "closed_loop"])
def test_every_answer_came_late(told, name):
    assert times(told, name).low >= LATE_NS
    assert times(told, "response").total > COUNT // 2


def test_the_drop_copy_stands_beside(told):
    """It answers every command, also those of which a session says nothing."""
    assert times(told, "drop_copy").low < LATE_NS
    assert times(told, "drop_copy").total == COUNT - _number(
        told["channels_agree"].told, "commands that the engine's wire cannot say"
    )


def test_what_only_the_drop_copy_answers_is_not_unanswered(told):
    counts = told["latency"].told
    alone, unanswered = (_number(counts, name) for name in ("answered on the drop copy alone", "unanswered"))
    assert unanswered == 0
    assert alone > 0, "cancels of orders that were gone"
    assert times(told, "response").total + alone == times(told, "drop_copy").total


def test_what_was_never_sent_is_no_part_of_it(told):
    """As of a history of one channel."""
    assert told["generator_lag"].seen == times(told, "drop_copy").total
    assert told["throughput"].seen == times(told, "drop_copy").total, (
        "what the drop copy alone answers is carried out too"
    )


def test_it_breaks_the_built_in_limit(told):
    rule = plugs.checks()["latency"]
    one = heard("latency", told["latency"], metrics=rule.metrics, needs=rule.needs)
    limits = plugs.policy(None).policy.use["matching_venue"].limits
    asked = {"latency.response": limits["latency.response"]}
    assert outcome(verdict_of(one, required=("latency",), limits=asked))[2] == "fail"


def test_nothing_else_is_found(told):
    assert [finding for facts in told.values() for finding in facts.findings] == []


def _number(told, name):
    """The count that a line of these begins with; 0 where there is no such line."""
    return int(told.get(name, "0").split()[0].replace(",", ""))
