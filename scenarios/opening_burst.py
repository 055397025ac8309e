"""Random orders as at the opening of a market: a peak at once, which dies away."""

from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing.shapes import SECOND_NS, OpeningBurst, Shaped
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="random orders at 60,000 a second at once, half of it gone each second, down to 8,000",
    flow=PoissonFlow(),
    instrument=Drive().lasting(10 * SECOND_NS),
    pacing=Shaped(shape=OpeningBurst(peak_per_s=60_000, then_per_s=8_000, halves_in_ns=SECOND_NS)),
)
