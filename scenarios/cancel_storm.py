"""Two cancel storms over a deep book, as fast as the engine takes them."""

from harness.flows.cancel_storm import CancelStormFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="deep books whose makers all leave at once, unpaced",
    flow=CancelStormFlow(),
    instrument=Drive(commands=20_032, snapshot_every=2_504),
)
