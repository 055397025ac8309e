"""What a worker leaves beside its history for whoever merges it: which commands of the whole it sent, and under which ids."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from harness.base.records import Int64Array
from harness.port import Spoken

COPY = "copy"
"""The folder of what a drop copy told."""
NUMBERS, SPOKEN = "numbers.npy", "spoken.npz"


class Left(NamedTuple):
    """What one worker left."""

    folder: Path
    numbers: Int64Array
    """The number in the whole of each of its commands."""
    spoken: tuple[Spoken, ...]


def write_part(folder: Path, numbers: Int64Array, spoken: tuple[Spoken, ...]) -> None:
    """Write it beside the history."""
    np.save(folder / NUMBERS, numbers)
    whose = np.array([(one.number, one.account) for one in spoken], np.int64).reshape(-1, 2)
    np.savez(folder / SPOKEN, whose, *(one.orders for one in spoken))


def read_part(folder: Path) -> Left:
    """What was written."""
    with np.load(folder / SPOKEN) as stored:
        whose, *orders = (stored[name] for name in stored.files)
    spoken = tuple(Spoken(number, account, ids) for (number, account), ids in zip(whose.tolist(), orders, strict=True))
    return Left(folder, np.load(folder / NUMBERS), spoken)
