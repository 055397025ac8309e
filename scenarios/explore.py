"""Short episodes of all that an engine offers, each with its own mixture, at every bound and with every mistake."""

from harness.flows.explored import ExploredFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="exploring: episodes on empty books, each with other acts, bounds and mistakes",
    flow=ExploredFlow(),
    instrument=Drive(commands=20_000, snapshot_every=500),
)
