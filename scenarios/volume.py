"""As many commands as the engine takes, far more than can be kept: judged while they are driven, by checks that keep up."""

from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="five million random commands, as fast as the engine takes them, in a history of 512 MB",
    flow=PoissonFlow(),
    instrument=Drive(commands=5_000_000),
    history_bytes=512 << 20,
    checks=("gate_0", "alive", "answered_once", "numbering", "legal"),
)
