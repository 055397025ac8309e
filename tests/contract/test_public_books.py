"""The books that stand while the public flow is driven are those that the public benchmark tells of."""

import numpy as np
import pytest

from engines.reference.engine import ReferenceEngine
from harness.base.records import EventKind
from harness.base.seeds import Seed
from harness.flows.public_shape import FLOW

LOOK_EVERY = 20
PUBLISHED = {
    "static": (20_900, 60, 800), "normal": (2_700, 290, 62_000), "swing-25": (1_300, 830, 67_000),
    "swing-40": (700, 560, 69_000), "flash-crash": (240, 210, 70_000),
}  # fmt: skip
"""Orders and levels on average, and fills: docs/METHODOLOGY.md of flash1-dev/matching-engine-benchmark, of its seed 23."""


@pytest.mark.parametrize("shape", PUBLISHED)
def test_the_book_that_stands_is_as_large_as_the_published_one(shape):
    flow = FLOW(shape)
    engine = ReferenceEngine(flow.instruments())
    orders, levels, fills = [], [], 0
    for turn, commands in enumerate(flow.batches(Seed(1))):
        fills += np.count_nonzero(engine.submit(commands)["kind"] == EventKind.TRADE)
        if turn % LOOK_EVERY == 0:
            book = engine.snapshot()
            orders.append(len(book))
            levels.append(len(np.unique(book[["side", "price"]])))
    assert (np.mean(orders), np.mean(levels), fills) == pytest.approx(PUBLISHED[shape], rel=0.12)
