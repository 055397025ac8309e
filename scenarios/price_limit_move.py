"""A price that runs into its highest limit, its lowest, and its collar on the way; as fast as the engine takes it."""

from harness.flows.price_limit_move import PriceLimitMoveFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="up to the price limit, down to the other and back, unpaced",
    flow=PriceLimitMoveFlow(),
    instrument=Drive(commands=36_000, snapshot_every=4_500),
)
