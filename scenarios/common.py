"""What every engine and every wire can say: the first thing to try where a new one is put under test."""

from harness.flows.common import CommonFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="limit and immediate orders, cancels and replaces of one account, which every wire can say; unpaced",
    flow=CommonFlow(),
    instrument=Drive(commands=20_000, snapshot_every=5_000),
)
