"""Random orders in bursts: a tenth of each second holds half of its orders, so queues build up and must drain."""

from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing.shapes import SECOND_NS, Bursts, Shaped
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="random orders, a tenth of each second at nine times the rate of the rest",
    flow=PoissonFlow(new_ids=True),
    instrument=Drive().lasting(12 * SECOND_NS),
    pacing=Shaped(
        shape=Bursts(quiet_per_s=8_000, quiet_ns=9 * SECOND_NS // 10, burst_per_s=72_000, burst_ns=SECOND_NS // 10)
    ),
)
