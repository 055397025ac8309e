"""Controls of a service, each run into at its limit, by every way in."""

from harness.flows.risk_probes import RiskProbes
from harness.instruments.drive import Drive
from harness.scenario import Scenario

PROBES = RiskProbes()
SCENARIO = Scenario(
    about="every control one below its limit, at it and one above",
    flow=PROBES,
    controls=PROBES.controls(),
    instrument=Drive(),
)
