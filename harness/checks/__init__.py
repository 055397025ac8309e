"""The socket of the checks: one invariant or one measure a file.

A new check is one file here: a fold (`add`, `facts`), and the public name `CHECK` bound to a `CheckPlug`. A check never sees
an engine, imports no other check, and is proven by a specimen in `engines/specimens` that it catches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.evidence.fold import Fold, Metric, RunInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPlug:
    """A check as data: what it holds the engine to, what it needs, and how its fold starts."""

    about: str
    start: Callable[[RunInfo], Fold]
    needs: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    least: int = 1
    metrics: tuple[Metric, ...] = ()
