"""Three flash crashes: bids are pulled, sellers walk the book down, and it recovers; as fast as the engine takes them."""

from harness.flows.flash_crash import FlashCrashFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="bids pulled, 150 ticks down and back, unpaced",
    flow=FlashCrashFlow(),
    instrument=Drive(commands=30_000, snapshot_every=5_000),
)
