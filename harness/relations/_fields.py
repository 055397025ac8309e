"""What relations share that change prices or quantities: a figure for each instrument, and what a tape uses of its room."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from harness.base.records import NONE, Commands, Int64Array
from harness.relations import Changed, Tape


def by_instrument(records: npt.NDArray[np.void], figures: Mapping[int, int], other: int = 0) -> Int64Array:
    """The figure of each record's instrument, shape (n,); `other` where there is none."""
    found = np.full(len(records), other, np.int64)
    for number, figure in figures.items():
        found[records["instrument"] == number] = figure
    return found


def span(commands: Commands, instrument: int, field: str) -> tuple[int, int] | None:
    """The least and the greatest value that the commands of an instrument have there; None where none has any."""
    values = commands[field][(commands["instrument"] == instrument) & (commands[field] != NONE)]
    return (int(values.min()), int(values.max())) if len(values) else None


def sent_whole(tape: Tape, commands: Commands) -> Changed:
    """The tape with other commands in the places of its own."""
    return Changed((commands,), tape.commands["number"].copy())
