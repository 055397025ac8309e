"""The seed bank: a file with a line for each seed that once failed, and all that it takes to try it again as it was."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest

FOLDER = ".gonogo"
"""Below pytest's root folder."""
NAME = "seeds"
TRIED = 50
"""How many of an engine's seeds are tried: the newest."""


class FlowSeed(NamedTuple):
    """A seed of a flow; its line is `SEED COMMANDS ENGINE`."""

    seed: int
    commands: int

    def line(self, engine: str) -> str:
        """As the bank keeps it."""
        return f"{self.seed} {self.commands} {engine}"


class MachineSeed(NamedTuple):
    """A seed of the state machine; its line is `machine SEED EXAMPLES STEPS ENGINE`."""

    seed: int
    examples: int
    steps: int

    def line(self, engine: str) -> str:
        """As the bank keeps it."""
        return f"machine {self.seed} {self.examples} {self.steps} {engine}"


Kept: TypeAlias = FlowSeed | MachineSeed
_FLOW = re.compile(r"(\d+) (\d+) (.+)")
_MACHINE = re.compile(r"machine (\d+) (\d+) (\d+) (.+)")


def newest(config: pytest.Config) -> list[Kept]:
    """The seeds that failed with this engine before, the newest first."""
    engine = config.getoption("--gonogo-engine")
    path = _path(config)
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    known = dict.fromkeys(kept for line in reversed(lines) if (kept := _read(line, engine)))
    return list(known)[:TRIED]


def remember(config: pytest.Config, kept: Kept) -> None:
    """Put the seed into the bank, unless it is there; a line is written at once, since several workers may write."""
    if kept in newest(config):
        return
    path = _path(config)
    path.parent.mkdir(exist_ok=True)
    with path.open("ab", buffering=0) as bank:
        bank.write(f"{kept.line(config.getoption('--gonogo-engine'))}\n".encode())


def folder(config: pytest.Config) -> Path:
    """Where the plugin keeps what it finds."""
    return config.rootpath / FOLDER


def _path(config: pytest.Config) -> Path:
    return folder(config) / NAME


def _read(line: str, engine: str) -> Kept | None:
    """The seed of a line, if it is one of this engine; a line that is none, such as one of a later version, is left alone."""
    if (flow := _FLOW.fullmatch(line)) and flow[3] == engine:
        return FlowSeed(int(flow[1]), int(flow[2]))
    if (machine := _MACHINE.fullmatch(line)) and machine[4] == engine:
        return MachineSeed(int(machine[1]), int(machine[2]), int(machine[3]))
    return None
