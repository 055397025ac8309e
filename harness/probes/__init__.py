"""The socket of the probes: each reads one source of samples from outside the engine.

A new probe is one file here with the public name `PROBE`: a callable that takes a `harness.target.Target`, which says at each look which processes are the
engine's and which gonogo's own, and gives a `Probe`. What gonogo itself uses has names that begin with `harness_`. A probe is read on the thread
that drives the engine: what it takes, commands may be late by.
"""

from __future__ import annotations

from typing import Protocol


class Probe(Protocol):
    """One source of samples."""

    columns: tuple[str, ...]
    """The names of its values, with the unit last."""

    def read(self) -> tuple[float, ...]:
        """The values now; a value that cannot be had is NaN, and never 0."""
        ...
