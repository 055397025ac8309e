"""Each relation holds for engines that are right, whatever the flow, the seed and the conventions; and for some that is not, it does not.

A specimen is named for each relation: a relation that nothing can break would say nothing.
"""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from harness.base.capabilities import Conventions, KeepsPlace, ReplaceQuantity, SelfTradeMode
from harness.base.discover import names
from harness.base.seeds import Seed
from harness.compose import plugs
from harness.compose.tapes import Tape, drive
from harness.compose.trial import Trial
from harness.flows import first_commands
from harness.flows.cancel_heavy import CancelHeavyFlow
from harness.flows.carried import CarriedFlow
from harness.flows.explored import ExploredFlow
from harness.flows.poisson import PoissonFlow

CONVENTIONS = [
    Conventions(self_trade=mode, replace_keeps_place=place, replace_quantity=quantity)
    for mode, place, quantity in product(get_args(SelfTradeMode), get_args(KeepsPlace), get_args(ReplaceQuantity))
]
FLOWS = [
    CarriedFlow(of=flow, episode=300)
    for flow in (PoissonFlow(resting=200), CancelHeavyFlow(resting=100), ExploredFlow())
]
BROKEN_BY = {
    "extra": "slots_leak_on_cancel",
    "interleave": "book_of_another_instrument",
    "mirror": "taker_price_one_side",
    "restart": "best_price_stale",
    "scale": "float_dust",
    "shift": "levels_by_float",
    "singly": "cancels_overtake_orders",
}
"""A specimen for each relation."""


def related(engine, flow, seed, conventions, count=700):
    """What the check finds out of a tape of the flow."""
    with Trial(plugs.engine(engine), flow.instruments(), conventions) as trial:
        fitted = flow.fitted(trial.engine.capabilities, conventions)
        tape = first_commands(fitted.batches(Seed(seed)), count)
        return trial.run(tape, ("metamorphic",), relations=plugs.relations()).facts["metamorphic"]


@pytest.mark.parametrize("engine", ["plain", "reference"])
@pytest.mark.parametrize("seed", range(len(CONVENTIONS)))
def test_every_relation_holds_for_a_healthy_engine(engine, seed):
    facts = related(engine, FLOWS[seed % len(FLOWS)], seed, CONVENTIONS[seed])
    assert (facts.findings, facts.unknown) == ((), "")
    assert facts.told == {"relations held": ", ".join(plugs.relations())}
    assert facts.seen == 700 * len(plugs.relations())


def test_there_is_a_specimen_for_each_relation():
    assert set(BROKEN_BY) == set(names(plugs.RELATIONS))


@pytest.mark.parametrize(("relation", "specimen"), BROKEN_BY.items())
def test_a_specimen_breaks_it(relation, specimen):
    tape = Tape("relations", 3_000, ("metamorphic",))
    done = drive(plugs.engine(specimen), tape, 1)
    assert relation in {finding.kind for finding in done.findings()}


def test_what_shows_far_away_alone_is_seen_by_no_other_check():
    """Prices of a usual size are all right, so that only moving them shows it."""
    (finding,) = drive(plugs.engine("levels_by_float"), Tape("relations", 3_000), 1).findings()
    assert (finding.check, finding.kind) == ("metamorphic", "shift")
