"""An event is held to what the rules determine and the wire carries, field by field."""

from __future__ import annotations

import numpy as np
import pytest

from harness.base.capabilities import Capabilities, Conventions
from harness.base.kernels import compiled
from harness.base.records import NONE, Event, EventKind, Side, events_of
from harness.oracle.verifier.layout import WORDS, Want
from harness.oracle.verifier.setting import books_of
from harness.oracle.verifier.wanted import came
from tests.fakes.every_term import FREE
from tests.fakes.history import ALL

FULL = {
    "kind": EventKind.TRADE, "order": 2**64 - 1, "maker": 6, "new_order": 7, "price": -8, "qty": 9, "remaining": 10, "reason": 504,
    "account": 2**32 - 1, "side": 1, "role": 3, "instrument": 4_000_000_000,
}  # fmt: skip
ABSENT = Event()


def _came(books, events, at):
    return came(books, events, at)


came_in = compiled(_came)


def agrees(wanted, told, carries=ALL.carries):
    books = books_of(FREE, Conventions(), Capabilities(carries=carries))
    for field in Want:
        word = wanted[field.name.lower()]
        books.want[field] = word - 2**64 if word >= 2**63 else word
    return came_in(books, events_of([ABSENT, Event(**told)]).view(np.int64).reshape(-1, WORDS), 1)


def test_the_wanted_event_agrees_and_what_is_not_compared_may_be_anything():
    assert agrees(FULL, FULL)
    assert agrees(
        FULL, FULL | {"session": 5, "match": 9, "engine_seq": 8, "engine_ns": 7, "received_ns": 6, "channel": 2}
    )


@pytest.mark.parametrize("field", FULL)
def test_each_field_is_compared_where_it_is_carried(field):
    told = FULL | {field: 0 if field == "side" else 4}
    assert not agrees(FULL, told)
    carried = tuple(name for name in ALL.carries if name != field)
    assert agrees(FULL, told, carried) == (field not in ("kind", "order", "instrument"))


@pytest.mark.parametrize("field", [field for field in FULL if field != "kind"])
def test_a_field_that_the_rules_leave_open_is_not_compared(field):
    assert agrees(FULL | {field: getattr(ABSENT, field)}, FULL)
    assert not agrees(FULL, FULL | {field: getattr(ABSENT, field)})


@pytest.mark.parametrize("kind", EventKind)
def test_the_reason_of_a_refusal_is_free(kind):
    free = kind in (EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)
    assert agrees(FULL | {"kind": kind}, FULL | {"kind": kind, "reason": 101}) == free


def test_open_fields_are_those_that_an_event_leaves_absent():
    assert (ABSENT.price, ABSENT.side, ABSENT.order) == (NONE, Side.NONE, 0)
