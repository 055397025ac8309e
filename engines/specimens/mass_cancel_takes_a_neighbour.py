"""Takes the orders of the next account too, in a mass cancel of one account.

It stands for accounts that are compared by a prefix, or packed into too few bits: one firm's kill switch empties another firm's book.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Command


class MassCancelTakesANeighbour(PlainEngine):
    """Breaks: a mass cancel of an account takes its orders alone."""

    def taken_by(self, mass_cancel: Command) -> list[Order]:
        taken = super().taken_by(mass_cancel)
        if mass_cancel.account:
            taken += super().taken_by(mass_cancel._replace(account=mass_cancel.account + 1))
        return taken


SPECIMEN = SpecimenPlug(
    about="a mass cancel takes another account's orders too",
    kind="matching",
    caught_by=("model", "legal"),
    build=MassCancelTakesANeighbour,
)
