"""A recorded stretch of Bitfinex's raw book of BTC/USD (about March 2021): prices and sizes to eight decimals, no times."""

from harness.flows.replay import ReplayFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="replay of a raw book of a crypto exchange, prices and sizes to eight decimals",
    flow=ReplayFlow(form="bitfinex"),
    instrument=Drive(commands=200_000, snapshot_every=10_000),
    data="bitfinex_btcusd_l3.json.gz",
)
