"""What the random flows promise: the same bytes for a seed, the mix they tell of, and nothing that the engine lacks."""

from itertools import islice

import numpy as np
import pytest

from harness.base.capabilities import Capabilities, Conventions
from harness.base.reasons import Reason
from harness.base.records import Command, CommandKind, EventKind, Flag, OrderType, TimeInForce, command_rows
from harness.base.seeds import Seed
from harness.flows import cancel_heavy, poisson
from harness.oracle.model import Model
from tests.fakes.history import ALL

FLOWS = [poisson.FLOW(), cancel_heavy.FLOW()]
each_flow = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: type(flow).__name__)


def drawn(flow, seed, batches):
    return np.concatenate(list(islice(flow.batches(seed), batches)))


@each_flow
def test_the_seed_decides_every_byte(flow):
    first = drawn(flow, Seed(3), 4)
    assert drawn(flow, Seed(3), 4).tobytes() == first.tobytes()
    assert drawn(flow, Seed(4), 4).tobytes() != first.tobytes()


@each_flow
def test_new_ids_are_unique_but_for_the_wrong_ones(flow):
    commands = drawn(flow, Seed(1), 20)
    ids = commands["order"][commands["kind"] == CommandKind.NEW]
    assert len(np.unique(ids)) > 0.99 * len(ids)


@each_flow
def test_an_engine_that_offers_everything_loses_nothing(flow):
    fitted = flow.fitted(ALL, Conventions())
    assert fitted == flow
    assert fitted.notes().not_tested == {}


@each_flow
def test_a_bare_engine_is_sent_only_what_it_offers(flow):
    fitted = flow.fitted(Capabilities(), Conventions())
    commands = drawn(fitted, Seed(1), 10)
    new = commands[commands["kind"] == CommandKind.NEW]
    assert set(np.unique(commands["kind"])) == {CommandKind.NEW, CommandKind.CANCEL}
    assert set(np.unique(new["type"])) == {OrderType.LIMIT}
    assert set(np.unique(new["tif"])) == {TimeInForce.DAY}
    assert not new["flags"].any()
    assert {"ioc", "replace", "post_only", "gtc", "mass_cancel"} <= set(fitted.notes().not_tested)


def test_an_engine_without_cancels_gets_orders_alone():
    fitted = poisson.FLOW().fitted(Capabilities(commands=("new",)), Conventions())
    assert set(np.unique(drawn(fitted, Seed(1), 4)["kind"])) == {CommandKind.NEW}


@each_flow
def test_all_kinds_and_terms_come_up(flow):
    commands = drawn(flow, Seed(1), 60)
    new = commands[commands["kind"] == CommandKind.NEW]
    assert set(np.unique(commands["kind"])) == {1, 2, 3, 4}
    assert {TimeInForce.DAY, TimeInForce.IOC, TimeInForce.GTC} <= set(np.unique(new["tif"]))
    assert set(np.unique(new["flags"])) == {Flag.NONE, Flag.POST_ONLY}
    buys = np.count_nonzero(new["side"] == 0) / len(new)
    assert 0.48 < buys < 0.52


def test_depths_follow_the_power_law():
    """At a mid that stands still, P(depth >= 10) is 10 ** -0.6."""
    commands = drawn(poisson.FLOW(), Seed(1), 1)
    rests = commands[(commands["kind"] == CommandKind.NEW) & (commands["tif"] == TimeInForce.DAY)]
    depth = np.abs(rests["price"][(rests["price"] > 1) & (rests["price"] < 10**6)] - 100_000)
    assert np.mean(depth >= 10) == pytest.approx(10**-0.6, abs=0.06)


def played(flow, batches):
    """The flow's commands and what the oracle's model answers to each."""
    model = Model(flow.instruments(), Conventions(self_trade="cancel_newest"))
    rows = command_rows(drawn(flow, Seed(1), batches))
    return [(row, model.apply(row)) for row in (row._replace(number=at) for at, row in enumerate(rows, 1))], model


def share(answers, kind, of):
    """How many events of `kind` come for a command of the kinds `of`."""
    asked = [events for command, events in answers if command.kind in of]
    return sum(event.kind == kind for events in asked for event in events) / len(asked)


ANY = tuple(CommandKind)


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
        Reason.IOC_REMAINDER, Reason.FOK_NOT_FILLABLE, Reason.MARKET_REMAINDER, Reason.SELF_TRADE, Reason.USER,
        Reason.MASS_CANCEL,
    } <= reasons  # fmt: skip
    assert sum(len({trade.price for trade in each}) >= 2 for each in trades) > 50
    assert sum(len({trade.maker for trade in each}) >= 3 for each in trades) > 50


def test_cancel_heavy_cancels_and_replaces_more_than_it_adds():
    answers, model = played(cancel_heavy.FLOW(), 24)
    kinds = [command.kind for command, _ in answers]
    changes = kinds.count(CommandKind.CANCEL) + kinds.count(CommandKind.REPLACE)
    assert changes > 1.5 * kinds.count(CommandKind.NEW)
    assert share(answers, EventKind.CANCEL_REJECTED, (CommandKind.CANCEL,)) < 0.25
    assert model.book()["place"].max() > 50


def test_cancel_heavy_replaces_up_down_and_in_place():
    commands = command_rows(drawn(cancel_heavy.FLOW(), Seed(1), 8))
    price: dict[int, int] = {}
    moves = set()
    for command in commands:
        if command.kind == CommandKind.REPLACE:
            moves.add(sign(command, price.get(command.target)))
        if command.kind in (CommandKind.NEW, CommandKind.REPLACE):
            price[command.order] = command.price
    assert {-1, 0, 1} <= moves


def sign(command: Command, before: int | None) -> int | None:
    """Whether the replace moves its order up, down or not at all; None for an order that was never sent."""
    return None if before is None else (command.price > before) - (command.price < before)
