"""Every specimen is really broken: on ordinary flow it parts from the healthy engine, or from itself when built again."""

from functools import cache

import msgspec
import numpy as np
import pytest

from engines.plain.engine import PlainEngine
from engines.reference.engine import ReferenceEngine
from harness.base.bits import digest, timeless
from harness.base.capabilities import Conventions
from harness.base.discover import about, load, names
from harness.base.errors import EngineDiedError
from harness.base.records import commands_of
from harness.base.seeds import Seed
from harness.compose.proving import detect
from harness.flows.cancel_heavy import CancelHeavyFlow
from harness.flows.cases import CasesFlow
from harness.port import EngineSetup
from tests.fakes.every_term import LIMITED, every_term
from tests.fakes.mixed_flow import INSTRUMENTS, mixed_flow

PACKAGE = "engines.specimens"
CONVENTIONS = Conventions(self_trade="cancel_newest")
FLOW = mixed_flow(seed=20, count=5_000)
FAR_TICKS = 2**40
FAR_INSTRUMENTS = tuple(msgspec.structs.replace(one, price_max=one.price_max + FAR_TICKS) for one in INSTRUMENTS)
FAR = FLOW.copy()
FAR["price"] += FAR_TICKS
RUNS = (
    (INSTRUMENTS, FLOW),
    (LIMITED, commands_of(every_term(5_000, seed=20))),
    (CasesFlow().instruments(), np.concatenate(list(CasesFlow().batches(Seed(1))))),
    (CancelHeavyFlow().instruments(), next(CancelHeavyFlow().batches(Seed(1)))),
    (FAR_INSTRUMENTS, FAR),
)
"""Ordinary traffic; one with stops, minimum quantities and limits, on few prices; hand-made cases, with prices and values beyond 32
bits; long queues of which much is replaced; and the ordinary traffic once more, at prices of many digits."""

HEALTHY = {"plain": PlainEngine, "reference": ReferenceEngine}
"""The engines that specimens break, by their adapters."""

LONGEST = max(len(flow) for _, flow in RUNS)

every_specimen = pytest.mark.parametrize("name", names(PACKAGE))
specimens_in_reach = pytest.mark.parametrize(
    "name", [name for name in names(PACKAGE) if load(PACKAGE, name, "SPECIMEN").least_commands <= LONGEST]
)
"""Without those that take more commands than the runs have: `gonogo specimens` drives them as long as they need."""


@cache
def healthy(run):
    """What comes of a run by right."""
    return outcome(None, run)


def outcome(build, run):
    """The digests of all that the engine said and of its last book, or what it died of."""
    instruments, flow = RUNS[run]
    engine = load("engines.adapters", "plain", "ENGINE")(EngineSetup(instruments, CONVENTIONS, build))
    engine.start()
    session = engine.session(1)
    try:
        for at in range(0, len(flow), 256):
            session.send(flow[at : at + 256])
    except EngineDiedError as death:
        return str(death)
    return digest(timeless(engine.poll(0))), digest(engine.snapshot().rows)


@pytest.mark.parametrize("run", range(len(RUNS)))
def test_the_healthy_engine_repeats_itself(run):
    assert outcome(PlainEngine, run) == healthy(run)


@every_specimen
def test_it_says_what_is_wrong_with_it(name):
    specimen = load(PACKAGE, name, "SPECIMEN")
    assert about(PACKAGE, name)
    assert specimen.about
    assert specimen.kind
    assert specimen.caught_by
    assert specimen.base in names("engines.adapters")


@specimens_in_reach
def test_it_shows_on_ordinary_flow(name):
    build = load(PACKAGE, name, "SPECIMEN").build
    assert any(len({healthy(run), outcome(build, run), outcome(build, run)}) > 1 for run in range(len(RUNS)))


@every_specimen
def test_it_breaks_one_rule_of_the_healthy_engine(name):
    """A specimen that replaces much of the engine proves less than one that differs in one method."""
    specimen = load(PACKAGE, name, "SPECIMEN")
    healthy_one = HEALTHY[specimen.base]
    overridden = set(vars(specimen.build)) & {
        rule for base in healthy_one.__mro__ for rule in vars(base) if rule[0] != "_"
    }
    assert issubclass(specimen.build, healthy_one)
    assert len(overridden) == 1


def test_the_flow_meets_every_kind_of_command():
    """Else the digests above could be equal over nothing."""
    assert np.bincount(FLOW["kind"])[1:].min() >= 1


@every_specimen
def test_a_check_that_is_meant_to_sees_it(name):
    specimen = load(PACKAGE, name, "SPECIMEN")
    found = detect(name, specimen, 1)
    assert (found.state, found.why) == ("caught", "")
    assert set(found.caught_by) & set(specimen.caught_by)
