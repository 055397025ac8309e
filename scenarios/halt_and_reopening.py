"""Five halts, with orders that are refused and cancels that are not, and what comes at each reopening; as fast as the engine takes it."""

from harness.flows.halt_and_reopening import HaltAndReopeningFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="trading halted and opened again, unpaced",
    flow=HaltAndReopeningFlow(),
    instrument=Drive(commands=30_000, snapshot_every=1_000),
)
