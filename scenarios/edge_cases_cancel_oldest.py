"""The hand-made edge cases once more, where the resting order gives way and a replace never keeps its place."""

from harness.base.capabilities import Conventions
from harness.flows.cases import CasesFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="hand-made cases, where the resting order gives way and a replace never keeps its place",
    flow=CasesFlow(),
    instrument=Drive(),
    conventions=Conventions(self_trade="cancel_oldest", replace_keeps_place="never"),
)
