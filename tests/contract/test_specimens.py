"""Every specimen is really broken: on ordinary flow it parts from the healthy engine, or from itself when built again."""

import numpy as np
import pytest

from engines.plain.engine import PlainEngine
from harness.base.bits import digest, timeless
from harness.base.capabilities import Conventions
from harness.base.discover import about, load, names
from harness.base.errors import EngineDiedError
from harness.base.records import commands_of
from harness.port import EngineSetup
from tests.fakes.every_term import LIMITED, every_term
from tests.fakes.mixed_flow import INSTRUMENTS, mixed_flow

PACKAGE = "engines.specimens"
CONVENTIONS = Conventions(self_trade="cancel_newest")
FLOW = mixed_flow(seed=20, count=5_000)
RUNS = ((INSTRUMENTS, FLOW), (LIMITED, commands_of(every_term(5_000, seed=20))))
"""Ordinary traffic, and one with stops, minimum quantities and limits, on few prices."""

every_specimen = pytest.mark.parametrize("name", names(PACKAGE))


def run(build):
    """What came of each of the runs."""
    return tuple(outcome(build, instruments, flow) for instruments, flow in RUNS)


def outcome(build, instruments, flow):
    """The digests of all that the engine said and of its last book, or what it died of."""
    engine = load("engines.adapters", "plain", "ENGINE")(EngineSetup(instruments, CONVENTIONS, build))
    engine.start()
    session = engine.session(1)
    try:
        for at in range(0, len(flow), 256):
            session.send(flow[at : at + 256])
    except EngineDiedError as death:
        return str(death)
    return digest(timeless(engine.poll(0))), digest(engine.snapshot().rows)


def test_the_healthy_engine_repeats_itself():
    assert run(PlainEngine) == run(None)


@every_specimen
def test_it_says_what_is_wrong_with_it(name):
    specimen = load(PACKAGE, name, "SPECIMEN")
    assert about(PACKAGE, name)
    assert specimen.about
    assert specimen.kind
    assert specimen.caught_by
    assert specimen.base in names("engines.adapters")


@every_specimen
def test_it_shows_on_ordinary_flow(name):
    build = load(PACKAGE, name, "SPECIMEN").build
    assert len({run(None), run(build), run(build)}) > 1


@every_specimen
def test_it_breaks_one_rule_of_the_healthy_engine(name):
    """A specimen that replaces much of the engine proves less than one that differs in one method."""
    build = load(PACKAGE, name, "SPECIMEN").build
    overridden = set(vars(build)) & {rule for base in PlainEngine.__mro__ for rule in vars(base) if rule[0] != "_"}
    assert issubclass(build, PlainEngine)
    assert len(overridden) == 1


def test_the_flow_meets_every_kind_of_command():
    """Else the digests above could be equal over nothing."""
    assert np.bincount(FLOW["kind"])[1:].min() >= 1
