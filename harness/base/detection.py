"""What the checks saw of engines that are broken on purpose, and of healthy ones: as data that is printed, stored and drawn."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

SCHEMA = 1
"""Version of what `gonogo specimens --json` prints. 1: first."""
State: TypeAlias = Literal["caught", "misnamed", "missed", "not_run"]
"""caught: a check that is meant to see it did; misnamed: others did; missed: none did; not_run: it could not be driven."""


class Small(msgspec.Struct, frozen=True, kw_only=True):
    """How few commands show a defect."""

    commands: int
    tries: int
    """How many tapes were tried for that."""
    seconds: float


class SpecimenResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one engine that is broken on purpose."""

    name: str
    kind: str
    about: str
    state: State
    expected: tuple[str, ...]
    """The checks that are meant to see it."""
    caught_by: tuple[str, ...] = ()
    """The checks that found something in the tape that ended the search; in any tape where none was meant to."""
    scenario: str = ""
    """Whose flow it was."""
    commands: int = 0
    """How many commands were sent up to the one at which it was first seen; all, where it was not."""
    seconds: float = 0.0
    shrunk: Small | None = None
    """The smallest tape found that shows it; None where none was looked for."""
    least_commands: int = 0
    """How many it takes by its nature."""
    why: str = ""
    """Why it is not caught."""


class HealthyResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the checks said of an engine that is not broken."""

    name: str
    adapter: str
    seeds: int
    commands: int
    findings: int
    first: str = ""
    """The first finding, in words."""


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """How many specimens ended in each state, and how many findings there were on healthy engines."""

    caught: int
    misnamed: int
    missed: int
    not_run: int
    false_alarms: int


class Detection(msgspec.Struct, frozen=True, kw_only=True):
    """The detection matrix."""

    schema: int = SCHEMA
    gonogo: str
    seed: int
    wall_s: float
    specimens: tuple[SpecimenResult, ...]
    healthy: tuple[HealthyResult, ...]
    totals: Totals

    def exit_code(self) -> int:
        """0: all is caught and no healthy engine has a finding; 2: what is short of that is only what could not be driven; else 1."""
        totals = self.totals
        if totals.misnamed or totals.missed or totals.false_alarms:
            return 1
        return 2 if totals.not_run else 0

    def to_detect(self) -> tuple[int, ...]:
        """Commands up to the detection of each defect that was caught and does not take many by its nature."""
        return tuple(one.commands for one in self.specimens if one.state == "caught" and not one.least_commands)

    def to_show(self) -> tuple[int, ...]:
        """Commands of the smallest tape of each such defect."""
        return tuple(one.shrunk.commands for one in self.specimens if one.shrunk and not one.least_commands)

    def counting(self) -> int:
        """How many defects take many commands by their nature: a counter that wraps, a table that fills."""
        return sum(bool(one.least_commands) for one in self.specimens)

    def short(self) -> dict[str, int]:
        """How many fell short, by how, in words."""
        totals = self.totals
        counts = {"misnamed": totals.misnamed, "missed": totals.missed, "not run": totals.not_run}
        return {word: count for word, count in counts.items() if count}


def totals(specimens: tuple[SpecimenResult, ...], healthy: tuple[HealthyResult, ...]) -> Totals:
    """Count them."""
    states = [one.state for one in specimens]
    return Totals(
        caught=states.count("caught"), misnamed=states.count("misnamed"), missed=states.count("missed"), not_run=states.count("not_run"),
        false_alarms=sum(one.findings for one in healthy),
    )  # fmt: skip
