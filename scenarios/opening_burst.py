"""Random orders as at the opening of a market: a peak at once, which dies away."""

from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing.shapes import SECOND_NS, OpeningBurst, Shaped
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="random orders at 60,000 a second at once, which falls to 15,000, half of the way each half second",
    flow=PoissonFlow(new_ids=True),
    instrument=Drive().lasting(12 * SECOND_NS),
    pacing=Shaped(shape=OpeningBurst(peak_per_s=60_000, then_per_s=15_000, halves_in_ns=SECOND_NS // 2)),
)
