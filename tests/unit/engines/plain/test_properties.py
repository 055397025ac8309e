"""What must hold whatever is sent, told from the engine's own events, and the agreement with the oracle's second opinion."""

import itertools
from operator import attrgetter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.plain.engine import PlainEngine
from engines.plain.offered import CAPABILITIES
from harness.base.capabilities import Conventions, Instrument
from harness.base.records import CommandKind, Event, EventKind, command_rows, commands_of, event_rows
from harness.oracle.model import Model
from harness.oracle.refusals import Refusals
from tests.fakes import mixed_flow
from tests.fakes.lines import command

INSTRUMENTS = tuple(
    Instrument(id=number, symbol=f"I{number}", price_min=97, price_max=103, qty_max=9) for number in (1, 2)
)
CONVENTIONS = [
    Conventions(self_trade=mode, replace_keeps_place=keeps, replace_quantity=quantity)
    for mode, keeps, quantity in itertools.product(
        ("none", "cancel_newest", "cancel_oldest", "cancel_both", "decrement"),
        ("quantity_down", "never"),
        ("open", "total"),
    )
]

KINDS = ["new"] * 10 + ["cancel"] * 4 + ["replace"] * 4 + ["mass_cancel"]
# Mostly what is accepted, by the order's own account, on one busy book: else the rules of matching would hardly be met.
ids = st.sampled_from([*range(1, 16), 0])
prices = st.sampled_from([*[99, 100, 101] * 3, 97, 103, 96, 104])
quantities = st.sampled_from([*range(1, 10), *range(1, 10), 0, 10])
terms = st.sampled_from([""] * 6 + ["gtc", "ioc", "fok", "post", "market", "market fok"])
strange = st.sampled_from([""] * 8 + ["a0", "i2"])


@st.composite
def line(draw):
    """One command in the language of `tests.fakes.lines`."""
    number, odd = draw(ids), draw(strange)
    sender = f"a{1 + number % 2} i{1 + (number % 7 == 0)} {odd}"
    match draw(st.sampled_from(KINDS)):
        case "new":
            side = draw(st.sampled_from("BS"))
            return f"{side} {draw(prices)}x{draw(quantities)} #{number} {sender} {draw(terms)}"
        case "cancel":
            return f"cancel #{number} {draw(st.sampled_from(['', '', 'x1', 'x4']))} {sender}"
        case "replace":
            return f"replace #{number} #{draw(ids)} {draw(prices)}x{draw(quantities)} {sender}"
        case _:
            return f"mass_cancel a1 {draw(st.sampled_from(['buy', 'sell', 'i2']))} {odd}"


lines = st.lists(line(), min_size=20, max_size=60)


class Ledger:
    """What the events alone say of every live order and of the queues."""

    def __init__(self, conventions):
        self.conventions = conventions
        self.open = {}
        self.terms = {}
        self.queues = {}

    def follow(self, event):
        getattr(self, f"on_{EventKind(event.kind).name.lower()}")(event)

    def on_accepted(self, event):
        assert event.order not in self.open
        assert event.qty == event.remaining > 0
        self.open[event.order] = event.qty
        self.terms[event.order] = (event.instrument, event.side, event.price)

    def on_rested(self, event):
        assert self.open[event.order] == event.remaining > 0
        self.queues.setdefault(self.terms[event.order], []).append(event.order)

    def on_trade(self, event):
        instrument, side, price = self.terms[event.maker]
        assert (instrument, side, price) == (event.instrument, 1 - event.side, event.price)
        self.lose(event.maker, event.qty)
        assert self.lose(event.order, event.qty) == event.remaining

    def on_canceled(self, event):
        assert self.lose(event.order, event.qty) == event.remaining

    def on_replaced(self, event):
        instrument, side, price = self.terms.pop(event.order)
        before = self.open.pop(event.order)
        queue = self.queues[instrument, side, price]
        place = queue.index(event.order)
        queue.remove(event.order)
        keeps = self.conventions.replace_keeps_place == "quantity_down"
        if keeps and event.price == price and event.remaining < before:
            queue.insert(place, event.new_order)
        assert event.new_order not in self.open
        self.open[event.new_order] = event.remaining
        self.terms[event.new_order] = (instrument, side, event.price)

    def on_rejected(self, event):
        assert event.reason

    on_cancel_rejected = on_replace_rejected = on_rejected

    def on_done(self, event):
        assert event.qty >= 0

    def lose(self, number, qty):
        assert 0 < qty <= self.open[number]
        self.open[number] -= qty
        left = self.open[number]
        if not left:
            del self.open[number]
            queue = self.queues.get(self.terms.pop(number), [])
            if number in queue:
                queue.remove(number)
        return left

    def book(self):
        return sorted(
            (*terms, place, number, self.open[number])
            for terms, queue in self.queues.items()
            for place, number in enumerate(queue)
        )


@settings(deadline=None, max_examples=150)
@given(lines, st.sampled_from(CONVENTIONS))
def test_events_book_and_quantities_agree(lines, conventions):
    """After each command: every quantity adds up, no dead order speaks, the book is what the events say, and not crossed."""
    engine, ledger, told = PlainEngine(INSTRUMENTS, conventions), Ledger(conventions), []
    for number, line in enumerate(lines, 1):
        answers = event_rows(engine.submit(commands_of([command(line)._replace(number=number)])))
        assert answers
        assert {event.command for event in answers} == {number}
        for event in answers:
            ledger.follow(event)
        told += answers
        rows = engine.snapshot()
        assert rows.tolist() == ledger.book()
        assert set(rows["order"].tolist()) == set(ledger.open)
        for instrument in (1, 2):
            here = rows[rows["instrument"] == instrument]
            bids, asks = here["price"][here["side"] == 0], here["price"][here["side"] == 1]
            assert bids.max(initial=0) < asks.min(initial=1_000)
    assert [event.engine_seq for event in told] == list(range(1, len(told) + 1))
    assert [event.match for event in told if event.match] == list(range(1, engine.tell.matches + 1))


ABSENT = Event()
COMPARED = (
    "kind", "order", "new_order", "maker", "match", "price", "qty", "remaining", "instrument", "account", "session",
    "reason", "side", "role",
)  # fmt: skip


REFUSALS = (EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)


def fixed_by(model_event, event):
    """The fields of an event that the rules determine: the model leaves all others absent.

    Of several true reasons to refuse a command, the judge accepts any.
    """
    fixed = [name for name in COMPARED if getattr(model_event, name) != getattr(ABSENT, name)]
    if model_event.kind in REFUSALS:
        fixed.remove("reason")
    return {name: int(getattr(event, name)) for name in fixed}


def assert_agree(sent, conventions, instruments):
    """The plain engine and the model, written apart from one rules page, answer each command alike."""
    engine, model = PlainEngine(instruments, conventions), Model(instruments, conventions)
    refusals = Refusals(instruments, conventions, CAPABILITIES)
    for one in sent:
        causes = set(refusals.of(one, model))
        told, wanted = event_rows(engine.submit(commands_of([one]))), model.apply(one)
        if one.kind == CommandKind.MASS_CANCEL:
            told, wanted = (sorted(events, key=attrgetter("kind", "order")) for events in (told, wanted))
        assert len(told) == len(wanted), one
        assert all(event.reason in causes for event in told if event.kind in REFUSALS), one
        for event, by_model in zip(told, wanted, strict=True):
            assert fixed_by(by_model, event) == fixed_by(by_model, by_model), one
    assert np.array_equal(engine.snapshot(), model.book())


@settings(deadline=None, max_examples=150)
@given(lines, st.sampled_from(CONVENTIONS))
def test_it_agrees_with_the_model(lines, conventions):
    assert_agree([command(line) for line in lines], conventions, INSTRUMENTS)


@pytest.mark.parametrize("conventions", CONVENTIONS, ids=repr)
def test_it_agrees_with_the_model_on_a_busy_flow(conventions):
    assert_agree(command_rows(mixed_flow.mixed_flow(11, 3_000)), conventions, mixed_flow.INSTRUMENTS)
