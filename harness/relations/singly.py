"""Sends one command a call, each answered before the next one goes out.

Engines are fast by taking many commands at once: what they put off to the end of a batch, sort, or join on the way, must not show.
"""

from __future__ import annotations

import numpy as np

from harness.base.bits import copied
from harness.relations import Changed, Relation, Tape
from harness.relations._fields import sent_whole


def _there(tape: Tape, chance: np.random.Generator) -> Changed:
    del chance
    return sent_whole(tape, copied(tape.commands))._replace(at_once=1)


RELATION = Relation(about="One command a call instead of many: the same answers.", there=_there)
