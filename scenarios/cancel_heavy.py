"""A market-making book: long queues in few levels, nearly everything canceled or replaced; as fast as the engine takes it."""

from harness.flows.cancel_heavy import CancelHeavyFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="cancels and replaces inside long queues, unpaced",
    flow=CancelHeavyFlow(),
    instrument=Drive(commands=50_000, snapshot_every=10_000),
)
