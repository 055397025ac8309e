"""An engine that stalls: response times show it as the arithmetic says, and a tester in a closed loop would have hidden it.

Of commands that come evenly, the share stall / period comes while it stalls, and these wait for what is left of it: from 0 to the whole
stall, evenly. So the share q of all waits longer than stall * (1 - q * period / stall).
"""

from __future__ import annotations

import pytest

from harness.base.histogram import Histogram
from harness.base.stats import quantile
from harness.checks.latency import CHECK
from harness.instruments.drive import Drive
from harness.pacing import Constant
from tests.fakes.flow import FakeFlow
from tests.fakes.history import folded, info
from tests.fakes.queued import driven

RATE_PER_S = 5_000
MS = 1_000_000


@pytest.mark.parametrize(
    ("stall_ms", "period_ms", "slow"), [(200, 10_000, 0.001), (50, 500, 0.001), (50, 500, 0.02), (5, 1_000, 0.002)]
)
def test_the_quantiles_of_response_are_those_of_the_stall(tmp_path, stall_ms, period_ms, slow):
    history = driven(
        tmp_path, Drive().lasting(period_ms * MS), FakeFlow(batch=1_000), Constant(RATE_PER_S),
        serve_ns=1_000, stall_ns=stall_ms * MS, period_ns=period_ms * MS,
    )  # fmt: skip
    facts = folded(CHECK.start(info(rate_per_s=RATE_PER_S)), history)
    response, closed = (Histogram.of(facts.distributions[f"latency.{name}"]) for name in ("response", "closed_loop"))
    wanted_ms = stall_ms * (1 - slow * period_ms / stall_ms)
    assert response.total == period_ms * RATE_PER_S / 1_000
    # Commands come each 0.2 ms, and those that have waited are served one after another.
    assert quantile(response, 1 - slow).value / MS == pytest.approx(wanted_ms, abs=0.2 + 0.02 * stall_ms)
    assert closed.high / MS == pytest.approx(stall_ms, abs=0.3)
    assert quantile(closed, 1 - slow).value < MS, "one command a stall"
