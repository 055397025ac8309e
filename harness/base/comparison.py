"""The shape of comparison.json: what two builds did in the same runs, how far apart they are, and the word for it, a metric each."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from harness.base.judgement import EngineIdentity

SCHEMA = 1
"""Version of comparison.json. 1: first."""

Word: TypeAlias = Literal["no change", "faster", "slower", "cannot tell"]
Better: TypeAlias = Literal["higher", "lower"]


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that every run of a kind gives."""

    unit: str
    about: str
    better: Better = "lower"


METRICS = {
    "throughput": Metric(unit="1/s", better="higher", about="commands answered a second, sent as fast as the engine takes them"),
    "response.p50": Metric(unit="ns", about="from when a command was due to its first answer, in the middle"),
    "response.p99": Metric(unit="ns", about="the same, of which one command in a hundred takes longer"),
    "response.p99.9": Metric(unit="ns", about="the same, of which one command in a thousand takes longer"),
    "service.p50": Metric(unit="ns", about="from when a command was sent to its first answer, in the middle"),
    "cpu": Metric(unit="ns", about="processor time a command, of the engine's processes; of one inside gonogo, with what gonogo takes itself"),
    "memory": Metric(unit="B", about="the most memory of the engine's processes; of one inside gonogo, by how much gonogo's grew"),
}  # fmt: skip


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One run of one build over one scenario."""

    scenario: str
    side: Literal["base", "head"]
    pair: int
    """Counted from 1; runs of one pair follow each other. 0: a stored run, which has no partner."""
    run: str = ""
    """The id of a stored run."""
    values: dict[str, float]
    """What each metric that applies came to."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One metric of one scenario over all runs. Changes are in percent of the base's cost: above 0 is worse, whatever the metric."""

    scenario: str
    metric: str
    unit: str
    base: float
    """The median of the base's runs."""
    head: float
    spread_pct: float
    """How far the base's own runs lie apart, the middle half of them: the noise that a change must stand out of."""
    change_pct: float
    low_pct: float | None
    """The ends of the interval of the change, of the comparison's `confidence`; None: so few runs bound nothing."""
    high_pct: float | None
    p: float
    """How often runs of one build alone would differ so: by signs where runs are pairs, else by Mann-Whitney."""
    p_mann_whitney: float
    """The same by Mann-Whitney, which knows of no pairs."""
    p_corrected: float | None
    """`p` after Holm's correction for all metrics that decide, significant below the comparison's `alpha`; None: this one does not."""
    budget_pct: float | None
    """How much worse it may be; None: it is told and decides nothing."""
    word: Word
    why: str = ""
    """Why it cannot be told, where the figures do not say so themselves."""


class ComparedHost(msgspec.Struct, frozen=True, kw_only=True):
    """The machine that all runs were made on."""

    cpu: str
    cores: int
    kernel: str
    governor: str
    noise_pct: float | None = None
    """How far the time of a fixed piece of work strayed, at the worst of the looks before and after; None: stored runs do not tell."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of comparison.json."""

    schema: int = SCHEMA
    started_utc: str
    gonogo: str
    base: EngineIdentity
    head: EngineIdentity
    host: ComparedHost
    seed: int
    pairs_asked: int
    """How many pairs were to be run before the first look, fixed before the first; 0: stored runs were compared."""
    pairs_most: int
    """How many at the most, where the looks before cannot tell; fixed before the first too."""
    pairs: int
    """How many were."""
    looks: int
    """How often they were looked at."""
    looks_most: int
    """How often they could have been. The levels are split over these: 1 % for all p, 95 % for all intervals of a metric."""
    alpha: float
    """Below which corrected `p` a difference was significant, at each look."""
    confidence: float
    """Of the intervals, at each look."""
    ended: str
    """Why it ended before it could tell or came to the most; empty: it did not."""
    commands: dict[str, int]
    """How many commands a run sends, by scenario."""
    word: Word
    """What all metrics that decide come to."""
    exit: int
    differences: tuple[Difference, ...]
    turns: tuple[Turn, ...]
    """Every run that counts, in the order in which they were made."""
