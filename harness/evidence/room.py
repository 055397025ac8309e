"""What to drop of a bounded history, and how finely to cut it: pure functions.

Commands go first, since the seed gives them again; then events, oldest first. The pairs around findings and the newest ones stay
while there is room for them: a reader wants to see what happened there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from harness.base.records import RECORD_BYTES

LOW, HIGH, FULL = 0.5, 0.75, 0.9
"""Parts of the bound. From HIGH on segments are dropped until LOW; at FULL the journal waits: the pair that it has open needs the rest."""
NEWEST = 2
"""Pairs at the end that stay while there is room."""
PAIRS = 32
"""Pairs that a bound holds at the least, so that dropping one is a small step; a busy flow has two events a command."""
FINEST = 64
"""Commands a segment at the least."""


class Pair(NamedTuple):
    """A pair of segments that was folded; a weight of 0 where the segment is dropped."""

    number: int
    first: int
    """The number of its first command."""
    commands_bytes: int
    events_bytes: int


class Drop(NamedTuple):
    """A segment to drop."""

    number: int
    kind: Literal["commands", "events"]


def segment_commands(limit_bytes: int, most: int) -> int:
    """How many commands a segment holds under this bound."""
    return max(min(limit_bytes // (PAIRS * 3 * RECORD_BYTES), most), FINEST)


def to_drop(
    pairs: Sequence[Pair], findings: Iterable[int], weight_bytes: int, limit_bytes: int, *, behind: bool
) -> list[Drop]:
    """The segments to drop, by rising number of pairs, where the history on disk weighs so much.

    `findings` are the commands at which something was found; `behind` says that more waits to be folded, which can be dropped
    then: what a reader wants to see goes only if nothing else makes room.
    """
    if weight_bytes < HIGH * limit_bytes:
        return []
    around = _around(pairs, findings)
    wanted = {pair.number for pair in pairs[len(pairs) - NEWEST :]} | around
    ordinary = [pair for pair in pairs if pair.number not in wanted]
    drops, left = _taken(ordinary, weight_bytes, LOW * limit_bytes)
    if left < FULL * limit_bytes or behind:
        return drops
    newest = [pair for pair in pairs if pair.number in wanted - around]
    # The first findings are the ones to keep longest: what follows is often their echo.
    last = [pair for pair in reversed(pairs) if pair.number in around]
    more, _ = _taken([*newest, *last], left, HIGH * limit_bytes)
    return [*drops, *more]


def _around(pairs: Sequence[Pair], findings: Iterable[int]) -> set[int]:
    """The pairs that hold the commands, and their neighbours."""
    found: set[int] = set()
    for command in findings:
        holding = max((pair.number for pair in pairs if pair.first <= command), default=0)
        found |= {holding - 1, holding, holding + 1}
    return found


def _taken(pairs: Sequence[Pair], weight_bytes: float, down_to_bytes: float) -> tuple[list[Drop], float]:
    """Commands of the pairs in turn, then their events, until the weight is down; and the weight that is left."""
    drops: list[Drop] = []
    weights = [(Drop(pair.number, "commands"), pair.commands_bytes) for pair in pairs]
    weights += [(Drop(pair.number, "events"), pair.events_bytes) for pair in pairs]
    for drop, own_bytes in weights:
        if weight_bytes <= down_to_bytes:
            break
        if own_bytes:
            drops.append(drop)
            weight_bytes -= own_bytes
    return drops, weight_bytes
