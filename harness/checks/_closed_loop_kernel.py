"""The thinning of a run to what a tester that waits for its answers could have sent, as a kernel: each command hangs on the one before it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.base.records import Int64Array


def _thin(
    free_ns: Int64Array, rows: Int64Array, sent_ns: Int64Array, came_ns: Int64Array, counts: npt.NDArray[np.bool_]
) -> None:
    """Say of each command, by the time sent, whether it counts; `free_ns` is when the connection of each row may send again."""
    for at in range(len(rows)):
        row = rows[at]
        if sent_ns[at] >= free_ns[row]:
            free_ns[row] = came_ns[at]
            counts[at] = True


thin = compiled(_thin)
