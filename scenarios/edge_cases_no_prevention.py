"""The hand-made edge cases once more, where an account may trade with itself."""

from harness.base.capabilities import Conventions
from harness.flows.cases import CasesFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="hand-made cases, where an account may trade with itself",
    flow=CasesFlow(),
    instrument=Drive(),
    conventions=Conventions(self_trade="none"),
)
