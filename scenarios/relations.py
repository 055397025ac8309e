"""A tape as it is, and as each relation changes it: mirrored, moved, multiplied, reordered, with more in it, cut, and one by one."""

from harness.flows.carried import CarriedFlow
from harness.flows.poisson import PoissonFlow
from harness.instruments.relate import Relate
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="a tape changed by relations: the answers must be the same, with no model to say which",
    flow=CarriedFlow(of=PoissonFlow(resting=200)),
    instrument=Relate(commands=5_000),
)
