"""An adapter of one's own, with the plain engine inside gonogo's process, that goes wrong in one way, at one command."""

from __future__ import annotations

import numpy as np

from engines.adapters.plain import PlainInProcess
from harness.base.records import EVENT

FLOOD = 150_000


def _raise(error):
    raise error


STARTS = {"dies at once": lambda: _raise(OSError("no port is free"))}
"""What is done when it is started."""
TAKES = {
    "dies late": lambda: {}["no such level"],
    "eats memory": lambda: bytearray(2**62),
    "prints": lambda: print("to its output"),  # noqa: T201 - that is the point
}
"""What is done at its command."""
GIVES = {
    "never answers": lambda events, mine: events[:0],
    "answers garbage": lambda events, mine: "Segmentation fault imminent",
    "answers twice": lambda events, mine: np.concatenate((events, mine), dtype=EVENT),
    "floods": lambda events, mine: np.concatenate((events, np.repeat(mine, FLOOD)), dtype=EVENT),
}
"""What it gives in place of its events, the first answer to its command among them."""


def hostile(way: str, at: int) -> type[PlainInProcess]:
    """What its file calls `ENGINE`."""

    class Hostile(PlainInProcess):
        name, version = "own", "0.1"

        def start(self):
            STARTS.get(way, int)()
            super().start()

        def take(self, commands):
            if at in commands["number"]:
                TAKES.get(way, int)()
            return super().take(commands)

        def poll(self, wait_ns):
            events = super().poll(wait_ns)
            mine = events[np.flatnonzero(events["command"] == at)[:1]]
            return GIVES[way](events, mine) if way in GIVES else events

    return Hostile
