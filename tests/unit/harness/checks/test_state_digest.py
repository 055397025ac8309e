"""The check `state_digest` passes the book that the commands add up to and tells the first row of another."""

from __future__ import annotations

import numpy as np
import pytest

from harness.base.bits import book_rows, digest
from harness.base.capabilities import Capabilities
from harness.checks.state_digest import CHECK
from harness.evidence.fold import StateMark
from harness.oracle.model import Model
from tests.fakes.history import (
    BUY,
    INSTRUMENTS,
    SELL,
    Conventions,
    cancel,
    folded,
    info,
    new,
    numbered,
    segments,
)  # fmt: skip
from tests.fakes.random_flow import random_flow
from tests.fakes.right_engine import right_events

COMMANDS = numbered([new(7, BUY, 100, 5), new(9, BUY, 100, 6), new(8, SELL, 120, 2), new(3, BUY, 90, 4), cancel(3)])
BOOK = [(1, BUY, 90, 0, 3, 4), (1, BUY, 100, 0, 7, 5), (1, BUY, 100, 1, 9, 6), (1, SELL, 120, 0, 8, 2)]
"""The book behind command 4, by hand."""

BROKEN = {
    "an order lost": (
        [BOOK[0], BOOK[1], BOOK[3]], "instrument 1, buy 100: order 9 x 6 at place 2", "instrument 1, buy 100: no further order", (9,),
    ),
    "an order too many": (
        [*BOOK[:3], (1, BUY, 100, 2, 5, 1), BOOK[3]], "instrument 1, buy 100: no further order",
        "instrument 1, buy 100: order 5 x 1 at place 3", (5,),
    ),
    "another order": (
        [(1, BUY, 90, 0, 3, 4), (1, BUY, 100, 0, 9, 6), (1, BUY, 100, 1, 7, 5), BOOK[3]],
        "instrument 1, buy 100: order 7 x 5 at place 1", "instrument 1, buy 100: order 9 x 6 at place 1", (7, 9),
    ),
    "another quantity": (
        [*BOOK[:3], (1, SELL, 120, 0, 8, 1)], "instrument 1, sell 120: order 8 x 2 at place 1",
        "instrument 1, sell 120: order 8 x 1 at place 1", (8,),
    ),
    "an order shown twice": (
        [*BOOK, BOOK[3]], "instrument 1, sell 120: no further order", "instrument 1, sell 120: order 8 x 2 at place 1", (8,),
    ),
    "nothing at all": ([], "instrument 1, buy 90: order 3 x 4 at place 1", "instrument 1, buy 90: no further order", (3,)),
}  # fmt: skip


def facts(books, *, events=None, size=2**31, commands=COMMANDS, **run):
    """The facts where the engine showed these books, by command."""
    books = {number: book_rows(rows) for number, rows in books.items()}
    states = tuple(StateMark(number=number, engine_seq=0, digest=digest(rows)) for number, rows in books.items())
    events = right_events(commands) if events is None else events
    return folded(CHECK.start(info(states=states, book=books.get, **run)), segments(commands, events, size))


@pytest.mark.parametrize("size", [1, 3, 2**31])
def test_the_right_book_passes(size):
    found = facts({4: BOOK, 5: BOOK[1:]}, size=size)
    assert (found.seen, found.findings, found.unknown) == (2, (), "")


def test_it_follows_a_long_flow():
    flow, model, books = random_flow(500), Model(INSTRUMENTS, Conventions()), {}
    for command in flow:
        model.apply(command)
        if command.number % 100 == 0:
            books[command.number] = model.book().tolist()
    assert len(books[500]) > 5
    assert facts(books, commands=flow, events=[], size=64).seen == 5


@pytest.mark.parametrize(("rows", "expected", "got", "orders"), BROKEN.values(), ids=BROKEN)
def test_the_first_row_that_differs_is_told(rows, expected, got, orders):
    found = facts({4: rows, 5: rows})
    (finding,) = found.findings
    assert (finding.expected, finding.got, finding.orders) == (expected, got, orders)
    assert (finding.first_command, finding.count, found.seen, found.unknown) == (4, 1, 1, "")
    assert finding.title == "after command 4 the engine's book is not what its commands add up to"


def test_without_a_snapshot_nothing_is_seen():
    assert facts({}).seen == 0


def test_commands_that_died_with_the_engine_make_it_unknown():
    answered = [event for event in right_events(COMMANDS) if event.command != 2]
    found = facts({4: [BOOK[0], BOOK[1], BOOK[3]]}, events=answered, failure="the engine died")
    assert found.findings == ()
    assert found.unknown == "commands before the book at 4 were never answered (1 of them): what they did is unknown"
    assert facts({4: [BOOK[0], BOOK[1], BOOK[3]]}, events=answered).findings != ()
    assert facts({4: BOOK}, events=answered, failure="the engine died").unknown == ""


def test_a_stored_book_of_another_digest_is_unknown():
    states = (StateMark(number=4, engine_seq=0, digest="00"),)
    run = info(states=states, book=lambda number: book_rows(BOOK))
    found = folded(CHECK.start(run), segments(COMMANDS, []))
    assert (found.findings, found.unknown) == ((), "the book stored at 4 is not the one whose digest was taken")


def test_what_the_model_does_not_know_is_unknown():
    assert facts({}, capabilities=Capabilities(types=("limit", "peg"))).unknown == "there are no rules here for peg"


def test_places_that_are_shown_in_another_order_of_rows_are_the_same_book():
    shuffled = book_rows(BOOK)[np.array([3, 1, 0, 2])]
    assert facts({4: shuffled.tolist()}).findings == ()
