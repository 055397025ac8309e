"""Makes a long tape of one simple cycle, done again and again: what counts to many needs as many commands, but not those of the tape.

To leave commands out is of no use there: each that counts is needed, and a search learns no more than that, a try at a time. A cycle is
tried once, as long as the tape, and where it fails tells how much of it is enough.
"""

from __future__ import annotations

import numpy as np

from harness.base.bits import copied, joined
from harness.base.records import COMMAND, Commands
from harness.shrink.cutting import FINE, LONG, drop_chunks
from harness.shrink.cycles import NOTHING, Cycle, cycles
from harness.shrink.nearness import own_commands
from harness.shrink.tries import Tries


def repeat(tries: Tries) -> Cycle | None:
    """Put in place of the tape the cycle that fails after the fewest commands; None where none fails, or few commands do.

    Where no cycle fails alone, the finding's own commands follow it: what went wrong while it counted may show later.
    """
    tape, sight = tries.tape, tries.sight
    own = tape[own_commands(tape, sight)][-LONG:]
    if tries.keep(own):
        return None
    for behind in (NOTHING, own):
        tail, most, best = behind, len(tape) - len(behind), None
        for cycle in cycles(tape, sight):
            if enough := _enough(tries, cycle, most, tail):
                # One that is hardly shorter is not worth its tries.
                best, most, tail = cycle, enough - 1 - enough // FINE, tries.tape[enough:]
        if best:
            return best
    return None


def counts(tries: Tries, cycle: Cycle) -> bool:
    """Whether all of the repeated cycle is needed: it does not fail without a small share of it, and one share is like another."""
    start = len(cycle.before)
    share = max(len(cycle.turn), len(tries.tape) // FINE)
    return tries.seen(np.delete(tries.tape, slice(start, start + share))) is None


def _enough(tries: Tries, cycle: Cycle, most: int, tail: Commands) -> int:
    """Make the tape of so many commands of the cycle as are needed, to within FINE; how many, or 0 where the most are too few."""
    if not tries.keep(_followed(cycle.repeated(most), tail)):
        return 0
    if 0 < tries.sight.number <= most:
        return len(tries.tape)
    too_few, enough = 0, most
    while enough - too_few > 1 + enough // FINE:
        count = (too_few + enough) // 2
        if tries.keep(_followed(cycle.repeated(count), tail)):
            enough = count
        else:
            too_few = count
    drop_chunks(tries, behind=enough)
    return enough


def _followed(body: Commands, tail: Commands) -> Commands:
    """The tail behind the body, under ids of its own."""
    if not len(tail):
        return body
    renamed = copied(tail)
    highest = max(int(body[field].max(initial=0)) for field in ("order", "target"))
    for field in ("order", "target"):
        renamed[field][renamed[field] > 0] += np.uint64(highest)
    return joined((body, renamed), COMMAND)
