"""Three volume spikes: many times as much is traded for each command; as fast as the engine takes them."""

from harness.flows.volume_spike import VolumeSpikeFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="many times the volume for each command, unpaced",
    flow=VolumeSpikeFlow(),
    instrument=Drive(commands=30_000, snapshot_every=5_000),
)
