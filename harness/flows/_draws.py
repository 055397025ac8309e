"""Chance for the kernels that draw commands: integers alone, so that a seed gives the same commands on every machine.

The words are those of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). A value of
some distribution is one of its quantiles, looked up in a table.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.base.records import Int64Array
from harness.base.seeds import Seed

Random = npt.NDArray[np.uint64]
"""One word: where in its sequence a source of chance stands."""
U, S = np.uint64, np.int64
GOLDEN, FIRST, SECOND = U(0x9E3779B97F4A7C15), U(0xBF58476D1CE4E5B9), U(0x94D049BB133111EB)
HALF = U(32)
QUANTILES = 4_096
"""Of a distribution: what comes up less often than one in so many is cut off."""


def random_of(seed: Seed, name: str) -> Random:
    """A source of chance that depends on the seed and the name alone."""
    return seed.stream(name).integers(0, 2**64, 1, dtype=np.uint64)


def _word(random: Random) -> Any:
    """The next 64 random bits."""
    random[0] += GOLDEN
    word = random[0]
    word = (word ^ (word >> U(30))) * FIRST
    word = (word ^ (word >> U(27))) * SECOND
    return word ^ (word >> U(31))


word = compiled(_word, inline=True)


def _below(random: Random, count: Any) -> Any:
    """A number from 0 to count - 1, each alike but for one part in 2**32 / count; count is at most 2**32."""
    return S(((word(random) >> HALF) * U(count)) >> HALF)


below = compiled(_below, inline=True)


def _one_of(random: Random, table: Int64Array) -> Any:
    """An entry of the table, each alike."""
    return table[below(random, len(table))]


one_of = compiled(_one_of, inline=True)


def quantiles() -> npt.NDArray[np.float64]:
    """The middles of equal parts of 0 to 1."""
    return (np.arange(QUANTILES) + 0.5) / QUANTILES


def geometric(chance: float) -> Int64Array:
    """Equally likely values, from 1 on, of a geometric distribution with this chance of ending."""
    values: Int64Array = np.ceil(np.log1p(-quantiles()) / np.log1p(-chance)).astype(np.int64)
    return values
