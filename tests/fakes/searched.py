"""Simulated engines for the search of a capacity: what a trial at a rate comes to, drawn from a seed."""

from __future__ import annotations

import numpy as np

from harness.base.ladder import Ladder, Tried, next_ask

MOST = 200
"""Trials that no search may need."""


def searched(ladder, outcome_at, repeats=5):
    """All trials of a search; `outcome_at(rate)` says what a trial comes to."""
    tried = []
    while (ask := next_ask(tried, ladder.top, repeats)) is not None:
        assert len(tried) < MOST, "the search does not end"
        tried.append(Tried(ask.rung, ask.stage, outcome_at(ladder.rate_per_s(ask.rung))))
    return tried


def engine(capacity_per_s, *, spread=0.0, spoilt=0.0, seed=1, generator_per_s=float("inf")):
    """Keeps rates up to its capacity, which strays from trial to trial by `spread` (a standard deviation, as a part of it).

    Of the trials that it would keep, the part `spoilt` is broken by something else. Above `generator_per_s` whoever drives it is late.
    """
    draw = np.random.default_rng(seed)

    def outcome_at(rate_per_s):
        if rate_per_s > generator_per_s:
            return "generator"
        keeps = rate_per_s <= capacity_per_s * (1 + spread * draw.standard_normal())
        return "kept" if keeps and draw.random() >= spoilt else "broken"

    return outcome_at


WIDE = Ladder(1_000, 1_000_000)
