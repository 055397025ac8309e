"""Which commands of a tape are near a finding: its own orders first, then their queues, their instrument, and what came shortly before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.records import NONE, CommandKind, Commands
from harness.shrink.tries import Sight

Chosen: TypeAlias = npt.NDArray[np.bool_]
"""Which commands, shape (n,)."""

REACHES = (0, 16, 128, 1_024, 8_192, 65_536)
"""How many commands before the finding are tried together with its own orders: most faults need few."""
BEHIND = 64
"""Commands behind the finding that may be needed before it can be seen."""


def selections(tape: Commands, sight: Sight) -> Iterator[Chosen]:
    """Selections of the tape that may show the fault, from a few commands to nearly all; the last ones may repeat."""
    own = own_commands(tape, sight)
    before = np.arange(len(tape)) < (sight.number or len(tape)) - 1
    same = np.isin(tape["instrument"], tape["instrument"][own])
    rings = (before & _queues(tape, own), before & same, before)
    for reach in REACHES:
        for ring in rings:
            yield own | _last(ring, reach)
            if not reach:
                break  # nothing of any ring


def own_commands(tape: Commands, sight: Sight) -> Chosen:
    """The commands about the finding's orders, the finding's own command, and what came right behind it."""
    at = (sight.number or len(tape)) - 1
    seeds = {*sight.orders, *tape["order"][at : at + 1].tolist(), *tape["target"][at : at + 1].tolist()} - {0}
    own = touching(tape, np.array(sorted(seeds), np.uint64))
    own[at : at + BEHIND] = True
    return own


def touching(tape: Commands, orders: npt.NDArray[np.uint64]) -> Chosen:
    """The commands about these orders, under all the ids that replaces gave them."""
    while True:
        found = np.isin(tape["order"], orders) | np.isin(tape["target"], orders)
        renamed = tape[found & (tape["kind"] == CommandKind.REPLACE)]
        known = np.union1d(orders, np.concatenate((renamed["order"], renamed["target"])))
        if len(known) == len(orders):
            return found
        orders = known


def _queues(tape: Commands, own: Chosen) -> Chosen:
    """The commands about orders that were ever at a price of these on their instruments: they stood or traded together."""
    instruments = np.unique(tape["instrument"][own])
    prices = np.unique(np.concatenate((tape["price"][own], tape["stop"][own])))
    prices = prices[prices != NONE]
    there = np.isin(tape["instrument"], instruments) & (np.isin(tape["price"], prices) | np.isin(tape["stop"], prices))
    ids = np.unique(tape["order"][there])
    return np.isin(tape["order"], ids) | np.isin(tape["target"], ids)


def _last(ring: Chosen, count: int) -> Chosen:
    """The last commands of the ring."""
    chosen = np.zeros(len(ring), np.bool_)
    if count:
        chosen[np.flatnonzero(ring)[-count:]] = True
    return chosen
