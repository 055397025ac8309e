"""Random orders at one rate after the other, up and down again: whether an engine is as quick after a busy time as before it."""

from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing.shapes import SECOND_NS, Shaped, Steps
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="random orders at 10,000, 20,000, 35,000, 20,000, 10,000 and 5,000 a second, two seconds each",
    flow=PoissonFlow(new_ids=True),
    instrument=Drive().lasting(12 * SECOND_NS),
    pacing=Shaped(shape=Steps(rates_per_s=(10_000, 20_000, 35_000, 20_000, 10_000, 5_000), each_ns=2 * SECOND_NS)),
)
