"""Live orders sent again and again, each to be refused; as fast as the engine takes them."""

from harness.flows.duplicate_storm import DuplicateStormFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="the same orders under the same ids over and over, unpaced",
    flow=DuplicateStormFlow(),
    instrument=Drive(commands=30_000, snapshot_every=6_000),
)
