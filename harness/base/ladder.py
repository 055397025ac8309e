"""Which rate to try next, and what the tries come to: the search for a capacity as pure functions of the trials so far.

Rates stand on a ladder of equal steps, sixteen a doubling, so each is 4.4 % above the one below it. The search climbs a doubling at a time until
a rate is not kept, halves the gap until it is one rung, and then repeats both rungs in turns, anew: what found them is not counted again, since a
rung that was found by luck would keep its luck. If the repeats speak against a rung, the search goes on from there.

One kept trial is enough to climb on, and a broken one is tried again until one side leads: noise makes a good rate look bad far more often than
a bad one good, and a false step down early would cost most.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from harness.base.capacity import Outcome, Stage, Tally

OCTAVE = 16
"""Rungs a doubling: a step of 4.4 %, so that the last is at most 5 %."""
AGAIN = 2
"""Trials that must speak against a rate, while the search goes on."""
NONE = -1
"""The rung under the lowest one: kept by nobody's asking."""


class Ladder(NamedTuple):
    """The rates that can be tried, between two that were asked for."""

    from_per_s: float
    to_per_s: float

    @property
    def top(self) -> int:
        """The rung of the highest rate."""
        return math.ceil(round(OCTAVE * math.log2(self.to_per_s / self.from_per_s), 9))

    def rate_per_s(self, rung: int) -> float:
        """Four digits, so that it can be typed again; the ends as they were asked for."""
        if rung <= 0:
            return self.from_per_s
        if rung >= self.top:
            return self.to_per_s
        return float(f"{self.from_per_s * 2 ** (rung / OCTAVE):.4g}")


class Tried(NamedTuple):
    """A trial as the search sees it."""

    rung: int
    stage: Stage
    outcome: Outcome


class Ask(NamedTuple):
    """What to try next."""

    rung: int
    stage: Stage


class Bracket(NamedTuple):
    """Where the search stands."""

    low: int
    """The highest rung that is kept under all that are not; NONE where no rung is."""
    high: int | None
    """The lowest rung that is not kept; None where all are that were tried."""


def next_ask(tried: Sequence[Tried], top: int, repeats: int) -> Ask | None:
    """What to try after these trials; None once the search is through. `repeats` is odd."""
    if tried and (opened := _is_open(tried, tried[-1].rung, tried[-1].stage)):
        return opened
    low, high = bracket(tried, repeats)
    if high is None:
        return Ask(min(low + _stride(tried), top), "climb") if low < top else _least_repeated(tried, (top,), repeats)
    if high - low > 1:
        return Ask((low + high) // 2, "bisect")
    return _least_repeated(tried, (high,) if low == NONE else (low, high), repeats)


def bracket(tried: Sequence[Tried], repeats: int) -> Bracket:
    """Between which rungs the capacity lies, by the trials so far."""
    rungs = sorted({one.rung for one in tried if one.stage != "warm-up"})
    not_kept = [rung for rung in rungs if _is_kept(tried, rung, repeats) is False]
    high = min(not_kept, default=None)
    kept = [rung for rung in rungs if _is_kept(tried, rung, repeats) and (high is None or rung < high)]
    return Bracket(max(kept, default=NONE), high)


def tally(tried: Sequence[Tried], rung: int) -> Tally:
    """What speaks for a rung: its repeats, where there are any, else the trials that found it."""
    repeated = _outcomes(tried, rung, repeated=True)
    outcomes = repeated or _outcomes(tried, rung, repeated=False)
    return Tally(outcomes.count("kept"), len(outcomes))


def against(tried: Sequence[Tried], rung: int) -> Outcome:
    """What most of its trials came to that did not keep the limits; the engine's own doing where as many say so as anything else."""
    outcomes = _outcomes(tried, rung, repeated=True) or _outcomes(tried, rung, repeated=False)
    ranked: tuple[Outcome, ...] = ("broken", "generator", "unknown")
    counts = {outcome: outcomes.count(outcome) for outcome in ranked}
    return max(counts, key=counts.__getitem__)


def sureness(tried: Sequence[Tried], found: Bracket) -> float | None:
    """With what confidence the rate that is kept as often as not lies within the bracket, by the sign test of the repeats on both ends.

    The interval that two one-sided tests give has this confidence at the most. Each rung that was repeated is a test, so where the search had to
    move on, the chance of a mistake is multiplied. It takes trials as independent: a host that is slow for minutes makes them less sure than it
    says. None where an end that there is was not repeated.
    """
    if found.low == NONE:
        return None
    ends = [(found.low, "kept")]
    if found.high is not None and against(tried, found.high) == "broken":
        # Else nothing above is laid at the engine's door, and all that can be sure is the lower end.
        ends.append((found.high, "broken"))
    wrong = 0.0
    for rung, side in ends:
        outcomes = [one for one in _outcomes(tried, rung, repeated=True) if one in ("kept", "broken")]
        if not outcomes:
            return None
        wrong += chance_of_at_least([str(one) for one in outcomes].count(side), len(outcomes))
    tests = len({one.rung for one in tried if one.stage == "confirm"})
    return max(1 - wrong * max(tests / len(ends), 1), 0.0)


def chance_of_at_least(hits: int, of: int) -> float:
    """How often a fair coin falls so at least `hits` times."""
    return float(sum(math.comb(of, count) for count in range(hits, of + 1)) / 2**of)


def _stride(tried: Sequence[Tried]) -> int:
    """How far to climb: a doubling, but where repeats spoke for a rung that was taken for too high, one rung, then two, then four."""
    climbed = [one.stage for one in tried if one.stage != "warm-up"]
    if "confirm" in climbed:
        since = climbed[::-1].index("confirm")
        return min(1 << since, OCTAVE)
    return OCTAVE if climbed else 1


def _is_open(tried: Sequence[Tried], rung: int, stage: Stage) -> Ask | None:
    """The same again, where trials of a rung speak neither for it nor against it yet."""
    if stage not in ("climb", "bisect"):
        return None
    return Ask(rung, stage) if _is_led(_outcomes(tried, rung, repeated=False)) is None else None


def _is_kept(tried: Sequence[Tried], rung: int, repeats: int) -> bool | None:
    """By its repeats once most of them agree, before that by the trials that found it; None where these do not say yet."""
    repeated = _outcomes(tried, rung, repeated=True)
    kept = repeated.count("kept")
    most = repeats // 2 + 1
    if kept >= most:
        return True
    return False if len(repeated) - kept >= most else _is_led(_outcomes(tried, rung, repeated=False))


def _is_led(outcomes: Sequence[Outcome]) -> bool | None:
    """Which side leads: one trial is enough for a rate, some are needed against it."""
    kept = outcomes.count("kept")
    other = len(outcomes) - kept
    if kept > other:
        return True
    return False if other >= AGAIN and other > kept else None


def _least_repeated(tried: Sequence[Tried], rungs: Sequence[int], repeats: int) -> Ask | None:
    """In turns, so that what the host does falls on all alike."""
    counts = {rung: len(_outcomes(tried, rung, repeated=True)) for rung in rungs}
    rung = min(counts, key=counts.__getitem__)
    return Ask(rung, "confirm") if counts[rung] < repeats else None


def _outcomes(tried: Sequence[Tried], rung: int, *, repeated: bool) -> list[Outcome]:
    stages = ("confirm",) if repeated else ("climb", "bisect")
    return [one.outcome for one in tried if one.rung == rung and one.stage in stages]
