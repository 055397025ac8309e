"""What came of trying an engine with hand-made cases, many seeds and the state machine: as data that is printed and that other tools read."""

from __future__ import annotations

from typing import Literal

import msgspec

from harness.base.findings import Finding

SCHEMA = 2
"""Version of what `gonogo explore --json` prints. 1: first. 2: searches of the state machine."""


class CaseOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one hand-made case."""

    name: str
    about: str
    outcome: Literal["pass", "fail", "left out"]
    """left out: the engine does not offer what it is about, its conventions are others, or its wire cannot say a command of it."""
    why: str = ""
    finding: Finding | None = None


class SeedOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the flow of one seed."""

    seed: int
    scenario: str
    commands: int
    findings: tuple[Finding, ...]


class MachineOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one search of the state machine."""

    seed: int
    commands: int = 0
    """Sent while it searched."""
    findings: tuple[Finding, ...] = ()
    """What all checks say of the few commands that are left of what failed."""
    script: str = ""
    """Those commands in words, with what came of each."""
    tape: str = ""
    """The file that they are kept in, where that was asked for; a test and the script lie beside it."""
    failure: str = ""
    """What the engine failed with where there are no commands to show for it: it did not start, or went wrong once."""
    again: str = ""
    """The command that sees it again; empty where there is nothing to see."""

    def failed(self) -> bool:
        """Whether the engine did anything wrong."""
        return bool(self.findings or self.failure)


class Exploration(msgspec.Struct, frozen=True, kw_only=True):
    """All of one call."""

    schema: int = SCHEMA
    gonogo: str
    engine: str
    cases: tuple[CaseOutcome, ...]
    seeds: tuple[SeedOutcome, ...]
    machines: tuple[MachineOutcome, ...] = ()

    def failed(self) -> bool:
        """Whether anything was found."""
        return (
            any(one.outcome == "fail" for one in self.cases)
            or any(one.findings for one in self.seeds)
            or any(one.failed() for one in self.machines)
        )
