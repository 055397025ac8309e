"""Random orders that come faster and faster: from which rate on an engine is late shows in its response over time."""

from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing.shapes import SECOND_NS, Ramp, Shaped
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="random orders at a rate that rises from 5,000 to 35,000 a second",
    flow=PoissonFlow(new_ids=True),
    instrument=Drive().lasting(12 * SECOND_NS),
    pacing=Shaped(shape=Ramp(from_per_s=5_000, to_per_s=35_000, over_ns=12 * SECOND_NS)),
)
