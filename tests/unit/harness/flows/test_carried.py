"""What of another flow every relation carries: episodes that know nothing of each other, with room for prices and quantities."""

from itertools import islice

import numpy as np
import pytest

from harness.base.bits import digest
from harness.base.capabilities import Capabilities, Conventions, RiskLimits
from harness.base.records import CommandKind, Side
from harness.base.seeds import Seed
from harness.flows import first_commands
from harness.flows.carried import CarriedFlow
from harness.flows.explored import ExploredFlow
from harness.flows.poisson import PoissonFlow
from harness.relations import carried, makes
from harness.relations.restart import quiet_places
from tests.fakes.flow import FakeFlow

FLOWS = [CarriedFlow(of=PoissonFlow(), episode=400), CarriedFlow(of=ExploredFlow(), episode=400)]
WITHOUT_MASS_CANCEL = Capabilities(commands=("new", "cancel"))
OF_ONE_ACCOUNT = Capabilities(commands=("new", "cancel", "mass_cancel"), mass_cancel_of="account")
each = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: type(flow.of).__name__)


def episodes(flow, count=6, seed=1):
    return list(islice(flow.batches(Seed(seed)), count))


@each
def test_all_of_it_is_carried(flow):
    for seed in range(5):
        tape = np.concatenate(episodes(flow, seed=seed))
        assert carried(tape, flow.instruments()).all()
    kinds = (CommandKind.NEW, CommandKind.CANCEL, CommandKind.REPLACE, CommandKind.MASS_CANCEL)
    assert all(np.count_nonzero(tape["kind"] == kind) for kind in kinds)


@each
def test_much_of_the_other_flow_is_left(flow):
    assert sum(map(len, episodes(flow))) > 6 * 400 / 4


@each
def test_the_same_seed_gives_the_same_commands(flow):
    first, again, other = (digest(np.concatenate(episodes(flow, seed=seed))) for seed in (1, 1, 2))
    assert first == again != other


@each
@pytest.mark.parametrize(
    "capabilities", [None, WITHOUT_MASS_CANCEL, OF_ONE_ACCOUNT], ids=["mass cancel", "cancels", "both"]
)
def test_nothing_is_alive_between_episodes_and_no_id_comes_again(flow, capabilities):
    fitted = flow.fitted(capabilities, Conventions()) if capabilities else flow
    parts = episodes(fitted)
    ends = np.cumsum([len(part) for part in parts])[:-1]
    assert set(ends.tolist()) <= set(quiet_places(np.concatenate(parts)).tolist())


@pytest.mark.parametrize("offered", [WITHOUT_MASS_CANCEL, OF_ONE_ACCOUNT], ids=["none", "of one account"])
def test_without_mass_cancels_of_all_each_id_is_canceled_by_its_owner(offered):
    flow = FLOWS[0].fitted(offered, Conventions())
    assert flow.of.without
    (part,) = episodes(flow, 1)
    made = part[makes(part)]
    ending = part[-len(made) :]
    assert (ending["kind"] == CommandKind.CANCEL).all()
    assert (part["kind"] != CommandKind.MASS_CANCEL).all()
    for field in ("order", "account", "instrument", "session"):
        assert (ending[field] == made[field]).all()
    assert (ending["target"] == made["order"]).all()
    assert (ending["side"] == Side.NONE).all()


def test_the_instruments_have_room_and_no_risk_limits():
    of = {one.id: one for one in PoissonFlow().instruments()}
    for one in FLOWS[0].instruments():
        assert (one.price_max, one.qty_max, one.risk) == (2**40, 2**31, RiskLimits())
        assert (one.symbol, one.price_min, one.price_step) == (
            of[one.id].symbol,
            of[one.id].price_min,
            of[one.id].price_step,
        )


def test_a_flow_that_ends_is_carried_to_its_end():
    commands = first_commands(CarriedFlow(of=FakeFlow(count=250, batch=100), episode=100).batches(Seed(1)), 10**6)
    assert len(commands) == 250 + 3
    assert np.flatnonzero(commands["kind"] == CommandKind.MASS_CANCEL).tolist() == [100, 201, 252]


def test_its_notes_are_those_of_the_other_flow():
    assert FLOWS[1].notes() == ExploredFlow().notes()
