"""Leaves an order at its old price in a replace, whatever new price it is given.

It stands for a modify message whose handler was written for quantities, and to which the price came later. The trader who moves away
from the market stays where he was, and is run over there.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason
from harness.base.records import Command


class ReplaceKeepsPrice(PlainEngine):
    """Breaks: the new price is that of the command."""

    def on_replace(self, replace: Command) -> None:
        taken = self.refusal_of_replace(replace) == Reason.NONE
        super().on_replace(replace._replace(price=self.live[replace.target].price) if taken else replace)


SPECIMEN = SpecimenPlug(
    about="a replace changes the quantity and not the price",
    kind="matching",
    caught_by=("lifecycle", "trade_price", "model"),
    build=ReplaceKeepsPrice,
)
