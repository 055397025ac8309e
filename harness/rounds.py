"""Lets the cases of a bench take turns and makes figures of their rounds; a fixed piece of work beside them tells how noisy the host is."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence

import msgspec

from harness.bench import NO_GOAL, Case, Category, Goal, Round, Unit

SPIN_STEPS = 200_000
SPINS = 15


class Result(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One figure as `gonogo bench --json` gives it; without `median` where the work was not right."""

    name: str
    category: Category
    unit: Unit
    better: str
    runs: tuple[float, ...]
    cold_s: float
    """What the first round took; where it loads or compiles kernels it is not among the runs."""
    correct: bool
    median: float | None = None
    spread_pct: float | None = None
    baseline: str = ""
    ratio: float | None = None
    """How many times as good as the baseline."""
    goal: str = ""
    reached: bool | None = None
    about: str = ""


def measure(cases: Sequence[Case], rounds: int, tell: Callable[[str], None]) -> list[Result]:
    """One warm round of each case that needs it, then `rounds` in turns; at least one.

    Raises:
        ValueError: a case names a baseline that is not among the cases.
    """
    names = {case.name for case in cases}
    if strange := [case.baseline for case in cases if case.baseline and case.baseline not in names]:
        raise ValueError(f"there is no case {strange[0]!r} to compare with")
    taken: dict[str, list[Round]] = {case.name: [] for case in cases}
    for turn in range(rounds + 1):
        for case in cases:
            if (turn or case.warms) and turn <= case.most_rounds:
                tell(f"{case.name}, {f'round {turn} of {rounds}' if turn else 'warm-up'}")
                taken[case.name].append(_turn(case))
    medians = {case.name: _median(case, taken[case.name]) for case in cases}
    return [_result(case, taken[case.name], medians) for case in cases]


def noise_pct() -> float:
    """How much longer than the fastest the slow ones of a few equal pieces of work took, in percent: what others do to this host."""
    times = sorted(_spin_ns() for _ in range(SPINS))
    return round(100 * (times[-2] - times[0]) / times[0], 1)


def _turn(case: Case) -> Round:
    gc.collect()
    gc.disable()
    try:
        return case.run()
    finally:
        gc.enable()


def _spin_ns() -> int:
    begun_ns = time.perf_counter_ns()
    total = 0
    for step in range(SPIN_STEPS):
        total += step
    return time.perf_counter_ns() - begun_ns


def _value(case: Case, one: Round) -> float:
    seconds = max(one.elapsed_ns, 1) / 1e9
    return {"1/s": case.amount / seconds, "ns": one.elapsed_ns / case.amount, "s": seconds}[case.unit]


def _values(case: Case, rounds: list[Round]) -> list[float]:
    """Of the rounds that count."""
    return [_value(case, one) for one in rounds[case.warms :]]


def _median(case: Case, rounds: list[Round]) -> float | None:
    """None where a round was not right."""
    if not all(one.right for one in rounds):
        return None
    return statistics.median(_values(case, rounds))


def _result(case: Case, rounds: list[Round], medians: dict[str, float | None]) -> Result:
    higher = case.unit == "1/s"
    runs = _values(case, rounds)
    median, base = medians[case.name], medians.get(case.baseline)
    ratio = None
    if median and base:
        ratio = median / base if higher else base / median
    return Result(
        name=case.name, category=case.category, unit=case.unit, better="higher" if higher else "lower",
        runs=tuple(round(value, 4) for value in runs), cold_s=round(rounds[0].elapsed_ns / 1e9, 3), correct=median is not None,
        median=None if median is None else round(median, 4),
        spread_pct=None if median is None else round(100 * (max(runs) - min(runs)) / median, 1),
        baseline=case.baseline, ratio=None if ratio is None else float(f"{ratio:.4g}"), goal=_told(case.goal, case.unit),
        reached=_reached(case.goal, median, ratio), about=case.about,
    )  # fmt: skip


def _told(goal: Goal, unit: Unit) -> str:
    of = {"1/s": "/s", "ns": "ns", "s": "s"}[unit]
    words = [
        "" if goal.ratio is None else f">={goal.ratio:g}x",
        "" if goal.least is None else f">={goal.least:.0f}{of}",
        "" if goal.most is None else f"<={goal.most:g}{of}",
    ]
    return ", ".join(filter(None, words))


def _reached(goal: Goal, median: float | None, ratio: float | None) -> bool | None:
    """None where there is no goal; False where there is nothing to hold against it."""
    if goal == NO_GOAL:
        return None
    if median is None or (goal.ratio is not None and ratio is None):
        return False
    return (
        (goal.ratio is None or (ratio or 0) >= goal.ratio)
        and (goal.least is None or median >= goal.least)
        and (goal.most is None or median <= goal.most)
    )
