"""Random orders at twice the busiest second that the policy states for the use: the load of RTS 6 and RTS 7."""

from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing.shapes import SECOND_NS, StatedPeak
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="random orders at twice the stated peak, evenly",
    flow=PoissonFlow(new_ids=True),
    instrument=Drive().lasting(12 * SECOND_NS),
    pacing=StatedPeak(times=2),
)
