"""A made-up trading day in the format of a recorded one, so that replay runs everywhere."""

from harness.flows.replay import ReplayFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="replay of a made-up day, market by order",
    flow=ReplayFlow(),
    instrument=Drive(snapshot_every=2_000),
)
