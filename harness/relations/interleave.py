"""Sends the commands of the instruments in another order, each instrument's own order kept.

Instruments have nothing in common but the ids of orders. A cache of the book at hand, a scratch list that is shared, a counter of one
instrument that another one reads: all that shows once the neighbours in time are others.
"""

from __future__ import annotations

import numpy as np

from harness.base.records import CommandKind, Int64Array
from harness.relations import Changed, Relation, Tape


def _there(tape: Tape, chance: np.random.Generator) -> Changed | str:
    commands = tape.commands
    # What concerns all instruments stays where it is, and nothing passes it.
    everywhere = (commands["kind"] == CommandKind.MASS_CANCEL) & (commands["instrument"] == 0)
    cuts = np.flatnonzero(everywhere)
    stretches = np.split(np.arange(len(commands)), np.sort(np.concatenate((cuts, cuts + 1))))
    if all(len(np.unique(commands["instrument"][stretch])) <= 1 for stretch in stretches):
        return "the tape has one instrument at a time"
    order = np.concatenate([_merged(stretch, tape, chance) for stretch in stretches])
    changed = commands[order]
    return Changed((changed,), commands["number"][order])


def _merged(stretch: Int64Array, tape: Tape, chance: np.random.Generator) -> Int64Array:
    """The places of a stretch, those of each instrument in their order, in another order of instruments."""
    turns = tape.commands["instrument"][stretch]
    others = chance.permutation(turns)
    merged = np.empty_like(stretch)
    merged[np.argsort(others, kind="stable")] = stretch[np.argsort(turns, kind="stable")]
    return merged


RELATION = Relation(about="Instruments in another order, each one's own kept: the same answers.", there=_there)
