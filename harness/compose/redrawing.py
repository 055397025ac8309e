"""Draws the commands of a scenario again from its seed, where a bounded history dropped them.

The flow is told as data, so that judging runs no file that the evidence names: a bundled flow with its settings.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np

from harness.base import discover
from harness.base.errors import SetupError
from harness.base.records import COMMAND, Commands
from harness.base.seeds import Seed
from harness.compose import plugs
from harness.evidence.archive import Archive
from harness.evidence.history import NotDrawnAgainError, Redraw
from harness.evidence.run import FlowRecipe
from harness.flows import Flow


def recipe(flow: Flow) -> FlowRecipe | None:
    """The flow as data; None where it is not a bundled one, or needs more than its settings, such as a recorded file."""
    name = type(flow).__module__.removeprefix(f"{plugs.FLOWS}.")
    if name not in discover.names(plugs.FLOWS):
        return None
    try:
        told = FlowRecipe(plug=name, settings=msgspec.json.encode(flow).decode())
        return told if _flow(told) == flow else None
    except (TypeError, SetupError, msgspec.MsgspecError):
        return None


def redraw(archive: Archive, scenario: str) -> Redraw:
    """Gives the commands by their numbers, in rising order.

    Raises:
        NotDrawnAgainError: the seed alone does not give them.
    """
    told = archive.scenario(scenario).recipe
    if told is None:
        raise NotDrawnAgainError(
            f"the commands of {scenario} cannot be drawn again: its flow is not told by settings alone"
        )
    try:
        flow = _flow(told)
    except (SetupError, msgspec.MsgspecError) as error:
        raise NotDrawnAgainError(f"the commands of {scenario} cannot be drawn again: {error}") from error
    return _Drawn(flow.batches(Seed(archive.run.seed).branch(scenario))).take


def _flow(told: FlowRecipe) -> Flow:
    plug = discover.load(plugs.FLOWS, told.plug, "FLOW")
    flow: Flow = msgspec.json.decode(told.settings, type=plug)
    return flow


class _Drawn:
    """The flow's commands with their numbers, read on and on."""

    def __init__(self, batches: Iterator[Commands]) -> None:
        self._batches = batches
        self._ahead: Commands = np.zeros(0, COMMAND)
        self._first = 1
        """The number of the first command that is ahead."""

    def take(self, first: int, count: int) -> Commands:
        """The commands first..first+count-1; fewer where the flow ends before."""
        parts: list[Commands] = []
        while count and self._fill():
            skipped = min(max(first - self._first, 0), len(self._ahead))
            part = self._ahead[skipped : skipped + count].copy()
            self._ahead = self._ahead[skipped + len(part) :]
            self._first += skipped + len(part)
            part["number"] = np.arange(self._first - len(part), self._first, dtype=np.uint64)
            first, count = first + len(part), count - len(part)
            parts.append(part)
        return np.concatenate([np.zeros(0, COMMAND), *parts])

    def _fill(self) -> bool:
        """Whether there is a command ahead; draws one batch more where there is none."""
        if not len(self._ahead):
            self._ahead = next(self._batches, self._ahead)
        return bool(len(self._ahead))
