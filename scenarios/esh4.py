"""A recorded day of the E-mini S&P 500 future (ESH4, 25 December 2023), market by order: real queues and real bursts."""

from harness.flows.replay import ReplayFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="replay of a recorded day of a real future",
    flow=ReplayFlow(),
    instrument=Drive(snapshot_every=10_000),
    data="esh4_20231225_mbo.csv.gz",
)
