"""Markets that go through stages: the book that a flow keeps is the one that the rules lead to, whatever an engine offers."""

import subprocess
import sys
from itertools import cycle, product
from pathlib import Path
from typing import get_args

import msgspec
import numpy as np
import pytest

from engines.plain.offered import CAPABILITIES
from harness.base.capabilities import Capabilities, Conventions, KeepsPlace, ReplaceQuantity, SelfTradeMode
from harness.base.reasons import Reason
from harness.base.records import CommandKind, OrderType, TimeInForce, command_rows
from harness.base.seeds import Seed
from harness.flows import first_commands
from harness.flows._kept_book import BASE, ID, LEVEL, LIVE, OPEN, TICKS
from harness.flows._staged import ACTS, NAMES, THOUSAND, Stage
from harness.flows._staged_kernel import StagedMarket
from harness.flows._staged_tables import tables_of
from harness.flows.cancel_storm import CancelStormFlow
from harness.flows.duplicate_storm import DuplicateStormFlow
from harness.flows.flash_crash import FlashCrashFlow
from harness.flows.halt_and_reopening import HaltAndReopeningFlow
from harness.flows.price_limit_move import PriceLimitMoveFlow
from harness.flows.quote_stuffing import QuoteStuffingFlow
from harness.flows.volume_spike import VolumeSpikeFlow
from harness.oracle.model import Model
from tests.fakes.staged import played

ROOT = Path(__file__).parents[4]
FLOWS = (
    CancelStormFlow(), DuplicateStormFlow(), FlashCrashFlow(), HaltAndReopeningFlow(), PriceLimitMoveFlow(), QuoteStuffingFlow(),
    VolumeSpikeFlow(),
)  # fmt: skip
MEANT = {
    DuplicateStormFlow: {Reason.DUPLICATE_ORDER_ID, Reason.UNKNOWN_ORDER},
    CancelStormFlow: {Reason.UNKNOWN_ORDER},
    PriceLimitMoveFlow: {Reason.INVALID_PRICE, Reason.RISK_PRICE_COLLAR},
}
"""The reasons by which a flow means to be refused; the others mean none."""
OFFERS = {
    "all of it": {},
    "no replaces, no mass cancels": {"commands": ("new", "cancel")},
    "no cancels": {"commands": ("new",)},
    "neither immediate nor market orders": {"types": ("limit",), "tifs": ("day",)},
    "no collar": {"controls": ()},
}
REPLACES = [*product(get_args(KeepsPlace), get_args(ReplaceQuantity))]
VENUES = [*zip(get_args(SelfTradeMode), cycle(REPLACES), strict=False)]
"""Each value of each convention that speaks of new orders and replaces."""
each_flow = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: type(flow).__name__)


def kept(flow, count):
    """The orders of the book that a flow keeps: id, price and open quantity."""
    market = StagedMarket(Seed(1), flow.stages, flow.instruments()[0], flow.resting, flow.without)
    market.draw(count)
    book = market._state.book
    orders = book.orders[book.live[: book.counts[LIVE]]]
    columns = orders[:, ID], BASE + orders[:, LEVEL] % TICKS, orders[:, OPEN]
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


@each_flow
@pytest.mark.parametrize("offers", OFFERS)
def test_the_book_that_it_keeps_is_that_of_the_rules_and_nothing_is_refused_but_what_is_meant_to_be(flow, offers):
    capabilities = msgspec.structs.replace(CAPABILITIES, **OFFERS[offers])
    done = played(flow, capabilities=capabilities)
    _, book = done.books[-1]
    wanted = sorted(zip(*(book[field].tolist() for field in ("order", "price", "remaining")), strict=True))
    assert kept(flow.fitted(capabilities, Conventions()), len(done.answers)) == wanted
    assert set(done.refusals()) <= MEANT.get(type(flow), set())


@each_flow
def test_all_that_venues_differ_in_changes_nothing(flow):
    fitted = flow.fitted(CAPABILITIES, Conventions())
    rows = command_rows(first_commands(fitted.batches(Seed(2)), 7_000))
    told = []
    for mode, (place, quantity) in VENUES:
        model = Model(
            fitted.instruments(),
            Conventions(self_trade=mode, replace_keeps_place=place, replace_quantity=quantity),
            CAPABILITIES,
        )
        told.append([model.apply(row) for row in rows])
    assert all(answers == told[0] for answers in told)


@each_flow
def test_nobody_meets_himself(flow):
    assert Reason.SELF_TRADE not in {event.reason for answer in played(flow).answers for event in answer.events}


@pytest.mark.parametrize("flow", [flow for flow in FLOWS if not isinstance(flow, HaltAndReopeningFlow)], ids=str)
def test_its_note_of_what_is_accepted_leaves_some_room(flow):
    new = [answer for answer in played(flow, 2).answers if answer.command.kind == CommandKind.NEW]
    accepted = sum(not answer.is_refused() for answer in new) / len(new)
    assert flow.notes().least_accepted <= accepted < flow.notes().least_accepted + 0.15


@each_flow
def test_a_million_commands_leave_the_book_bounded(flow):
    assert len(kept(flow, 1_000_000)) < 1.2 * flow.resting


@each_flow
def test_a_cycle_ends_where_it_began(flow):
    assert sum(stage.drift_ticks for stage in flow.stages) == 0


@each_flow
def test_the_seed_decides_every_byte_whatever_is_drawn_at_once(flow):
    first = first_commands(flow.batches(Seed(3)), 9_000)
    assert (first_commands(flow.batches(Seed(3)), 9_000) == first).all()
    assert (first_commands(flow.batches(Seed(4)), 9_000) != first).any()
    market = StagedMarket(Seed(3), flow.stages, flow.instruments()[0], flow.resting, flow.without)
    cut = np.concatenate([market.draw(size) for size in (1, 4_000, 4_999)])
    cut["number"] = first["number"]
    assert (cut == first).all()


@pytest.mark.parametrize(
    ("offered", "kinds", "types", "tifs"),
    [
        (Capabilities(), {CommandKind.NEW, CommandKind.CANCEL}, {OrderType.LIMIT}, {TimeInForce.DAY}),
        (Capabilities(commands=("new",)), {CommandKind.NEW}, {OrderType.LIMIT}, {TimeInForce.DAY}),
        (
            Capabilities(commands=("new", "replace"), types=("limit", "market"), tifs=("day", "ioc")),
            {CommandKind.NEW, CommandKind.REPLACE}, {OrderType.LIMIT, OrderType.MARKET}, {TimeInForce.DAY, TimeInForce.IOC},
        ),
    ],
    ids=["limit orders and cancels", "limit orders alone", "no cancels"],
)  # fmt: skip
def test_what_an_engine_does_not_offer_is_left_out(offered, kinds, types, tifs):
    commands = first_commands(HaltAndReopeningFlow().fitted(offered, Conventions()).batches(Seed(1)), 6_000)
    new = commands[commands["kind"] == CommandKind.NEW]
    assert {*commands["kind"].tolist()} == kinds
    assert ({*new["type"].tolist()}, {*new["tif"].tolist()}) == (types, tifs)


def test_what_the_event_hangs_on_is_told_where_it_is_not_offered():
    told = {
        type(flow): flow.fitted(Capabilities(commands=("new",)), Conventions()).notes().not_tested for flow in FLOWS
    }
    assert told[HaltAndReopeningFlow] == {"halt and reopening": "the engine does not offer halt, resume"}
    assert told[CancelStormFlow] == {"cancel storm": "the engine does not offer cancel"}
    assert told[QuoteStuffingFlow] == {"quote stuffing": "the engine does not offer cancel"}
    assert not told[FlashCrashFlow]
    assert not any(flow.notes().not_tested for flow in FLOWS)


def test_of_an_engine_that_keeps_no_order_between_accounts_less_is_expected():
    flow = PriceLimitMoveFlow()
    apart = flow.fitted(msgspec.structs.replace(CAPABILITIES, accounts_apart=True), Conventions())
    assert 0 < apart.notes().least_accepted < flow.notes().least_accepted / 2


def test_a_halt_that_could_not_be_resumed_is_not_asked_for():
    offered = msgspec.structs.replace(CAPABILITIES, commands=(*CAPABILITIES.commands, "halt"))
    commands = first_commands(HaltAndReopeningFlow().fitted(offered, Conventions()).batches(Seed(1)), 6_000)
    assert CommandKind.HALT not in commands["kind"]


def test_shares_that_are_no_thousand_are_a_mistake():
    stage = Stage(name="odd", commands=1, shares={"rest": 999})
    with pytest.raises(ValueError, match="the stage odd add up to 999; wanted 1000"):
        tables_of((stage,), FlashCrashFlow().instruments()[0], 1, ())


def test_an_act_that_is_not_offered_gives_way_to_one_that_is():
    every = tuple(dict.fromkeys(act.needs for act in ACTS if act.needs))
    shares = dict.fromkeys(NAMES[:-2], 0) | {"sweep": THOUSAND}
    tables = tables_of((Stage(name="all", commands=1, shares=shares),), FlashCrashFlow().instruments()[0], 1, every)
    assert {*tables.acts[0].tolist()} == {NAMES.index("cross")}


LATE = """
import sys
from harness.base.capabilities import Capabilities, Conventions
from harness.compose import plugs
for name in ("cancel_storm", "duplicate_storm", "flash_crash", "halt_and_reopening", "price_limit_move", "quote_stuffing", "volume_spike"):
    flow = plugs.scenario(name).flow
    flow.fitted(Capabilities(), Conventions()).instruments(), flow.notes()
print('numba' in sys.modules)
"""


def test_a_flow_that_is_listed_or_fitted_loads_no_numba():
    told = subprocess.run([sys.executable, "-c", LATE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
