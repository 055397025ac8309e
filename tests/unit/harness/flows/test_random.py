"""What the random flows promise alike: the same bytes for a seed, all kinds of command, and nothing that the engine lacks."""

import numpy as np
import pytest

from harness.base.capabilities import Capabilities, Conventions
from harness.base.records import CommandKind, Flag, OrderType, TimeInForce
from harness.base.seeds import Seed
from harness.flows import cancel_heavy, poisson
from tests.fakes.drawn import drawn
from tests.fakes.history import ALL

FLOWS = [poisson.FLOW(), cancel_heavy.FLOW()]
each_flow = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: type(flow).__name__)


@each_flow
def test_the_seed_decides_every_byte(flow):
    first = drawn(flow, Seed(3), 4)
    assert drawn(flow, Seed(3), 4).tobytes() == first.tobytes()
    assert drawn(flow, Seed(4), 4).tobytes() != first.tobytes()


@each_flow
def test_new_ids_are_unique_but_for_the_wrong_ones(flow):
    commands = drawn(flow, Seed(1), 20)
    ids = commands["order"][commands["kind"] == CommandKind.NEW]
    assert len(np.unique(ids)) > 0.99 * len(ids)


@each_flow
def test_an_engine_that_offers_everything_loses_nothing(flow):
    fitted = flow.fitted(ALL, Conventions())
    assert fitted == flow


@each_flow
def test_a_bare_engine_is_sent_only_what_it_offers(flow):
    fitted = flow.fitted(Capabilities(), Conventions())
    commands = drawn(fitted, Seed(1), 10)
    new = commands[commands["kind"] == CommandKind.NEW]
    assert set(np.unique(commands["kind"])) == {CommandKind.NEW, CommandKind.CANCEL}
    assert set(np.unique(new["type"])) == {OrderType.LIMIT}
    assert set(np.unique(new["tif"])) == {TimeInForce.DAY}
    assert not new["flags"].any()
    assert fitted.notes().not_tested == {}, "what the engine does not offer is told once, by its capabilities"


@each_flow
def test_all_kinds_and_terms_come_up(flow):
    commands = drawn(flow, Seed(1), 60)
    new = commands[commands["kind"] == CommandKind.NEW]
    assert set(np.unique(commands["kind"])) == {1, 2, 3, 4}
    assert {TimeInForce.DAY, TimeInForce.IOC, TimeInForce.GTC} <= set(np.unique(new["tif"]))
    assert set(np.unique(new["flags"])) == {Flag.NONE, Flag.POST_ONLY}
    buys = np.count_nonzero(new["side"] == 0) / len(new)
    assert 0.48 < buys < 0.52
