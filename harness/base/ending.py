"""How an engine ended that was told to, and what it keeps then: an engine that has told of a fill must still know of it after its end."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

FILL = np.dtype([("match", "<u8"), ("price", "<i8"), ("qty", "<i8")])
"""A trade as both of its sides have it, whatever ids an engine gives its orders: 24 bytes."""
Fills: TypeAlias = npt.NDArray[np.void]
"""An array of `FILL` records, shape (n,)."""


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """What an engine says of its own end."""

    wrong: str = ""
    """Why it was no good one, in words; empty where it was."""
    verified: bool = False
    """Whether what it keeps was looked at."""
    damaged: str = ""
    """What is wrong with what it keeps, in words; empty where it is whole."""
    fills: int | None = None
    """How many fills it keeps of those that it was asked for; None where it does not tell, or also keeps what came before."""


class Ended(NamedTuple):
    """The same, with the fills themselves where they are told."""

    ending: Ending
    fills: Fills | None = None


def fills_of(trades: npt.NDArray[np.void]) -> Fills:
    """The fills that events of trades tell, one an event."""
    fills = np.zeros(len(trades), FILL)
    for name in FILL.names or ():
        fills[name] = trades[name]
    return fills
