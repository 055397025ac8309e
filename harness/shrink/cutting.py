"""Takes commands out of a tape that fails: all of a sort, from both ends, in chunks of halving size, and in the end by twos and threes.

Halving by length comes first, and chunks are given up when none could go for long: a fault that counts to many needs as many commands,
and cutting makes them no fewer.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np

from harness.base.records import Commands
from harness.shrink.nearness import BEHIND, Chosen, selections, touching
from harness.shrink.sorts import SORTS, each, numbered
from harness.shrink.tries import Sight, Tries

FINE = 200
"""The ends are cut to within so much of the tape: chunks do the rest."""
FUTILE = 30
"""Chunks of a long tape that could not go, in a row, before chunks are given up: its halves, quarters, eighths and sixteenths."""
LONG = 128
MUCH = 4
"""More than this part of the whole tape is much."""
FEW_OF = {2: 12, 3: 9}
"""From a tape of up to so many commands all pairs are tried, and all threes: a command and what makes up for it can only go together."""


def cut_around(tries: Tries, seen: Sight) -> bool:
    """Whether any selection around the finding fails, or else the tape as a whole; the first that does is the tape."""
    whole = tries.tape
    tape = whole[: seen.number + BEHIND] if seen.number else whole
    if any(tries.keep(tape[chosen]) for chosen in selections(tape, seen)):
        return True
    # Most faults are seen at once, and a long tape takes long.
    return any(tries.keep(whole[:count]) for count in (seen.number, len(tape), len(whole)) if count)


def cut_ends(tries: Tries) -> None:
    """Bisect what is not needed at the end and at the start."""
    if tries.keep(tries.tape[:-1]):
        _bisect(tries, lambda tape, count: tape[: len(tape) - count])
    _bisect(tries, lambda tape, count: tape[count:])


def _bisect(tries: Tries, without: Callable[[Commands, int], Commands]) -> None:
    """Take away as many as can go, if of fewer than that any number can."""
    too_many = len(tries.tape)
    while (count := too_many // 2) > len(tries.tape) // FINE:
        too_many = too_many - count if tries.keep(without(tries.tape, count)) else count


def drop_sorts(tries: Tries, whole: Commands) -> None:
    """Drop what left no trace, and all commands of one kind, of one instrument, and so on, but for the one that fails.

    Where much of the whole tape is needed, sorts are dropped from the whole and not from what is left of it: a fault that counts to
    many is reached sooner where only what counts is sent, and of that the cut would have left too little. What the whole holds behind the finding helps.
    """
    much = len(tries.tape) > max(LONG, len(whole) // MUCH)
    start = whole if much else tries.tape
    rest, sight = _without_idle(tries, start, tries.seen(start) or tries.sight)
    for sort in SORTS:
        for value in each(sort, rest) if not tries.spent else ():
            fewer = rest[(sort(rest) != value) | numbered(rest, (sight.number,))]
            if len(fewer) < len(rest) and (seen := tries.seen(fewer)):
                rest, sight = fewer, seen
    rest, _ = _without_idle(tries, rest, sight)
    tries.keep(rest)


def _without_idle(tries: Tries, tape: Commands, sight: Sight) -> tuple[Commands, Sight]:
    """The tape without what left no trace before the finding, or as it was where that is too much; and where it fails then."""
    fewer = tape[~numbered(tape, tuple(number for number in sight.idle if number < sight.number))]
    seen = tries.seen(fewer) if len(fewer) < len(tape) else None
    return (fewer, seen) if seen else (tape, sight)


def drop_chunks(tries: Tries, behind: int = 0) -> None:
    """Drop chunks of halving size, the last first: what comes late hangs on what came before. Ends with single commands.

    The first commands stay, as many as the chunks are to lie behind.
    """
    size, futile = (len(tries.tape) - behind) // 2, 0
    while size and not tries.spent:
        before = len(tries.tape)
        end = before
        while end > behind:
            start = max(end - size, behind)
            if tries.keep(np.concatenate((tries.tape[:start], tries.tape[end:]))):
                futile = 0
            elif (futile := futile + 1) >= FUTILE and len(tries.tape) - behind > LONG:
                return
            end = min(start, len(tries.tape))
        if size > 1 or len(tries.tape) == before:
            size //= 2


def drop_orders(tries: Tries) -> None:
    """Drop all that is about one order, one order after another."""
    for order in np.unique(tries.tape["order"])[::-1]:
        _drop(tries, touching(tries.tape, np.array([order], np.uint64)))


def drop_few(tries: Tries) -> None:
    """Drop any two commands of a short tape, and any three."""
    gone = True
    while gone:
        tape = tries.tape
        few = [few for few, longest in FEW_OF.items() if len(tape) <= longest]
        gone = any(tries.keep(np.delete(tape, some)) for count in few for some in combinations(range(len(tape)), count))


def _drop(tries: Tries, chosen: Chosen) -> None:
    if chosen.any() and not chosen.all():
        tries.keep(tries.tape[~chosen])
