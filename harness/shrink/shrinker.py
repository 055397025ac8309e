"""Shrinks a tape: around the finding first, then by sorts, halves, chunks, orders, twos and threes, and its values.

A tape that stays long around its finding is tried as a cycle that is repeated: few faults need many commands, but those that count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from harness.base.records import NONE, Commands
from harness.shrink import cutting, repeating, values
from harness.shrink.tries import Sight, Step, StillFails, Tries

SIMPLE_MOST = 64
"""Values are made simple on tapes up to that long: a longer one is read by no one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may be spent on a tape."""

    tries: int = 2_000
    expired: Callable[[], bool] = lambda: False
    """Whether the time for it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrunk:
    """A smaller tape that was seen to fail."""

    tape: Commands
    sight: Sight
    steps: tuple[Step, ...]
    tries: int
    spent: bool
    """Whether the budget ended it before nothing more could go."""


def shrink(
    tape: Commands, seen: Sight, still_fails: StillFails, budget: Budget, heard: Callable[[Step], None] = lambda _: None
) -> Shrunk | None:
    """The smallest tape found that fails, numbered from 1; None if this one does not. The tape stays the caller's.

    `seen` is where it was seen to fail, and need not be right. The whole tape is tried only if nothing smaller around it fails; what is
    given back is what was tried last with success, so it always fails.
    """
    tape = tape.copy()
    tape["number"] = 0  # so that two ways to the same tape are seen to be one
    tape["due_ns"] = tape["sent_ns"] = NONE
    tries = Tries(tape, seen, still_fails, budget.tries, budget.expired)
    if not cutting.cut_around(tries, seen):
        return None
    steps: list[Step] = []

    def done(what: str) -> None:
        steps.append(Step(what, len(tries.tape), tries.made))
        heard(steps[-1])

    done("around the finding")
    cycle = repeating.repeat(tries) if len(tries.tape) > cutting.LONG else None
    if cycle:
        done("a cycle repeated")
    else:
        cutting.drop_sorts(tries, tape)
        done("sorts dropped")
    if not cycle or not repeating.counts(tries, cycle):
        cutting.cut_ends(tries)
        done("both ends cut")
        cutting.drop_chunks(tries)
        done("chunks and single commands dropped")
    if len(tries.tape) <= SIMPLE_MOST:
        _polish(tries)
        done("values made simple")
    smallest = tries.tape.copy()
    smallest["number"] = np.arange(1, len(smallest) + 1, dtype=np.uint64)
    return Shrunk(tape=smallest, sight=tries.sight, steps=tuple(steps), tries=tries.made, spent=tries.spent)


def _polish(tries: Tries) -> None:
    """Orders, values, twos and threes, until none of them makes the tape shorter: simple values let further commands go."""
    length = len(tries.tape) + 1
    while len(tries.tape) < length:
        length = len(tries.tape)
        cutting.drop_orders(tries)
        values.simplify(tries)
        cutting.drop_chunks(tries)
        values.drop_and_lower(tries)
        cutting.drop_few(tries)
    values.ids_from_one(tries)
