"""The hand-made edge cases once more, where the resting order gives way, no replace keeps its place, stops go by time."""

from harness.base.capabilities import Conventions
from harness.flows.cases import CasesFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="hand-made cases, where the resting order gives way, no replace keeps its place, and stops go by time",
    flow=CasesFlow(),
    instrument=Drive(),
    conventions=Conventions(self_trade="cancel_oldest", replace_keeps_place="never", stop_order="time"),
)
