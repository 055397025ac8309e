"""The same flow twice through an empty engine: the same input must give the same events."""

from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="the same commands twice: is the engine deterministic?",
    flow=PoissonFlow(),
    instrument=Drive(commands=20_000, runs=2),
)
