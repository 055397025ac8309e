"""The hand-made edge cases once more, where both orders give way, a replace names a total and stops look at quotes."""

from harness.base.capabilities import Conventions
from harness.flows.cases import CasesFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="hand-made cases, where both orders give way, a replace names a total and stops look at quotes",
    flow=CasesFlow(),
    instrument=Drive(),
    conventions=Conventions(self_trade="cancel_both", replace_quantity="total", stop_trigger="quote"),
)
