"""Hand-made edge cases: small, each with the events that a person wrote down for it."""

from harness.flows.cases import CasesFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(about="hand-made cases under the engine's own conventions", flow=CasesFlow(), instrument=Drive())
