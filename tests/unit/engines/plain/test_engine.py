"""Cancels, replaces, mass cancels, batches and the snapshot."""

import numpy as np
import pytest

from harness.base.bits import digest, timeless
from harness.base.reasons import Reason
from harness.base.records import EventKind, commands_of
from tests.fakes.lines import commands
from tests.fakes.plain_session import book, engine, rows, says

QUEUE = "B 100x5 #1; B 100x5 #2; B 100x5 #3"


@pytest.mark.parametrize(
    ("line", "said", "left"),
    [
        ("cancel #1", "canceled 5 of #1 (user), 0 left", "B100 #2x5; B100 #3x5"),
        ("cancel #2", "canceled 5 of #2 (user), 0 left", "B100 #1x5; B100 #3x5"),
        ("cancel #3", "canceled 5 of #3 (user), 0 left", "B100 #1x5; B100 #2x5"),
        ("cancel #1 x2", "canceled 2 of #1 (user), 3 left", "B100 #1x3; B100 #2x5; B100 #3x5"),
        ("cancel #1 x5", "canceled 5 of #1 (user), 0 left", "B100 #2x5; B100 #3x5"),
        ("cancel #1 x9", "canceled 5 of #1 (user), 0 left", "B100 #2x5; B100 #3x5"),
    ],
)
def test_cancel(line, said, left):
    plain = engine()
    says(plain, QUEUE)
    assert says(plain, line) == said
    assert book(plain) == left


def test_a_canceled_order_is_gone():
    plain = engine()
    says(plain, "B 100x5 #1; cancel #1")
    assert says(plain, "cancel #1; replace #1 #1 100x5; S 100x5 #2 ioc") == (
        "cancel rejected #1 (unknown order); replace rejected #1 (unknown order); "
        "accepted #2, 100 x 5; canceled 5 of #2 (ioc remainder), 0 left"
    )


@pytest.mark.parametrize(
    ("conventions", "line", "said", "left"),
    [
        ({}, "replace #1 #1 100x4", "replaced #1 at 100, 4 left", "#1x4 #2x5 #3x5"),
        ({}, "replace #1 #9 100x4", "replaced #1 by #9 at 100, 4 left", "#9x4 #2x5 #3x5"),
        ({}, "replace #1 #1 100x5", "replaced #1 at 100, 5 left; rested #1 at 100, 5 left", "#2x5 #3x5 #1x5"),
        ({}, "replace #2 #9 100x6", "replaced #2 by #9 at 100, 6 left; rested #9 at 100, 6 left", "#1x5 #3x5 #9x6"),
        ({}, "replace #1 #1 99x4", "replaced #1 at 99, 4 left; rested #1 at 99, 4 left", "#1x4 #2x5 #3x5"),
        (
            {"replace_keeps_place": "never"}, "replace #1 #1 100x4",
            "replaced #1 at 100, 4 left; rested #1 at 100, 4 left", "#2x5 #3x5 #1x4",
        ),
    ],
)  # fmt: skip
def test_replace(conventions, line, said, left):
    plain = engine(**conventions)
    says(plain, QUEUE)
    assert says(plain, line) == said
    assert " ".join(row.split()[1] for row in book(plain).split("; ")) == left


def test_a_replace_may_trade_and_may_end_the_order():
    plain = engine()
    says(plain, "B 99x5 #1; S 100x3 #2; S 101x4 #3")
    assert says(plain, "replace #1 #9 101x7") == (
        "replaced #1 by #9 at 101, 7 left; trade #9 with #2 at 100 x 3, 4 left; trade #9 with #3 at 101 x 4, 0 left"
    )
    assert book(plain) == ""
    assert says(plain, "cancel #9; cancel #1").count("unknown order") == 2


def test_a_replace_keeps_the_terms_of_the_order():
    plain = engine()
    says(plain, "B 99x5 #1 post gtc a2; S 101x5 #2")
    assert says(plain, "replace #1 #9 100x5 a2; replace #9 #9 101x5 a2").endswith(
        "replace rejected #9 (post only would trade)"
    )


@pytest.mark.parametrize(
    ("convention", "line", "said"),
    [
        ("open", "replace #1 #1 100x6", "replaced #1 at 100, 6 left"),
        ("total", "replace #1 #1 100x6", "replaced #1 at 100, 3 left"),
        ("total", "replace #1 #1 100x10", "replaced #1 at 100, 7 left; rested #1 at 100, 7 left"),
    ],
)
def test_the_quantity_of_a_replace(convention, line, said):
    plain = engine(replace_quantity=convention)
    says(plain, "B 100x10 #1; S 100x3 #2")
    assert says(plain, line) == said


def test_a_total_counts_all_that_was_traded_since_the_order_entered():
    plain = engine(replace_quantity="total")
    says(plain, "B 100x10 #1; S 100x3 #2; replace #1 #5 101x10; S 101x2 #3; cancel #5 x1")
    assert book(plain) == "B101 #5x4"
    assert says(plain, "replace #5 #6 101x7") == "replaced #5 by #6 at 101, 2 left"


def test_a_replace_that_trades_counts_as_traded_too():
    plain = engine(replace_quantity="total")
    says(plain, "S 100x2 #1; B 99x5 #2; replace #2 #2 100x5")
    assert says(plain, "replace #2 #2 100x2") == "replace rejected #2 (invalid quantity)"
    assert says(plain, "replace #2 #2 100x3") == "replaced #2 at 100, 1 left"


MASS = "B 100x1 #1; S 101x2 #2; B 100x3 #3 a2; B 10x10 #4 i2; S 20x10 #5 i2 a2"


@pytest.mark.parametrize(
    ("line", "gone"),
    [
        ("mass_cancel", {1, 2, 3, 4, 5}),
        ("mass_cancel a1", {1, 2, 4}),
        ("mass_cancel i1", {1, 2, 3}),
        ("mass_cancel sell", {2, 5}),
        ("mass_cancel a1 i1 buy", {1}),
        ("mass_cancel a3", set()),
        ("mass_cancel i9", set()),
    ],
)
def test_mass_cancel(line, gone):
    plain = engine()
    says(plain, MASS)
    *canceled, done = rows(plain, line)
    assert {event.order for event in canceled} == gone
    assert all((event.kind, event.reason) == (EventKind.CANCELED, Reason.MASS_CANCEL) for event in canceled)
    assert (done.kind, done.qty) == (EventKind.DONE, len(gone))
    assert set(plain.snapshot()["order"].tolist()) == {1, 2, 3, 4, 5} - gone


def test_batches_do_not_matter():
    lines = f"{MASS}; B 101x9 #6 a3; replace #3 #3 100x2 a2; S 99x9 #7; mass_cancel buy"
    whole, single = engine(), engine()
    flow = commands_of(commands(lines))
    one_by_one = [single.submit(flow[at : at + 1]) for at in range(len(flow))]
    assert digest(timeless(whole.submit(flow))) == digest(timeless(np.concatenate(one_by_one)))


def test_the_snapshot_counts_places_within_each_price():
    plain = engine()
    says(plain, "B 100x1 #5; B 100x2 #4; B 99x3 #3; S 101x4 #2; S 101x5 #1; B 10x10 #6 i2; cancel #5")
    assert plain.snapshot().tolist() == [
        (1, 0, 99, 0, 3, 3), (1, 0, 100, 0, 4, 2), (1, 1, 101, 0, 2, 4), (1, 1, 101, 1, 1, 5), (2, 0, 10, 0, 6, 10),
    ]  # fmt: skip


def test_the_snapshot_of_an_empty_book_has_no_rows():
    assert len(engine().snapshot()) == 0
