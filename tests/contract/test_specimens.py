"""Every specimen is really broken: on ordinary flow it parts from the healthy engine, or from itself when built again."""

from functools import cache
from typing import NamedTuple

import msgspec
import numpy as np
import pytest

from engines.guarded.engine import GuardedEngine
from engines.plain.engine import PlainEngine
from engines.reference.engine import ReferenceEngine
from harness.base.bits import digest, timeless
from harness.base.capabilities import Conventions, Instrument
from harness.base.discover import about, load, names
from harness.base.errors import EngineDiedError
from harness.base.records import Commands, commands_of
from harness.base.seeds import Seed
from harness.compose.proving import detect
from harness.flows.cancel_heavy import CancelHeavyFlow
from harness.flows.cases import CasesFlow
from harness.port import EngineSetup
from tests.fakes import controlled
from tests.fakes.every_term import LIMITED, every_term
from tests.fakes.mixed_flow import INSTRUMENTS, mixed_flow

PACKAGE = "engines.specimens"
CONVENTIONS = Conventions(self_trade="cancel_newest")
FLOW = mixed_flow(seed=20, count=5_000)
FAR_TICKS = 2**40
FAR_INSTRUMENTS = tuple(msgspec.structs.replace(one, price_max=one.price_max + FAR_TICKS) for one in INSTRUMENTS)
FAR = FLOW.copy()
FAR["price"] += FAR_TICKS


class Run(NamedTuple):
    """What an engine of some make is driven with."""

    instruments: tuple[Instrument, ...]
    flow: Commands
    make: str = "plain"
    """The adapter; the reference engine is driven by the plain one's, which asks for no more."""


RUNS = (
    Run(INSTRUMENTS, FLOW),
    Run(LIMITED, commands_of(every_term(5_000, seed=20))),
    Run(CasesFlow().instruments(), np.concatenate(list(CasesFlow().batches(Seed(1))))),
    Run(CancelHeavyFlow().instruments(), next(CancelHeavyFlow().batches(Seed(1)))),
    Run(FAR_INSTRUMENTS, FAR),
    Run(controlled.INSTRUMENTS, controlled.controlled_flow(8_000, seed=20), "guarded"),
)
"""Ordinary traffic; one with stops, minimum quantities and limits, on few prices; hand-made cases, with prices and values beyond 32
bits; long queues of which much is replaced; the ordinary traffic once more, at prices of many digits; and one that presses against
controls, with operators among it."""

HEALTHY = {"plain": PlainEngine, "reference": ReferenceEngine, "guarded": GuardedEngine}
"""The engines that specimens break, by their adapters."""

LONGEST = max(len(run.flow) for run in RUNS)

INSIDE = [name for name in names(PACKAGE) if load(PACKAGE, name, "SPECIMEN").base in HEALTHY]
"""Specimens inside gonogo's process; the others are services of which a part is replaced."""

every_specimen = pytest.mark.parametrize("name", names(PACKAGE))
specimens_inside = pytest.mark.parametrize("name", INSIDE)
specimens_in_reach = pytest.mark.parametrize(
    "name", [name for name in INSIDE if load(PACKAGE, name, "SPECIMEN").least_commands <= LONGEST]
)
"""Without those that take more commands than the runs have: `gonogo specimens` drives them as long as they need."""


@cache
def healthy(run):
    """What comes of a run by right."""
    return outcome(None, run)


def outcome(build, run):
    """The digests of all that the engine said and of its last book, or what it died of."""
    instruments, flow, make = RUNS[run]
    setup = EngineSetup(instruments, CONVENTIONS, build)
    if make == "guarded":
        setup = setup._replace(controls=controlled.CONTROLS, build=timed(build or GuardedEngine))
    engine = load("engines.adapters", make, "ENGINE")(setup)
    engine.start()
    session = engine.session(1)
    try:
        for at in range(0, len(flow), 256):
            session.send(flow[at : at + 256])
    except EngineDiedError as death:
        return str(death)
    return digest(timeless(engine.poll(0))), digest(engine.snapshot().rows)


def timed(build):
    """Built with a clock of its own, so that its windows are counted in commands."""
    return lambda *given: build(*given, controlled.clock().now_ns)


def runs_for(base):
    """The runs that an engine of this base understands."""
    return [at for at, run in enumerate(RUNS) if (run.make == "guarded") == (base == "guarded")]


@pytest.mark.parametrize("run", range(len(RUNS)))
def test_the_healthy_engine_repeats_itself(run):
    assert outcome(HEALTHY[RUNS[run].make], run) == healthy(run)


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
    specimen = load(PACKAGE, name, "SPECIMEN")
    runs = runs_for(specimen.base)
    assert any(len({healthy(run), outcome(specimen.build, run), outcome(specimen.build, run)}) > 1 for run in runs)


@specimens_inside
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
