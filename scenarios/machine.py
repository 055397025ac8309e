"""A search for a short sequence of commands that the engine gets wrong, on the instruments of the explored flow."""

from harness.flows.explored import ExploredFlow
from harness.instruments.explore import Explore
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="searching: sequences of up to fifty commands, each answer and each book held against the model at once",
    flow=ExploredFlow(),
    instrument=Explore(),
)
"""Only the instruments of the flow are traded: the search draws its own commands."""
