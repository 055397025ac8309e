"""What two builds' runs come to, a metric at a time: the difference with its interval, and one of four words for it. Pure functions.

A word is given on two grounds that must agree, after the custom of this house that a limit is kept or broken by a whole interval:

    slower       the difference is significant, and the whole interval lies beyond the budget
    faster       the same on the other side
    no change    the whole interval lies within the budget, on both sides
    cannot tell  neither

Figures are compared as logarithms, so that a change is a share and twice as slow is as far from the middle as twice as fast.
Where pairs are looked at more than once, each look has its part of the levels (`harness/base/looks.py`).
Source of the correction: S. Holm, "A simple sequentially rejective multiple test procedure", 1979.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from harness.base import ranks
from harness.base.comparison import METRICS, Difference, Word
from harness.base.looks import Level, level

EXITS: dict[Word, int] = {"no change": 0, "faster": 0, "slower": 1, "cannot tell": 2}
FEW = "so few runs bound no difference"

Float64Array: TypeAlias = npt.NDArray[np.float64]


class Sample(NamedTuple):
    """The runs of both builds, as one metric of one scenario measured them; each value above 0."""

    scenario: str
    metric: str
    base: Float64Array
    head: Float64Array
    paired: bool
    """Whether runs of the same place were made side by side: both shapes (n,)."""
    budget_pct: float | None
    doubt: str = ""
    """Why the figures say nothing of the engine, whatever they are."""


def compare(samples: Sequence[Sample], looks: int = 1) -> tuple[Difference, ...]:
    """What each sample comes to at one of so many looks, corrected for how many of them decide."""
    spends = level(looks)
    told = [_difference(sample, spends.confidence) for sample in samples]
    deciding = [at for at, sample in enumerate(samples) if sample.budget_pct is not None]
    corrected = dict(zip(deciding, holm([told[at].p for at in deciding]), strict=True))
    return tuple(
        _worded(one, corrected.get(at), samples[at].doubt, spends) for at, one in enumerate(told)
    )  # fmt: skip


def overall(differences: Sequence[Difference]) -> Word:
    """What all that decide come to: slower if any is, else doubt if there is any, else faster if any is.

    Nothing that decides is doubt too.
    """
    words = {one.word for one in differences if one.budget_pct is not None}
    for word in ("slower", "cannot tell", "faster"):
        if word in words:
            return word
    return "no change" if words else "cannot tell"


def is_settled(differences: Sequence[Difference]) -> bool:
    """Whether further pairs can add nothing: the word is told, or it is not for want of pairs that it cannot be."""
    if overall(differences) != "cannot tell":
        return True
    return not any(
        one.budget_pct is not None and one.word == "cannot tell" and one.why in {"", FEW} for one in differences
    )


def holm(chances: Sequence[float]) -> list[float]:
    """Each chance corrected for being one of so many: below a level it is found by luck no oftener than that level, over all of them."""
    corrected = [1.0] * len(chances)
    least = 0.0
    for place, at in enumerate(sorted(range(len(chances)), key=chances.__getitem__)):
        least = max(least, min(1.0, (len(chances) - place) * chances[at]))
        corrected[at] = least
    return corrected


def fewest_pairs(deciding: int, looks: int = 1) -> int:
    """The pairs under which no difference, however large, is significant in the first of so many metrics."""
    # All differences on one side: one of 2 ** pairs ways to deal signs, at both ends.
    return math.ceil(1 + math.log2(max(deciding, 1) / level(looks).alpha))


def _difference(sample: Sample, confidence: float) -> Difference:
    """Without its word."""
    metric = METRICS[sample.metric]
    # The log of a cost: what is better when higher costs its inverse.
    sign = -1.0 if metric.better == "higher" else 1.0
    base, head = sign * np.log(sample.base), sign * np.log(sample.head)
    p_mann_whitney = ranks.rank_sum_p(base, head)
    if sample.paired:
        change, p = ranks.paired_shift(head - base, confidence), ranks.sign_p(head - base)
    else:
        change, p = ranks.shift(base, head, confidence), p_mann_whitney
    low, high = np.quantile(sample.base, (0.25, 0.75))
    median = float(np.median(sample.base))
    return Difference(
        scenario=sample.scenario, metric=sample.metric, unit=metric.unit, base=median, head=float(np.median(sample.head)),
        spread_pct=100 * float(high - low) / median, change_pct=_pct(change.value), low_pct=_end(change.low), high_pct=_end(change.high),
        p=p, p_mann_whitney=p_mann_whitney, p_corrected=None, budget_pct=sample.budget_pct, word="cannot tell",
    )  # fmt: skip


def _worded(one: Difference, corrected: float | None, doubt: str, spends: Level) -> Difference:
    word, why = "cannot tell", doubt
    if not doubt:
        word = _word(one, corrected, spends.alpha)
        why = "" if one.low_pct is not None else FEW
    return msgspec.structs.replace(one, p_corrected=corrected, word=word, why=why)


def _word(one: Difference, corrected: float | None, alpha: float) -> Word:
    """The word, where there is a budget to hold the interval against; else nothing is decided."""
    if one.budget_pct is None or one.low_pct is None or one.high_pct is None or corrected is None:
        return "cannot tell"
    # As far down as up, on the scale on which costs are compared: 5 % more, or 1 / 1.05 of it.
    budget, within = one.budget_pct, _pct(-math.log1p(one.budget_pct / 100))
    if within <= one.low_pct and one.high_pct <= budget:
        return "no change"
    if corrected >= alpha:
        return "cannot tell"
    if one.low_pct > budget:
        return "slower"
    return "faster" if one.high_pct < within else "cannot tell"


def _pct(logarithm: float) -> float:
    return 100 * math.expm1(logarithm)


def _end(logarithm: float) -> float | None:
    return _pct(logarithm) if math.isfinite(logarithm) else None
