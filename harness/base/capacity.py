"""The shape of capacity.json: the trials of a search for the highest rate that keeps the limits, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median_low
from typing import Literal, NamedTuple, TypeAlias, TypeVar

import msgspec

from harness.base.comparison import ComparedHost
from harness.base.judgement import EngineIdentity

SCHEMA = 1
"""Version of capacity.json. 1: first."""

Outcome: TypeAlias = Literal["kept", "broken", "generator", "unknown"]
"""Of one trial: `broken` is laid at the engine's door, `generator` at gonogo's own, `unknown` at nobody's."""
Number = TypeVar("Number", int, float)
Stage: TypeAlias = Literal["warm-up", "climb", "bisect", "confirm"]
Word: TypeAlias = Literal["found", "at least", "none", "generator saturated", "cannot tell"]
"""What a search comes to: a capacity between two rates; every rate that was asked for is kept; not even the lowest is; above the rate that is kept,
gonogo could not keep its own pace; what is above it could not be told."""


TIMES = ("latency", "throughput", "generator_lag", "quiet_host")
"""The checks of a trial that judge times, rates and the machine: the others look for what is wrong."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One run at one rate, on an engine that was started for it."""

    number: int
    stage: Stage
    rate_per_s: float
    """What was asked for, on average."""
    outcome: Outcome
    why: str = ""
    """Of a trial that did not keep the limits."""
    asked_per_s: float | None = None
    """What was due in the windows that were counted whole; None where there are none."""
    answered_per_s: float | None = None
    """What was answered in them."""
    response_ns: dict[str, int] = {}
    """From when a command was due to its first answer: `p50`, `p99`, `p99.9`; empty where nothing was answered."""
    lag_p99_ns: int | None = None
    """How late the generator was by its own doing."""
    held_ns: int = 0
    """How far gonogo was behind at the most since the engine took no more commands: what it slept meanwhile, without having caught up."""
    commands: int
    duration_ns: int
    run: str
    """The run folder, from where capacity.json lies."""


class Tally(NamedTuple):
    """The trials of one rate that count, by what came of them."""

    kept: int
    of: int


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """A limit of the policy on times or rates, which a trial must keep."""

    metric: str
    limit: str
    """As the policy has it, such as `p(99)<10ms`."""


class StatedPeak(msgspec.Struct, frozen=True, kw_only=True):
    """The busiest second on record, as the policy states it for the use."""

    commands_per_s: float
    source: str


class Capacity(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of capacity.json."""

    schema: int = SCHEMA
    started_utc: str
    wall_s: float
    gonogo: str
    engine: EngineIdentity
    inside: bool
    """Whether the engine works inside gonogo: then what gonogo takes itself counts as the engine's slowness."""
    host: ComparedHost
    """The machine that all trials were made on."""
    scenario: str
    use: str
    seed: int
    limits: tuple[Limit, ...]
    checks: tuple[str, ...]
    """What judged each trial."""
    policy_sha256: str
    from_per_s: float
    to_per_s: float
    length_ns: int
    """Of a trial, the warm-up among it."""
    warm_up_ns: int
    """What of each trial is not timed, at its beginning."""
    repeats: int
    workers: int
    """Processes that sent the commands; 0: gonogo itself did."""
    word: Word
    why: str
    """In a sentence, what the word rests on."""
    exit: int
    kept_per_s: float | None = None
    """The highest rate that is kept; None: none is."""
    kept: Tally = Tally(0, 0)
    above_per_s: float | None = None
    """The lowest rate that is not; None: all are that were asked for."""
    above: Tally = Tally(0, 0)
    sure: float | None = None
    """With what confidence, 0 to 1, the rate that is kept as often as not lies between the two; None: they were not repeated."""
    peak: StatedPeak | None = None
    headroom: float | None = None
    """How many times the stated peak is kept; None: none is stated, or no rate is kept."""
    ended: str = ""
    """Why the search ended before it was through; empty: it was not."""
    again: str
    """The command that searches anew."""
    trials: tuple[Trial, ...]
    """Every trial, in the order in which they were made."""

    def correctness(self) -> tuple[str, ...]:
        """Those of the checks in which a single violation breaks a trial."""
        return tuple(name for name in self.checks if name not in TIMES)


class Rate(NamedTuple):
    """All trials of one rate, in the middle."""

    rate_per_s: float
    tally: Tally
    outcome: Outcome
    """What most of them came to; in doubt what speaks against the rate."""
    why: str
    """Of the newest that came to that."""
    answered_per_s: float | None
    response_ns: dict[str, int]
    lag_p99_ns: int | None


def by_rate(trials: Sequence[Trial]) -> tuple[Rate, ...]:
    """The trials that count, by rising rate."""
    counted = [one for one in trials if one.stage != "warm-up"]
    return tuple(
        _rate([one for one in counted if one.rate_per_s == rate])
        for rate in sorted({one.rate_per_s for one in counted})
    )


def _rate(same: Sequence[Trial]) -> Rate:
    outcomes = [one.outcome for one in same]
    ranked: tuple[Outcome, ...] = ("broken", "generator", "unknown", "kept")
    outcome = max(ranked, key=outcomes.count)
    names = dict.fromkeys(name for one in same for name in one.response_ns)
    return Rate(
        rate_per_s=same[0].rate_per_s, tally=Tally(outcomes.count("kept"), len(same)), outcome=outcome,
        why=next(one.why for one in reversed(same) if one.outcome == outcome),
        answered_per_s=_middle([one.answered_per_s for one in same]),
        response_ns={name: median_low([one.response_ns[name] for one in same if name in one.response_ns]) for name in names},
        lag_p99_ns=_middle([one.lag_p99_ns for one in same]),
    )  # fmt: skip


def _middle(values: Sequence[Number | None]) -> Number | None:
    known = [value for value in values if value is not None]
    return median_low(known) if known else None
