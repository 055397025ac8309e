"""Takes the orders of a mass cancel in an order that no two engines share.

It stands for walking a set of addresses, or a hash map with a salted hash. Any order is legal, so each run alone is right;
yet a replay does not give the run again, and a backup that executes the same commands drifts away from its primary.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import blake2b

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.plain.offered import CONVENTIONS
from engines.specimens import SpecimenPlug
from harness.base.capabilities import Conventions, Instrument
from harness.base.records import Command


class UnstableOrder(PlainEngine):
    """Breaks: the same commands give the same events."""

    def __init__(self, instruments: Iterable[Instrument], conventions: Conventions = CONVENTIONS) -> None:
        super().__init__(instruments, conventions)
        self._salt = os.urandom(8)

    def taken_by(self, mass_cancel: Command) -> list[Order]:
        return sorted(super().taken_by(mass_cancel), key=self._salted)

    def _salted(self, order: Order) -> bytes:
        return blake2b(order.id.to_bytes(8, "little"), key=self._salt, digest_size=8).digest()


SPECIMEN = SpecimenPlug(
    about="the cancels of a mass cancel come in another order in each run",
    kind="determinism",
    caught_by=("determinism",),
    build=UnstableOrder,
)
