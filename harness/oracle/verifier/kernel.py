"""The loop over the events: whose turn it is, and whether each event is the one that must come.

What was tried, in million events a second of one core's time at 2.5 GHz, the machine shared with others, so that only figures of one
line may be held against each other. `random` is a million commands of the Poisson flow on three instruments, `deep` grows one book to
1.1 million live orders and cancels at random in it.

| tried | random | deep |
| --- | --- | --- |
| every function a call of its own: all arrays are handed over each time | 1.9 | 1.4 |
| the rare ones calls (mass cancels, replaces, stops, heaps, refusals), the rest merged | 12.9 | 3.7 |
| all merged into this loop, compiled cold in 15 to 17 s of the core's time | 23.1 | 4.7 |
| ids and prices strewn one by one over their tables, beside eight neighbours a line of the cache | 14.1, 14.9 | 3.1, 4.9 |
| tables grown with a sort of all orders' owners, beside without it | 22.8, 23.5 | 3.4, 4.8 |

A merged function leaves no call that hands over seven words an array; what it costs is that it is compiled with all that it merges.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.base.records import EventKind, Int64Array
from harness.oracle.verifier.answers import after_mass, first, mass, start, start_mass
from harness.oracle.verifier.codes import Code
from harness.oracle.verifier.ids import find_instrument
from harness.oracle.verifier.layout import LOW, Books, Now, Phase, Status
from harness.oracle.verifier.matching import lose_share, match, set_out
from harness.oracle.verifier.stops import trigger
from harness.oracle.verifier.wanted import kind_of


def _follow(books: Books, commands: Int64Array, events: Int64Array, codes: npt.NDArray[np.uint8], begin: int) -> int:
    """Judge the events from `begin` on, until one needs what the kernel does not have: `Now.EVENT` says which."""
    now = books.now
    for at in range(begin, len(events)):
        now[Now.EVENT] = at
        if now[Now.TIGHT]:
            return Status.ROOM
        number = events[at, 0]
        if number == 0:
            now[Now.NAMELESS] += 1
            codes[at] = Code.NAMELESS
            continue
        if number != now[Now.NUMBER]:
            status = turn(books, commands, number)
            if status != Status.GO:
                return status
        if now[Now.STOPPED] > 0 or now[Now.ELSEWHERE] > 0:
            if unjudged(books, events[at]):
                codes[at] = Code.NOT_JUDGED
                continue
            excuse(books, commands)
        if now[Now.PHASE] == Phase.SKIP:
            return Status.STRAY
        if not step(books, commands, events, at):
            return Status.BREACH
        now[Now.TOLD] += 1
        now[Now.JUDGED] += 1
    now[Now.EVENT] = len(events)
    return Status.DONE


def _turn(books: Books, commands: Int64Array, number: int) -> int:
    """Turn to the command with this number; the answers to those before it must be whole. Where several sessions send, numbers need not rise."""
    now = books.now
    is_next = now[Now.ROW] + 1 < len(commands) and commands[now[Now.ROW] + 1, 0] == number
    if not is_next and (number < now[Now.NUMBER] or number > now[Now.LAST]):
        return Status.COMMANDS if is_at_the_end(books, commands) else Status.OUT_OF_PLACE
    while True:
        excuse(books, commands)
        if now[Now.PHASE] != Phase.NONE and now[Now.PHASE] != Phase.SKIP:
            return Status.UNFINISHED
        row = now[Now.ROW] + 1
        if row >= len(commands):
            return Status.COMMANDS
        if commands[row, 0] > number:
            return Status.OUT_OF_PLACE
        now[Now.ROW] = row
        start(books, commands[row])
        if commands[row, 0] == number:
            return Status.GO


def _is_at_the_end(books: Books, commands: Int64Array) -> bool:
    """Whether all of this stretch of commands are answered, and there is another one."""
    now = books.now
    done = now[Now.PHASE] == Phase.NONE or now[Now.PHASE] == Phase.SKIP
    last = commands[len(commands) - 1, 0] if len(commands) > 0 else 0
    return bool(done and now[Now.ROW] + 1 >= len(commands) and last != now[Now.LAST])


def _step(books: Books, commands: Int64Array, events: Int64Array, at: int) -> bool:
    """Whether the event is legal, and then what it changes. With a place below 0: only say which event must come."""
    now = books.now
    phase = now[Now.PHASE]
    if phase == Phase.MATCH:
        return match(books, events, at)
    if phase == Phase.FIRST:
        return first(books, commands[now[Now.ROW]], events, at)
    if phase == Phase.LOSE:
        return lose_share(books, events, at)
    if phase == Phase.MASS:
        return mass(books, commands[now[Now.ROW]], events, at)
    if phase == Phase.TRIGGER and trigger(books, events, at):
        set_out(books)
        return True
    return False


def _show(books: Books, commands: Int64Array, events: Int64Array) -> None:
    """Say in `Books.want` which event must come now."""
    step(books, commands, events, -1)


def _recount(books: Books, commands: Int64Array) -> None:
    """Count again what the present mass cancel must take, since some of it is judged no more."""
    start_mass(books, commands[books.now[Now.ROW]])


def _unjudged(books: Books, event: Int64Array) -> bool:
    """Whether the event is about an instrument that is judged no more, or counts what was taken there too."""
    number = event[11] & LOW
    if number == 0:
        return bool(books.now[Now.STOPPED] > 0 and kind_of(event) == EventKind.DONE)
    place = find_instrument(books, number)
    return bool(books.instruments[place]["stopped"] if place >= 0 else books.now[Now.ELSEWHERE])


def _excuse(books: Books, commands: Int64Array) -> None:
    """A mass cancel over all instruments has no end that can be judged once one of them is judged no more."""
    now = books.now
    if now[Now.STOPPED] == 0:
        return
    if now[Now.PHASE] == Phase.MASS and now[Now.LEFT] == 0 and commands[now[Now.ROW], 11] & LOW == 0:
        after_mass(books, commands[now[Now.ROW]])


unjudged = compiled(_unjudged, inner=True)
excuse = compiled(_excuse, inner=True)
step = compiled(_step, inner=True)
show = compiled(_show)
recount = compiled(_recount)
is_at_the_end = compiled(_is_at_the_end, inner=True)
turn = compiled(_turn, inner=True)
follow = compiled(_follow)
