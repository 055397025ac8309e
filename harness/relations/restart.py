"""Empties the engine wherever nothing is alive and no later command names an order of before.

There an engine is as good as a new one. What is left behind all the same (a slot that leaked, a level without an order, a counter that
goes on) makes its answers differ from those of a new one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harness.base.bits import copied
from harness.base.records import NONE, CommandKind, Commands, Int64Array, OrderType, Side, TimeInForce
from harness.relations import Changed, Flags, Relation, Tape, makes

CUTS_MAX = 8
"""Some engines take long to be emptied."""


def _there(tape: Tape, chance: np.random.Generator) -> Changed | str:
    del chance
    cuts = quiet_places(tape.commands)
    if not len(cuts):
        return "the tape has no place at which nothing is alive"
    chosen = cuts[np.linspace(0, len(cuts) - 1, min(len(cuts), CUTS_MAX)).astype(np.int64)]
    return Changed(tuple(map(copied, np.split(tape.commands, chosen))), tape.commands["number"].copy())


def quiet_places(commands: Commands) -> Int64Array:
    """The indices before which every order is gone for certain, whatever traded, and from which on none of their ids is named.

    An order is gone behind a mass cancel of everything, behind its owner's cancel of all of it, and at once where it may not rest.
    """
    count = len(commands)
    ids, first, last = _spans(commands)
    everything = np.append(np.flatnonzero(_takes_all(commands)), count)
    gone = np.where(_ends(commands, ids, last), last, everything[np.searchsorted(everything, last)]) + 1
    # An id stands in the way of all places behind its first command and before the one from which on it is gone.
    changes = np.zeros(count + 2, np.int64)
    np.add.at(changes, first + 1, 1)
    np.add.at(changes, gone, -1)
    return np.flatnonzero(np.cumsum(changes)[1:count] == 0) + 1


def _spans(commands: Commands) -> tuple[npt.NDArray[np.uint64], Int64Array, Int64Array]:
    """Every id that is named, and the indices of the first and the last command that name it."""
    making = np.flatnonzero(makes(commands))
    naming = np.flatnonzero(np.isin(commands["kind"], (CommandKind.CANCEL, CommandKind.REPLACE)))
    places = np.concatenate((making, naming))
    ids, which = np.unique(np.concatenate((commands["order"][making], commands["target"][naming])), return_inverse=True)
    first, last = np.full(len(ids), len(commands)), np.zeros(len(ids), np.int64)
    np.minimum.at(first, which, places)
    np.maximum.at(last, which, places)
    return ids, first, last


def _takes_all(commands: Commands) -> Flags:
    """Which commands cancel every order of the engine."""
    any_order = (commands["side"] == Side.NONE) & (commands["account"] == 0) & (commands["instrument"] == 0)
    takes: Flags = any_order & (commands["kind"] == CommandKind.MASS_CANCEL)
    return takes


def _ends(commands: Commands, ids: npt.NDArray[np.uint64], last: Int64Array) -> Flags:
    """Whether the last command that names an id leaves no order of that id."""
    making = np.flatnonzero(makes(commands))
    made = np.full(len(ids), -1)
    made[np.searchsorted(ids, commands["order"][making])] = making
    by, maker = commands[last], commands[made]
    own = (by["account"] == maker["account"]) & (by["instrument"] == maker["instrument"])
    whole = (by["kind"] == CommandKind.CANCEL) & (by["qty"] == NONE) & own
    immediate = (by["type"] == OrderType.MARKET) | np.isin(by["tif"], (TimeInForce.IOC, TimeInForce.FOK))
    ends: Flags = (made < 0) | whole | ((by["kind"] == CommandKind.NEW) & immediate)
    return ends


RELATION = Relation(about="Emptied where nothing is alive: the same answers from there on as without.", there=_there)
