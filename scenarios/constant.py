"""Random orders one as far behind the other as all, so that nothing but the engine makes an answer late."""

from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing import Constant
from harness.pacing.shapes import SECOND_NS
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="random orders at 15,000 a second, evenly",
    flow=PoissonFlow(new_ids=True),
    instrument=Drive().lasting(12 * SECOND_NS),
    pacing=Constant(15_000),
)
