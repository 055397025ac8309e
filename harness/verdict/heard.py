"""What the judge hears: the facts of one check in one scenario, with what it must know of the check and the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from harness.base.findings import Facts
from harness.evidence.fold import Metric, RunInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What the judge must know of a check: the part of its plug that is data."""

    needs: tuple[str, ...]
    marks: tuple[str, ...]
    least: int
    metrics: tuple[Metric, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one check found out in one scenario."""

    check: str
    rule: Rule
    info: RunInfo
    facts: Facts
    basis: Literal["history", "seed", "facts"] = "history"
