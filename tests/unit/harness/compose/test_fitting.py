"""A scenario as it is driven: the flow fitted to the engine, and the pace that follows from the scenario and from what the user asked."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from harness.base.capabilities import Capabilities, Conventions
from harness.base.errors import SetupError
from harness.base.records import NONE
from harness.base.seeds import Seed
from harness.compose.fitting import Asked, fitted
from harness.evidence.run import PeakRecord
from harness.pacing import Constant, PoissonArrivals, Unpaced
from harness.pacing.as_recorded import AsRecorded
from harness.pacing.shapes import Ramp, Shaped, StatedPeak
from harness.policy import Peak
from tests.fakes.flow import FakeFlow
from tests.fakes.given_flow import GivenFlow

S = 1_000_000_000
OFFERED, OWN = Capabilities(commands=("new",)), Conventions(self_trade="cancel_newest")
PEAK = Peak(commands_per_s=400, source="gateway log")
UNSTATED = (
    "it goes at a multiple of the peak that is stated for the use venue, and none is: "
    "give the policy commands_per_s and source in [use.venue.peak]"
)
STEADY = (
    Unpaced(),
    Constant(500),
    PoissonArrivals(500, Seed(3)),
    Shaped(shape=Ramp(from_per_s=1, to_per_s=9, over_ns=S)),
)


@dataclass(frozen=True)
class Recording(GivenFlow):
    """Knows what it was fitted to, and whether it begins again."""

    batched: tuple = ()
    times: tuple[int, ...] = (NONE, 7 * S, 8 * S)
    to: tuple = ()
    loops: bool = False

    def fitted(self, capabilities, conventions):
        return replace(self, to=(capabilities, conventions))

    def times_ns(self):
        return np.array(self.times, np.int64)

    def looped(self):
        """As a flow that asks what is offered, whether it can begin again."""
        return replace(self, loops=bool(self.to))


def fit(flow, pacing, **asked):
    return fitted(flow, pacing, Asked(**asked), OFFERED, OWN)


def due_ns(made):
    return made.pacing.due_ns(1, 3).tolist()


def test_a_flow_is_fitted_to_the_engine_before_it_is_asked_for_anything_else():
    assert fit(Recording(), Unpaced()).flow == Recording(to=(OFFERED, OWN))
    assert fit(Recording(), Unpaced(), duration_ns=S).flow == Recording(to=(OFFERED, OWN), loops=True)


@pytest.mark.parametrize("pacing", STEADY, ids=lambda pacing: type(pacing).__name__)
def test_a_pace_is_the_scenarios_own_where_nobody_asks_for_another(pacing):
    assert fit(FakeFlow(), pacing, duration_ns=S, peak=PEAK, speed=2.0) == (FakeFlow(), pacing, None)


@pytest.mark.parametrize("pacing", STEADY[1:], ids=lambda pacing: type(pacing).__name__)
def test_a_rate_that_is_asked_for_keeps_the_shape(pacing):
    made = fit(FakeFlow(), pacing, rate_per_s=70.0)
    assert made.pacing == pacing.at_rate(70)
    assert made.pacing.rate_per_s == pytest.approx(70)


def test_a_recording_without_a_speed_keeps_the_scenarios_pace():
    assert fit(Recording(), Constant(500)).pacing == Constant(500)


def test_a_speed_sends_a_recording_at_its_own_times_whatever_the_scenario_says():
    for pacing in (*STEADY, StatedPeak()):
        made = fit(Recording(), pacing, speed=4.0)
        assert due_ns(made) == [0, 1_000_000, 251_000_000], "the opening order, then a quarter of a second apart"
        assert made.peak is None


def test_a_scenario_may_ask_for_the_times_of_its_recording():
    assert due_ns(fit(Recording(), AsRecorded(2))) == [0, 1_000_000, 501_000_000]
    assert due_ns(fit(Recording(), AsRecorded(2), speed=10.0)) == [0, 1_000_000, 101_000_000], (
        "what the user says counts"
    )


def test_a_rate_stretches_the_times_of_a_recording():
    own = fit(Recording(), AsRecorded()).pacing
    made = fit(Recording(), AsRecorded(), rate_per_s=own.rate_per_s / 2)
    assert due_ns(made) == [2 * due for due in own.due_ns(1, 3).tolist()]


def test_at_a_stated_peak_it_goes_by_that_and_tells_so():
    made = fit(FakeFlow(), StatedPeak(times=1.5), peak=PEAK)
    assert (made.pacing, made.peak) == (Constant(600), PeakRecord(times=1.5, commands_per_s=400, source="gateway log"))


@pytest.mark.parametrize(
    ("flow", "pacing", "asked", "why"),
    [
        (FakeFlow(), AsRecorded(), {}, "its pacing is that of a recording, and its flow is none"),
        (FakeFlow(), AsRecorded(), {"speed": 2.0}, "its pacing is that of a recording, and its flow is none"),
        (Recording(times=(NONE, NONE)), AsRecorded(), {}, "its recording tells no times, so it cannot be sent at them"),
        (Recording(times=()), Unpaced(), {"speed": 2.0}, "its recording tells no times, so it cannot be sent at them"),
        (
            FakeFlow(), StatedPeak(), {"rate_per_s": 5.0, "peak": PEAK},
            "it goes at a multiple of a stated peak, so --rate cannot be its rate",
        ),
        (
            FakeFlow(), StatedPeak(), {"use": "venue"},
            UNSTATED,
        ),
    ],
)  # fmt: skip
def test_why_there_is_no_pace(flow, pacing, asked, why):
    assert fit(flow, pacing, **asked) == why


@pytest.mark.parametrize(
    ("flow", "pacing", "asked"),
    [
        (FakeFlow(), Constant(500), {"rate_per_s": 0.0}),
        (FakeFlow(), PoissonArrivals(500), {"rate_per_s": -1.0}),
        (FakeFlow(), Constant(500), {"rate_per_s": 1e30}),
        (Recording(), AsRecorded(), {"rate_per_s": 0.0}),
        (Recording(), Unpaced(), {"speed": 0.0}),
    ],
)
def test_what_is_no_pace_of_anything_is_refused(flow, pacing, asked):
    with pytest.raises(SetupError, match="wanted a"):
        fit(flow, pacing, **asked)
