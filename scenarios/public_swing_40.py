"""The flow of the public matching-engine benchmark in its shape swing-40: a market under stress; as fast as the engine takes it."""

from harness.flows.public_shape import PublicShapeFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="the public benchmark's flow, swing-40: a market under stress, unpaced",
    flow=PublicShapeFlow("swing-40"),
    instrument=Drive(commands=3_000_000),
    checks=("gate_0", "alive", "answered_once", "numbering", "legal", "throughput"),
)
