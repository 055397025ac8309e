"""The book that follows from what an engine told, as the verifier keeps it while it follows the events: whatever wire they came over."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from harness.base.bits import BookRows, book_rows
from harness.base.records import Commands, Events
from harness.evidence.fold import Segment
from harness.oracle.verifier.breach import Breach
from harness.oracle.verifier.verifier import Verifier
from harness.port import Engine


class Rebuilt(NamedTuple):
    """The book, which is worth something where there is no breach."""

    rows: BookRows
    breaches: list[Breach]


def rebuilt(engine: Engine, commands: Commands, events: Events) -> Rebuilt:
    """The book of resting orders after a whole history in one order, which began with an empty engine."""
    verifier = Verifier(engine.instruments, engine.conventions, engine.capabilities)
    verifier.follow(Segment(commands, events))
    return Rebuilt(resting(verifier), [*verifier.breaches, *filter(None, (verifier.unfinished(),))])


def resting(verifier: Verifier) -> BookRows:
    """The orders in the queues that it keeps."""
    books, rows = verifier._books, []
    for level in books.levels[np.flatnonzero(books.levels["head"])]:
        instrument, side = books.instruments["id"][level["side"] >> 1], level["side"] & 1
        at, place = level["head"], 0
        while at:
            order = books.orders[at]
            rows.append((int(instrument), int(side), int(level["price"]), place, int(order["id"]), int(order["open"])))
            at, place = order["next"], place + 1
    return book_rows(rows)
