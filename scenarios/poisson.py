"""A market of limit orders that arrive at random: the everyday flow, paced, with its latency."""

from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing import PoissonArrivals
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="random limit, market and cancel orders at 12,500 a second, open loop",
    flow=PoissonFlow(),
    instrument=Drive(commands=150_000),
    pacing=PoissonArrivals(12_500),
)
