"""Leaves the newest order alive in a mass cancel.

It stands for a bound that is one short, or for a walk over a table that shrinks meanwhile. The answer adds up, since it counts what was
taken; who pressed the button believes to be out of the market, and is not.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Command


class MassCancelMissesOne(PlainEngine):
    """Breaks: a mass cancel takes all that it names."""

    def taken_by(self, mass_cancel: Command) -> list[Order]:
        return super().taken_by(mass_cancel)[:-1]


SPECIMEN = SpecimenPlug(
    about="a mass cancel misses one order",
    kind="matching",
    caught_by=("model", "legal"),
    build=MassCancelMissesOne,
)
