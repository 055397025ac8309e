"""The bundled engines trade exactly as the flow standing_book foretells, whatever they do about self-trades."""

import numpy as np
import pytest

from engines.plain.engine import PlainEngine
from engines.reference.engine import ReferenceEngine
from harness.base.capabilities import Conventions
from harness.base.records import EventKind
from harness.base.seeds import Seed
from harness.flows.standing_book import FLOW
from tests.fakes.drawn import drawn

BLOCKS = 32


@pytest.mark.parametrize("make", [PlainEngine, ReferenceEngine])
@pytest.mark.parametrize("flow", [FLOW(), FLOW(live_max=2_000)], ids=str)
def test_an_engine_gives_the_expected_fills(make, flow):
    commands = drawn(flow, Seed(7), BLOCKS)
    commands["number"] = np.arange(1, len(commands) + 1)
    events = make(flow.instruments(), Conventions(self_trade="cancel_both")).submit(commands)
    trades = events[events["kind"] == EventKind.TRADE]
    expected = flow.expected_fills(Seed(7), len(commands))
    for field, told in (("taker", "order"), ("maker", "maker"), ("price", "price"), ("qty", "qty")):
        assert (trades[told].astype(np.int64) == expected[field]).all()
    assert len(trades) == len(expected) > 1_000
    assert not (events["reason"][events["kind"] != EventKind.CANCELED]).any(), "nothing is refused"
