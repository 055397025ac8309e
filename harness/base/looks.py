"""When a comparison is looked at, and what each look may spend: looking on and stopping then finds no more by luck than one look would.

The looks are fixed before the first pair is run, and each has an equal part of the levels. So the chances of their mistakes add up to no
more than the levels, however one look hangs on the next and whenever it is stopped: Bonferroni takes nothing else for granted. Bounds that
count on the looks' being alike (S. Pocock 1977, P. O'Brien and T. Fleming 1979) are a little less strict, but rest on sums that are normal.
The intervals of all looks together are repeated ones (C. Jennison and B. Turnbull, "Interim analyses: the repeated confidence interval
approach", 1989).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from harness.base.stats import CONFIDENCE

ALPHA = 0.01
"""How often, at most, a comparison of a build with itself may find any metric significant, at any of its looks."""
LOOKS_MOST = 5
"""More would cost each of them more than they find."""


class Level(NamedTuple):
    """What one look may spend."""

    alpha: float
    """Below which chance a difference is significant."""
    confidence: float
    """Of its intervals."""


def level(looks: int) -> Level:
    """An equal part of both for each of so many looks."""
    return Level(ALPHA / looks, 1 - (1 - CONFIDENCE) / looks)


def looks(first: int, most: int) -> tuple[int, ...]:
    """After how many pairs each look comes: at the first, then in equal steps up to the most, LOOKS_MOST altogether.

    Raises:
        ValueError: the most are fewer than the first.
    """
    if not 1 <= first <= most:
        raise ValueError(f"no look comes after {first} pairs of {most} at the most")
    further = min(LOOKS_MOST, math.ceil(most / first)) - 1
    return (first, *(first + round((most - first) * step / further) for step in range(1, further + 1)))
