"""What came of trying an engine with hand-made cases and many seeds: as data that is printed and that other tools read."""

from __future__ import annotations

from typing import Literal

import msgspec

from harness.base.findings import Finding

SCHEMA = 1
"""Version of what `gonogo explore --json` prints. 1: first."""


class CaseOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one hand-made case."""

    name: str
    about: str
    outcome: Literal["pass", "fail", "left out"]
    """left out: the engine does not offer what it is about, or its conventions are others."""
    why: str = ""
    finding: Finding | None = None


class SeedOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the flow of one seed."""

    seed: int
    scenario: str
    commands: int
    findings: tuple[Finding, ...]


class Exploration(msgspec.Struct, frozen=True, kw_only=True):
    """All of one call."""

    schema: int = SCHEMA
    gonogo: str
    engine: str
    cases: tuple[CaseOutcome, ...]
    seeds: tuple[SeedOutcome, ...]

    def failed(self) -> bool:
        """Whether anything was found."""
        return any(one.outcome == "fail" for one in self.cases) or any(one.findings for one in self.seeds)
