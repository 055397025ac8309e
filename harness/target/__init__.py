"""The engine under test as processes of this machine, and gonogo itself beside it: found anew at each look, since either may start others.

An engine is a tree: a script that starts the program, a host that forks, workers. Whatever was adopted by gonogo's keeper of it belongs to it too. What
gonogo and it started but the engine is gonogo's own: its keeper, a judge beside the run, the workers of a load; also where the engine started gonogo.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

from harness.port import Processes
from harness.target.tree import family


class Look(NamedTuple):
    """Who is there now, by process ids."""

    engine: tuple[int, ...] | None
    """Of an engine inside gonogo, gonogo's process; None where it is not known which they are; empty where none is up."""
    gonogo: tuple[int, ...] | None
    """None where the engine works inside it: nobody can tell the two apart then."""


class Target:
    """The processes of one engine, as its adapter tells them."""

    def __init__(self, told: Callable[[], Processes]) -> None:
        self._told = told

    def processes(self) -> Processes:
        """What the adapter tells now; what an engine started by itself is not among it."""
        told = self._told()
        # gonogo itself listens there: an adapter's own server, say.
        return told._replace(whose="inside") if told.whose == "found" and os.getpid() in told.pids else told

    def look(self) -> Look:
        """All that are there now."""
        told = self.processes()
        if told.whose == "inside":
            return Look(told.pids, None)
        # An engine may have started gonogo: a host that runs its own tests.
        engine = family(told.pids, apart=(os.getpid(),))
        gonogo = family((os.getpid(),), apart=frozenset(engine))
        return Look(None if told.whose == "unknown" else engine, gonogo)
