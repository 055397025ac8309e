"""Recorded days for tests: made by hand from lines, and the real one where its data folder is there."""

import os
from pathlib import Path

import numpy as np
import pytest

from harness.wire.mbo_csv import LAST, MBO, NO_PRICE

DATA = Path(os.environ.get("GONOGO_DATA", Path(__file__).parents[3] / "shared" / "data"))
ESH4 = DATA / "esh4_20231225_mbo.csv.gz"
needs_esh4 = pytest.mark.skipif(not ESH4.is_file(), reason=f"no real day at {ESH4}; set GONOGO_DATA to its folder")


def day(text):
    """Records from lines such as `A B 100 5 #1`; a line that ends in `+` does not end its event."""
    rows = []
    for at, line in enumerate(text.strip().splitlines(), 1):
        action, side, price, size, order, *more = line.split()
        price_1e9 = NO_PRICE if price == "none" else int(price) * 10**9
        rows.append((at, at, at, action, side, price_1e9, int(size), int(order[1:]), 0 if more else LAST, 0))
    return np.array(rows, MBO)
