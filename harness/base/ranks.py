"""Two samples held against each other by signs and ranks: exact tests, and the shift between them with its interval.

Times of a shared machine have long tails, several modes and now and then a stall; signs and ranks ask for no shape of theirs. Both tests
are counted out, ties as they are; the ranks of more runs than are worth counting are taken as normal. Each interval is its test turned
round, so that the two never contradict each other: it holds the shifts that the test does not refuse.

Pairs are held by their signs alone. Where noise is normal, signed ranks do with two thirds of the pairs, but few are enough there; where one run
in three lands in a mode that is a quarter slower, the pairs that it parts have the highest ranks and outweigh those that say something:
signed ranks then want some four times as many pairs as signs do.
Sources: W. Dixon and A. Mood 1946; H. Mann and D. Whitney 1947; J. Hodges and E. Lehmann 1963; M. Hollander, D. Wolfe and E. Chicken,
Nonparametric Statistical Methods, sections 3.4 to 3.6 and 4.1 to 4.3.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.findings import Interval

COUNTED_MOST = 100
"""Runs of both samples, above which rank sums are taken as normal: to count out twice as many takes sixteen times as long."""

Float64Array: TypeAlias = npt.NDArray[np.float64]


def sign_p(differences: Float64Array) -> float:
    """How often differences of pairs lie on one side as often as these where a coin gives each its sign: two-sided, shape (n,).

    Pairs without a difference say nothing and are left out (Dixon and Mood's own way).
    """
    moved = differences[differences != 0]
    return _two_sided(_coins(moved.size), int((moved > 0).sum()))


def rank_sum_p(base: Float64Array, head: Float64Array) -> float:
    """How often the ranks of two samples part as far as these where only chance deals them: Mann-Whitney, two-sided; both not empty."""
    ranks = _doubled_ranks(np.concatenate((base, head)))
    if len(ranks) > COUNTED_MOST:
        return _normal_rank_sum_p(ranks, len(head))
    return _two_sided(_deal_sums(tuple(sorted(ranks)), len(head)), sum(ranks[len(base) :]))


def paired_shift(differences: Float64Array, confidence: float) -> Interval:
    """By how much pairs differ: the median of their differences, with its interval; shape (n,), n >= 1."""
    return _middle(np.sort(differences), _coins(len(differences)), confidence)


def shift(base: Float64Array, head: Float64Array, confidence: float) -> Interval:
    """By how much the head lies above the base: the median of all differences between them, with its interval; both not empty."""
    apart = np.sort((head[:, np.newaxis] - base).ravel())
    count = len(base) + len(head)
    # Ranks are doubled, and a rank sum of the head begins at the sum of its lowest ranks.
    least = len(head) * (len(head) + 1)
    return _middle(apart, _deal_sums(tuple(range(2, 2 * count + 2, 2)), len(head))[least::2], confidence)


def _middle(values: Float64Array, chances: Float64Array, confidence: float) -> Interval:
    """The median of sorted values, and those so far from the ends that a test of this confidence no longer refuses them.

    `chances` are those of so many of the values' lying below the truth.

    Too few runs refuse nothing: then the interval has no ends.
    """
    tails = np.cumsum(chances)
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
def _coins(count: int) -> Float64Array:
    """The chance of each number of heads of so many coins."""
    chances = np.ones(1)
    for _ in range(count):
        chances = (np.append(chances, 0.0) + np.append(0.0, chances)) / 2
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


def _normal_rank_sum_p(ranks: list[int], dealt: int) -> float:
    """Two-sided, of the last `dealt` of doubled ranks, by their sum's mean and spread over all deals, ties as they are; half a rank is given away."""
    count = len(ranks)
    apart = abs(sum(ranks[-dealt:]) - dealt * (count + 1))
    spread = math.sqrt(dealt * (count - dealt) / (count - 1) * float(np.var(ranks)))
    return math.erfc(max(apart - 1, 0) / spread / math.sqrt(2)) if spread else 1.0


def _two_sided(chances: Float64Array, seen: int) -> float:
    """Twice the smaller tail, the seen sum with it."""
    return min(1.0, 2 * min(float(chances[: seen + 1].sum()), float(chances[seen:].sum())))
