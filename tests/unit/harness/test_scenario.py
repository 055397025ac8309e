"""A scenario is a value; what cannot be run is refused where it is written."""

import pytest

from harness.base.errors import SetupError
from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.scenario import LEAST_BYTES, Scenario


@pytest.mark.parametrize("history_bytes", [0, LEAST_BYTES])
def test_a_history_is_kept_or_has_room_for_some_segments(history_bytes):
    made = Scenario(about="made", flow=PoissonFlow(), instrument=Drive(), history_bytes=history_bytes)
    assert made.history_bytes == history_bytes


@pytest.mark.parametrize("history_bytes", [1, LEAST_BYTES - 1, -1])
def test_a_bound_that_holds_no_segments_is_refused(history_bytes):
    with pytest.raises(SetupError, match=r"is too small; wanted 0, or 16,777,216 or more"):
        Scenario(about="made", flow=PoissonFlow(), instrument=Drive(), history_bytes=history_bytes)
