"""One account stuffs quotes beside sixteen that trade on, at the everyday pace, so that response times can be told by account."""

from harness.flows.quote_stuffing import QuoteStuffingFlow
from harness.instruments.drive import Drive
from harness.pacing import PoissonArrivals
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="nine in ten commands from one account that enters and cancels, at 12,500 a second, open loop",
    flow=QuoteStuffingFlow(),
    instrument=Drive(commands=154_000),
    pacing=PoissonArrivals(12_500),
)
