"""The healthy engine gives no finding in any check and leaves none unknown, whatever the flow, the seed and the conventions.

A check that accuses a right engine is worse than none: nobody believes the next finding.
"""

from __future__ import annotations

from itertools import islice, product
from typing import get_args

import numpy as np
import pytest

from engines.adapters.plain import ENGINE
from engines.plain.offered import CAPABILITIES
from harness.base.bits import digest, timeless
from harness.base.capabilities import Conventions, KeepsPlace, ReplaceQuantity, SelfTradeMode
from harness.base.seeds import Seed
from harness.compose import plugs
from harness.evidence.fold import RepeatMark, StateMark, applies
from harness.flows.cancel_heavy import CancelHeavyFlow
from harness.flows.cases import CasesFlow
from harness.flows.explored import ExploredFlow
from harness.flows.poisson import PoissonFlow
from harness.flows.replay import ReplayFlow
from harness.port import EngineSetup
from tests.fakes.history import folded, info, segments

BATCHES = {PoissonFlow: 1, CancelHeavyFlow: 1, ExploredFlow: 18}
"""Some 4,000 commands of the flows that never end; the others are driven whole."""
CONVENTIONS = [
    Conventions(self_trade=mode, replace_keeps_place=place, replace_quantity=quantity)
    for mode, place, quantity in product(get_args(SelfTradeMode), get_args(KeepsPlace), get_args(ReplaceQuantity))
]
JUDGES = {
    name: plug
    for name, plug in plugs.checks().items()
    if not {"pace", "relations", "controls", "channels"} & set(plug.needs)
}
"""Not those of a pace, of relations, of controls and of several channels: `test_guarded`, `test_relations`, `test_over_a_wire` and the
scenarios hold a right engine to these."""


def driven(flow, conventions, commands):
    """The events that answer the commands, and the book after them."""
    engine = ENGINE(EngineSetup(flow.instruments(), conventions, None))
    engine.start()
    engine.session(1).send(commands)
    return engine.poll(0), engine.snapshot()


def judged(flow, conventions, seed):
    """What every check that applies found out of the flow, driven twice."""
    flow = flow.fitted(CAPABILITIES, conventions)
    commands = np.concatenate(list(islice(flow.batches(Seed(seed)), BATCHES.get(type(flow)))))
    commands["number"] = np.arange(1, len(commands) + 1)
    events, book = driven(flow, conventions, commands)
    again, _ = driven(flow, conventions, commands)
    run = info(
        capabilities=CAPABILITIES, conventions=conventions, instruments=flow.instruments(), notes=flow.notes(),
        states=(StateMark(number=len(commands), engine_seq=book.engine_seq, digest=digest(book.rows)),),
        repeats=(RepeatMark(repeat=2, first=1, count=len(commands), digest=digest(timeless(again))),),
        book=lambda number: book.rows,
    )  # fmt: skip
    history = segments(commands, events, size=1024)
    return {name: folded(plug.start(run), history) for name, plug in JUDGES.items() if applies(plug.needs, run)}


@pytest.mark.parametrize(
    ("flow", "conventions", "seed"),
    [
        *((flow, conventions, seed) for flow in (PoissonFlow(), CancelHeavyFlow(), ExploredFlow()) for seed, conventions in enumerate(CONVENTIONS)),
        *((CasesFlow(), conventions, 0) for conventions in CONVENTIONS),
        *((ReplayFlow(), conventions, 0) for conventions in CONVENTIONS[::7]),
    ],
    ids=str,
)  # fmt: skip
def test_no_check_accuses_the_healthy_engine(flow, conventions, seed):
    facts = judged(flow, conventions, seed)
    assert {name: (one.findings, one.unknown) for name, one in facts.items() if one.findings or one.unknown} == {}
    assert facts["model"].seen >= 100, "else it passes over nothing"
    assert set(JUDGES) - set(facts) <= {"edge_cases", "audit_trail"}, (
        "these want cases with answers, and an engine that keeps something"
    )
