"""The socket of the probes: each reads one source of samples from outside the engine.

A new probe is one file here with the public name `PROBE`: a callable that takes the engine's process id (0: it runs inside
gonogo) and gives a `Probe`.
"""

from __future__ import annotations

from typing import Protocol


class Probe(Protocol):
    """One source of samples."""

    columns: tuple[str, ...]
    """The names of its values, with the unit last."""

    def read(self) -> tuple[float, ...]:
        """The values now; a value that cannot be had is NaN."""
        ...
