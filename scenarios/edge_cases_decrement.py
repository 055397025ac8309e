"""The hand-made edge cases once more, where both orders lose the lesser quantity and each fill may trigger stops."""

from harness.base.capabilities import Conventions
from harness.flows.cases import CasesFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="hand-made cases, where both orders lose the lesser quantity and each fill may trigger stops",
    flow=CasesFlow(),
    instrument=Drive(),
    conventions=Conventions(self_trade="decrement", stop_evaluation="fill"),
)
