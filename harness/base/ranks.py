"""Two samples held against each other by ranks: exact tests, and the shift between them with its interval.

Times of a shared machine have long tails, several modes and now and then a stall; ranks ask for no shape of theirs. Both tests are
counted out, ties as they are, and take no approximation: samples here are some dozens of runs. Each interval is its test turned
round, so that the two never contradict each other: it holds the shifts that the test does not refuse.
Sources: F. Wilcoxon 1945; H. Mann and D. Whitney 1947; J. Hodges and E. Lehmann 1963; M. Hollander, D. Wolfe and E. Chicken,
Nonparametric Statistical Methods, sections 3.1 to 3.3 and 4.1 to 4.3.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.findings import Interval

Float64Array: TypeAlias = npt.NDArray[np.float64]


def signed_rank_p(differences: Float64Array) -> float:
    """How often differences of pairs lie to one side as far as these where only chance gives each its sign: two-sided, shape (n,).

    Pairs without a difference say nothing and are left out (Wilcoxon's own way).
    """
    moved = differences[differences != 0]
    if not moved.size:
        return 1.0
    ranks = _doubled_ranks(np.abs(moved))
    return _two_sided(
        _sign_sums(tuple(sorted(ranks))), sum(rank for rank, up in zip(ranks, moved > 0, strict=True) if up)
    )


def rank_sum_p(base: Float64Array, head: Float64Array) -> float:
    """How often the ranks of two samples part as far as these where only chance deals them: Mann-Whitney, two-sided; both not empty."""
    ranks = _doubled_ranks(np.concatenate((base, head)))
    return _two_sided(_deal_sums(tuple(sorted(ranks)), len(head)), sum(ranks[len(base) :]))


def paired_shift(differences: Float64Array, confidence: float) -> Interval:
    """By how much pairs differ: the median of the means of any two differences, with its interval; shape (n,), n >= 1."""
    first, second = np.triu_indices(len(differences))
    means = np.sort((differences[first] + differences[second]) / 2)
    return _middle(means, _sign_sums(tuple(range(2, 2 * len(differences) + 2, 2))), 0, confidence)


def shift(base: Float64Array, head: Float64Array, confidence: float) -> Interval:
    """By how much the head lies above the base: the median of all differences between them, with its interval; both not empty."""
    apart = np.sort((head[:, np.newaxis] - base).ravel())
    count = len(base) + len(head)
    # Ranks are doubled, and a rank sum of the head begins at the sum of its lowest ranks.
    least = len(head) * (len(head) + 1)
    return _middle(apart, _deal_sums(tuple(range(2, 2 * count + 2, 2)), len(head)), least, confidence)


def _middle(values: Float64Array, chances: Float64Array, least: int, confidence: float) -> Interval:
    """The median of sorted values, and those so far from the ends that a test of this confidence no longer refuses them.

    Too few runs refuse nothing: then the interval has no ends.
    """
    tails = np.cumsum(chances[least::2])
    refused = int(np.searchsorted(tails, (1 - confidence) / 2, side="right"))
    if not refused:
        return Interval(float(np.median(values)), -np.inf, np.inf)
    return Interval(float(np.median(values)), float(values[refused - 1]), float(values[-refused]))


def _doubled_ranks(values: Float64Array) -> list[int]:
    """Twice the rank of each value, counted from 1; equal values share the middle of their ranks, so that twice it is whole."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    shared = 2 * last - count + 1
    ranks: list[int] = shared[place].tolist()
    return ranks


@lru_cache(maxsize=64)
def _sign_sums(ranks: tuple[int, ...]) -> Float64Array:
    """The chance of each sum of the ranks with a plus, where a coin gives each its sign."""
    chances = np.zeros(sum(ranks) + 1)
    chances[0] = 1.0
    for rank in ranks:
        chances[rank:] = (chances[rank:] + chances[:-rank]) / 2
        chances[:rank] /= 2
    return chances


@lru_cache(maxsize=64)
def _deal_sums(ranks: tuple[int, ...], dealt: int) -> Float64Array:
    """The chance of each sum of so many of the ranks, where any deal is as likely as another."""
    ways = np.zeros((dealt + 1, sum(ranks) + 1))
    ways[0, 0] = 1.0
    for rank in ranks:
        # numpy takes the right side whole before it writes: no rank is dealt twice.
        ways[1:, rank:] += ways[:-1, :-rank]
    chances: Float64Array = ways[dealt] / ways[dealt].sum()
    return chances


def _two_sided(chances: Float64Array, seen: int) -> float:
    """Twice the smaller tail, the seen sum with it."""
    return min(1.0, 2 * min(float(chances[: seen + 1].sum()), float(chances[seen:].sum())))
