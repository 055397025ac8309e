"""The zero-intelligence flow: its trades, its rejects."""

from dataclasses import replace

import numpy as np

from harness.base.capabilities import Capabilities, Conventions
from harness.base.reasons import Reason
from harness.base.records import CommandKind, EventKind
from harness.base.seeds import Seed
from harness.flows import poisson
from tests.fakes.drawn import drawn, played, share

ANY = tuple(CommandKind)


def test_an_engine_without_cancels_gets_orders_alone():
    fitted = poisson.FLOW().fitted(Capabilities(commands=("new",)), Conventions())
    assert set(np.unique(drawn(fitted, Seed(1), 4)["kind"])) == {CommandKind.NEW}


def test_poisson_trades_a_lot_and_cancels_mostly_what_is_live():
    answers, model = played(poisson.FLOW(), 24)
    assert share(answers, EventKind.TRADE, ANY) >= 0.35
    assert share(answers, EventKind.ACCEPTED, (CommandKind.NEW,)) >= poisson.FLOW().notes().least_accepted
    assert share(answers, EventKind.CANCEL_REJECTED, (CommandKind.CANCEL,)) < 0.25
    assert share(answers, EventKind.REPLACE_REJECTED, (CommandKind.REPLACE,)) < 0.25
    assert len(model.book()) < 3_000


def test_poisson_reaches_what_the_checks_look_for():
    answers, _ = played(poisson.FLOW(), 12)
    reasons = {event.reason for _, events in answers for event in events}
    trades = [[event for event in events if event.kind == EventKind.TRADE] for _, events in answers]
    assert {
        Reason.INVALID_PRICE, Reason.INVALID_QUANTITY, Reason.INVALID_ORDER_ID, Reason.UNKNOWN_INSTRUMENT,
        Reason.DUPLICATE_ORDER_ID, Reason.NOT_OWNER, Reason.UNKNOWN_ORDER, Reason.POST_ONLY_WOULD_TRADE,
        Reason.INVALID_TERMS, Reason.IOC_REMAINDER, Reason.FOK_NOT_FILLABLE, Reason.MIN_QTY_NOT_REACHED, Reason.SELF_TRADE,
        Reason.USER, Reason.MASS_CANCEL,
    } <= reasons  # fmt: skip
    assert sum(len({trade.price for trade in each}) >= 2 for each in trades) > 50
    assert sum(len({trade.maker for trade in each}) >= 3 for each in trades) > 50


def test_thin_markets_run_dry():
    answers, _ = played(replace(poisson.FLOW(), markets=30, resting=10), 4)
    reasons = [event.reason for _, events in answers for event in events]
    assert reasons.count(Reason.MARKET_REMAINDER) > 10


def test_stops_trigger_and_one_sets_off_another():
    answers, _ = played(poisson.FLOW(), 12)
    triggered = [sum(event.kind == EventKind.TRIGGERED for event in events) for _, events in answers]
    assert sum(map(bool, triggered)) > 50
    assert max(triggered) > 1
