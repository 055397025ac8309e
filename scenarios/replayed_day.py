"""The recorded day of the E-mini S&P 500 future (ESH4) at its own times, 100 times as fast: its bursts, as load."""

from harness.flows.replay import ReplayFlow
from harness.instruments.drive import Drive
from harness.pacing.as_recorded import AsRecorded
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="replay of a recorded day of a real future at 100 times its own speed",
    flow=ReplayFlow(),
    instrument=Drive(),
    pacing=AsRecorded(speed=100),
    data="esh4_20231225_mbo.csv.gz",
)
