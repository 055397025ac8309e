"""Makes runs in pairs, as many as it is asked for at a time; who is first in each is dealt by the seed, as often the one as the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from harness.base.comparison import Turn
from harness.base.errors import EngineError
from harness.base.seeds import Seed
from harness.compose.turns import Task, Timed

SIDES = ("base", "head")
INTERRUPTED = "interrupted"


@dataclass(slots=True, kw_only=True)
class Pairing:
    """What was measured so far, and how it goes on."""

    run: Callable[[str, Task], Timed]
    """Makes one run of a side."""
    tasks: Sequence[Task]
    order: Iterator[tuple[str, ...]]
    """Which side is first, a pair each."""
    stopped: Callable[[], bool]
    turns: list[Turn] = field(default_factory=list)
    lags_ns: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    """By scenario and side."""
    ended: str = ""
    """Why it does not go on; empty: it does."""

    @property
    def pairs(self) -> int:
        """How many are whole."""
        return len(self.turns) // (len(SIDES) * len(self.tasks))

    def whole(self) -> tuple[Turn, ...]:
        """The runs of whole pairs, in the order in which they were made."""
        return tuple(turn for turn in self.turns if turn.pair <= self.pairs)

    def go_on(self, until: int, tell: Callable[[int], None]) -> None:
        """Make pairs until there are so many, one fails or the user does not wait for more."""
        for pair in range(self.pairs + 1, until + 1):
            tell(pair)
            sides = next(self.order)
            for task in self.tasks:
                for side in sides:
                    if self.stopped():
                        self.ended = INTERRUPTED
                        return
                    try:
                        self._add(side, pair, task, self.run(side, task))
                    except EngineError as error:
                        self.ended = f"the {side} failed in pair {pair}, {task.scenario}: {error}"
                        return

    def _add(self, side: str, pair: int, task: Task, timed: Timed) -> None:
        self.turns.append(
            Turn(scenario=task.scenario, side="base" if side == "base" else "head", pair=pair, values=timed.values)
        )
        self.lags_ns.setdefault((task.scenario, side), []).append(timed.lag_ns)


def dealt(looks: Sequence[int], seed: int) -> Iterator[tuple[str, ...]]:
    """Who is first in each pair; by each look as often the one as the other."""
    stream = Seed(seed).stream("order of pairs")
    for begun, end in pairwise((0, *looks)):
        base_first = np.arange(begun, end) % 2 == 0
        for first in stream.permutation(base_first):
            yield SIDES if first else SIDES[::-1]
