"""Orders that meet nobody, what must be said to them, and what is told where something else is said."""

import numpy as np
import pytest

from harness.base.capabilities import Instrument
from harness.base.records import EVENT, NONE, CommandKind, EventKind, OrderType, Side
from harness.relations import makes
from harness.relations.extra import RELATION
from tests.fakes.history import BUY, IOC, cancel, market, new
from tests.fakes.related import by_hand, column, drawn, said

TAPE = drawn(4)
CHANGED = RELATION.there(TAPE, np.random.default_rng(1))
SENT = CHANGED.parts[0]
OWN = ~np.isin(np.where(SENT["kind"] == CommandKind.CANCEL, SENT["target"], SENT["order"]), TAPE.commands["order"])
OWN &= ~np.isin(SENT["target"], TAPE.commands["target"][TAPE.commands["target"] > 0])


def orders():
    return SENT[OWN & (SENT["kind"] == CommandKind.NEW)]


def told():
    """What an engine says to it, which is right, as answers to the changed commands."""
    return said(TAPE, SENT)


def signs(events):
    """The commands, as the tape counts them, beside which something was said that must not be."""
    back = RELATION.back(TAPE, CHANGED, events)
    return CHANGED.numbers[back["command"][back["kind"] == 0].astype(np.int64) - 1].tolist()


def test_the_tape_goes_on_as_it_is():
    assert column(SENT[~OWN], "number") == column(TAPE.commands, "number")
    assert CHANGED.numbers[~OWN].tolist() == column(TAPE.commands, "number")
    assert len(orders()) > 20


def test_each_order_is_new_lies_beyond_all_prices_and_is_canceled():
    ids = column(orders(), "order")
    assert len(set(ids)) == len(ids)
    assert not set(ids) & set(column(TAPE.commands[makes(TAPE.commands)], "order"))
    assert column(SENT[OWN & (SENT["kind"] == CommandKind.CANCEL)], "target") != []
    assert set(column(SENT[OWN & (SENT["kind"] == CommandKind.CANCEL)], "target")) == set(ids)
    for one in TAPE.instruments:
        prices = TAPE.commands["price"][(TAPE.commands["instrument"] == one.id) & (TAPE.commands["price"] != NONE)]
        mine = orders()[orders()["instrument"] == one.id]
        assert (mine["price"][mine["side"] == Side.BUY] < prices.min(initial=2**62)).all()
        assert (mine["price"][mine["side"] == Side.SELL] > prices.max(initial=-(2**62))).all()
        assert (mine["price"] % one.price_step == 0).all()
        assert ((mine["price"] >= one.price_min) & (mine["price"] <= one.price_max)).all()


def test_none_is_there_when_a_market_order_or_a_mass_cancel_comes():
    alive = np.cumsum(np.where(OWN, np.where(SENT["kind"] == CommandKind.NEW, 1, -1), 0))
    danger = ~OWN & ((SENT["kind"] == CommandKind.MASS_CANCEL) | (SENT["type"] == OrderType.MARKET))
    assert danger.sum() > 20
    assert (alive[danger] == 0).all()
    assert alive.max() > 1


def test_an_engine_that_is_right_says_nothing_else():
    events = told()
    back = RELATION.back(TAPE, CHANGED, events)
    assert signs(events) == []
    assert len(back) == np.count_nonzero(~OWN[events["command"].astype(np.int64) - 1])


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        (EventKind.ACCEPTED, "kind", EventKind.REJECTED), (EventKind.ACCEPTED, "qty", 7_777), (EventKind.ACCEPTED, "order", 7_777),
        (EventKind.RESTED, "price", 7_777), (EventKind.RESTED, "remaining", 7_777), (EventKind.RESTED, "kind", EventKind.TRADE),
        (EventKind.CANCELED, "remaining", 1), (EventKind.CANCELED, "qty", 7_777), (EventKind.CANCELED, "reason", 504),
    ],
)  # fmt: skip
def test_a_wrong_answer_leaves_a_sign(kind, field, value):
    events = told()
    mine = np.flatnonzero(OWN[events["command"].astype(np.int64) - 1] & (events["kind"] == kind))
    events[field][mine[3]] = value
    assert signs(events) == [CHANGED.numbers[events["command"][mine[3]] - 1]]


def test_so_does_an_answer_that_is_missing_or_one_too_many():
    events = told()
    mine = np.flatnonzero(OWN[events["command"].astype(np.int64) - 1])
    assert len(signs(np.delete(events, mine[5]))) == 1
    assert len(signs(np.concatenate((events, events[mine[5:6]]), dtype=EVENT))) == 1


def test_what_a_wire_does_not_carry_is_no_mistake():
    events = told()
    events["price"] = events["qty"] = events["remaining"] = NONE
    events["reason"] = 0
    assert signs(events) == []


def test_where_nothing_can_be_put_in_it_says_why():
    chance = np.random.default_rng(1)
    one = (Instrument(id=1, symbol="ONE", price_max=100),)
    assert "cancels nothing" in RELATION.there(by_hand(new(1, BUY, 50, 5), instruments=one), chance)
    full = by_hand(new(1, BUY, 1, 5), new(2, BUY, 100, 5), cancel(1), instruments=one)
    assert "no price beyond" in RELATION.there(full, chance)
    brief = by_hand(market(1, BUY, 5), new(2, BUY, 50, 5, IOC), cancel(2), instruments=one)
    assert "no order of the tape rests" in RELATION.there(brief, chance)
