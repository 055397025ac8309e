"""The two bundled engines agree over a thousand seeds of every flow, and over twenty million commands in one run.

`make nightly` runs it; a run of it takes about a quarter of an hour on two cores. Seeds go through all conventions in turn.
"""

from itertools import product
from typing import get_args

import numpy as np
import pytest

from engines.plain.engine import PlainEngine
from engines.reference.engine import ReferenceEngine
from engines.reference.layout import Capacities
from engines.reference.offered import CAPABILITIES
from harness.base.bits import digest, timeless
from harness.base.capabilities import (
    Conventions,
    KeepsPlace,
    ReplaceQuantity,
    SelfTradeMode,
    StopEvaluation,
    StopOrder,
    StopTrigger,
)
from harness.base.records import COMMAND
from harness.base.seeds import Seed
from harness.flows.cancel_heavy import CancelHeavyFlow
from harness.flows.cases import CasesFlow
from harness.flows.poisson import PoissonFlow
from harness.flows.public_shape import SHAPES, PublicShapeFlow
from harness.flows.replay import ReplayFlow
from harness.flows.standing_book import StandingBookFlow

pytestmark = pytest.mark.nightly

SEEDS = 1_000
COMMANDS = 2_000
MANY = 20_000_000
SEEDS_A_TEST = 25
SMALL = Capacities(orders=2**14, pages=2**11)
CONVENTIONS = [
    Conventions(self_trade=mode, replace_keeps_place=place, replace_quantity=quantity, stop_trigger=trigger, stop_order=order, stop_evaluation=when)
    for mode, place, quantity, trigger, order, when in product(
        *map(get_args, (SelfTradeMode, KeepsPlace, ReplaceQuantity, StopTrigger, StopOrder, StopEvaluation))
    )
]  # fmt: skip
SEEDED = {
    "poisson": PoissonFlow(), "cancel_heavy": CancelHeavyFlow(), "deep": StandingBookFlow(), "shallow": StandingBookFlow(live_max=200),
    **{f"public {shape}": PublicShapeFlow(shape, orders=COMMANDS) for shape in SHAPES},
}  # fmt: skip


def commands_of(flow, seed, count):
    """The first commands of a flow, numbered; all where it ends before."""
    batches, drawn = [], 0
    for batch in flow.batches(Seed(seed)):
        batches.append(batch)
        drawn += len(batch)
        if drawn >= count:
            break
    commands = np.concatenate(batches, dtype=COMMAND)[:count]
    commands["number"] = np.arange(1, len(commands) + 1)
    return commands


def agree(flow, conventions, seed, count):
    """How many commands both engines answered alike; fails at the first batch in which they differ."""
    flow = flow.fitted(CAPABILITIES, conventions)
    plain = PlainEngine(flow.instruments(), conventions)
    reference = ReferenceEngine(flow.instruments(), conventions, SMALL)
    commands = commands_of(flow, seed, count)
    for first in range(0, len(commands), COMMANDS):
        part = commands[first : first + COMMANDS]
        wanted, told = plain.submit(part), reference.submit(part)
        assert digest(timeless(told)) == digest(timeless(wanted)), (
            f"seed {seed}, from command {first + 1} on, {conventions}"
        )
    assert digest(reference.snapshot()) == digest(plain.snapshot())
    return len(commands)


@pytest.mark.parametrize("first", range(0, SEEDS, SEEDS_A_TEST))
@pytest.mark.parametrize("name", SEEDED)
def test_a_thousand_seeds_of_every_flow(name, first):
    seeds = range(first, first + SEEDS_A_TEST)
    answered = [agree(SEEDED[name], CONVENTIONS[seed % len(CONVENTIONS)], seed, COMMANDS) for seed in seeds]
    assert answered == [COMMANDS] * SEEDS_A_TEST


@pytest.mark.parametrize("flow", [CasesFlow(), ReplayFlow()], ids=str)
def test_the_flows_without_a_seed_under_every_convention(flow):
    assert all(agree(flow, conventions, 0, 10**9) > 100 for conventions in CONVENTIONS)


def test_twenty_million_commands_in_one_run():
    flow = PoissonFlow().fitted(CAPABILITIES, Conventions(self_trade="cancel_newest"))
    conventions = Conventions(self_trade="cancel_newest")
    plain, reference = PlainEngine(flow.instruments(), conventions), ReferenceEngine(flow.instruments(), conventions)
    sent = 0
    for batch in flow.batches(Seed(1)):
        commands = batch.copy()
        commands["number"] = np.arange(sent + 1, sent + 1 + len(commands))
        wanted, told = plain.submit(commands), reference.submit(commands)
        assert digest(timeless(told)) == digest(timeless(wanted)), f"from command {sent + 1} on"
        sent += len(commands)
        if sent >= MANY:
            break
    assert sent >= MANY
    assert digest(reference.snapshot()) == digest(plain.snapshot())
