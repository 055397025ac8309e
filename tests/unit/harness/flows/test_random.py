"""What the random flows promise alike: the same bytes for a seed, all kinds of command, and nothing that the engine lacks."""

import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from harness.base.capabilities import CONTROLS, Capabilities, Conventions
from harness.base.reasons import Reason
from harness.base.records import NONE, CommandKind, EventKind, Flag, OrderType, Side, TimeInForce, command_rows
from harness.base.seeds import Seed
from harness.flows import cancel_heavy, poisson
from harness.flows._draws import random_of
from harness.flows._random import BAND, MID, MISTAKES, RandomFlow, Shape
from harness.flows._random_kernel import BATCH
from harness.flows._random_kernel import drawn as drawn_by_kernel
from harness.flows._random_new import State, draw_mid
from harness.flows._random_tables import tables_of
from tests.fakes.drawn import drawn, played

ROOT = Path(__file__).parents[4]
EVERYTHING = Capabilities(
    commands=("new", "cancel", "replace", "mass_cancel"), types=("limit", "market", "stop", "stop_limit"),
    tifs=("day", "ioc", "fok", "gtc"), flags=("post_only",), terms=("min_qty",), controls=CONTROLS,
)  # fmt: skip
LATE_COMERS = ("stop", "stop_limit", "min_qty", *CONTROLS)
"""What an engine may well not offer."""
FLOWS = [poisson.FLOW(), cancel_heavy.FLOW()]
each_flow = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: type(flow).__name__)


@each_flow
def test_the_seed_decides_every_byte(flow):
    first = drawn(flow, Seed(3), 6)
    assert drawn(flow, Seed(3), 6).tobytes() == first.tobytes()
    assert drawn(flow, Seed(4), 6).tobytes() != first.tobytes()


@each_flow
def test_new_ids_are_unique_but_for_the_wrong_ones(flow):
    commands = drawn(flow, Seed(1), 20)
    ids = commands["order"][commands["kind"] == CommandKind.NEW]
    assert len(np.unique(ids)) > 0.99 * len(ids)


@each_flow
def test_an_engine_that_offers_everything_loses_nothing(flow):
    assert flow.fitted(EVERYTHING, Conventions()) == flow


@each_flow
def test_a_bare_engine_is_sent_only_what_it_offers(flow):
    fitted = flow.fitted(Capabilities(), Conventions())
    commands = drawn(fitted, Seed(1), 10)
    new = commands[commands["kind"] == CommandKind.NEW]
    assert set(np.unique(commands["kind"])) == {CommandKind.NEW, CommandKind.CANCEL}
    assert set(np.unique(new["type"])) == {OrderType.LIMIT}
    assert set(np.unique(new["tif"])) == {TimeInForce.DAY}
    assert not new["flags"].any()
    assert set(np.unique(new["stop"])) == set(np.unique(new["min_qty"])) == {NONE}
    assert fitted.notes().not_tested == {}, "what the engine does not offer is told once, by its capabilities"


@each_flow
def test_all_kinds_and_terms_come_up(flow):
    commands = drawn(flow, Seed(1), 60)
    new = commands[commands["kind"] == CommandKind.NEW]
    assert set(np.unique(commands["kind"])) == {1, 2, 3, 4}
    assert {TimeInForce.DAY, TimeInForce.IOC, TimeInForce.GTC} <= set(np.unique(new["tif"]))
    assert {OrderType.LIMIT, OrderType.STOP, OrderType.STOP_LIMIT} <= set(np.unique(new["type"]))
    assert np.count_nonzero(new["min_qty"] != NONE) > 30
    assert set(np.unique(new["flags"])) == {Flag.NONE, Flag.POST_ONLY}
    buys = np.count_nonzero(new["side"] == 0) / len(new)
    assert 0.48 < buys < 0.52


@each_flow
def test_a_command_holds_nothing_that_its_kind_has_no_use_for(flow):
    for command in command_rows(drawn(flow, Seed(1), 12)):
        assert command.number == 0
        assert command.display == command.expiry_ns == command.due_ns == command.sent_ns == NONE
        if command.kind != CommandKind.NEW:
            assert (command.type, command.tif, command.flags, command.stop, command.min_qty) == (0, 0, 0, NONE, NONE)
        assert (command.target == 0) == (command.kind in (CommandKind.NEW, CommandKind.MASS_CANCEL))
        assert (command.price == NONE) >= (command.kind in (CommandKind.CANCEL, CommandKind.MASS_CANCEL))


def test_stops_lie_beyond_the_mid_and_their_limits_near_them():
    commands = drawn(poisson.FLOW(), Seed(1), 12)
    stops = commands[
        (commands["type"] == OrderType.STOP_LIMIT) & (commands["price"] != NONE) & (commands["stop"] < 10**6)
    ]
    stops = stops[stops["stop"] != NONE]
    assert len(stops) > 100
    toward = 1 - 2 * stops["side"].astype(np.int64)
    beyond = toward * (stops["stop"] - 100_000)
    assert np.mean(beyond > -40) == 1, "the mid has moved, but not far"
    assert np.mean(beyond >= 10) > 0.1
    assert set(np.unique(toward * (stops["price"] - stops["stop"]))) >= {-1, 0, 1}


@each_flow
def test_good_orders_break_no_limit(flow):
    limited = flow.instruments()[-1]
    answers, _ = played(flow, 24)
    mine = [(command, events[0].reason) for command, events in answers if command.instrument == limited.id]
    reasons = Counter(reason for _, reason in mine)
    risks = {
        Reason.RISK_ORDER_QUANTITY, Reason.RISK_ORDER_VALUE, Reason.RISK_PRICE_COLLAR, Reason.UNKNOWN_ACCOUNT, Reason.INVALID_PRICE,
    }  # fmt: skip
    assert risks <= set(reasons)
    share = {"PoissonFlow": 0.03, "CancelHeavyFlow": 0.01}[type(flow).__name__]
    assert sum(reasons[reason] for reason in risks) < share * len(answers), "no more than the mistakes that are made"
    priced = [command.price for command, reason in mine if command.price != NONE and reason != Reason.INVALID_PRICE]
    assert np.mean(np.array(priced) % limited.price_step) < 0.01


@dataclass(frozen=True, slots=True)
class Erring(RandomFlow):
    """Orders that never meet, and mistakes: what is not refused is no mistake."""

    shape: ClassVar[Shape] = Shape(
        shares={"rest": 0.5, "wrong": 0.5}, depth_exponent=0.6, deepest=400, step_chance=0, near_ticks=-1, newest_first=0,
        moves=(0, 1),
    )  # fmt: skip
    markets: int = 2
    accounts: int = 4
    resting: int = 100_000


def test_every_mistake_is_refused_and_all_of_them_are_made():
    answers, _ = played(Erring(), 24)
    refused = [
        (command, events[0])
        for command, events in answers
        if events[0].kind not in (EventKind.ACCEPTED, EventKind.CANCELED)
    ]
    assert abs(len(refused) - len(answers) / 2) < 350, (
        "all that are wrong, but for the first few that found nothing to be wrong about"
    )
    good = [command for command, events in answers if events[0].kind == EventKind.ACCEPTED]
    assert all(command.stop == command.min_qty == NONE for command in good)
    told = Counter((command.kind, event.reason) for command, event in refused)
    each = len(refused) / len(MISTAKES)
    asked = {
        (1, Reason.UNSUPPORTED): 1, (1, Reason.INVALID_TERMS): 4, (1, Reason.INVALID_PRICE): 6, (1, Reason.INVALID_QUANTITY): 4,
        (1, Reason.INVALID_ORDER_ID): 1, (1, Reason.UNKNOWN_INSTRUMENT): 1, (1, Reason.DUPLICATE_ORDER_ID): 1,
        (1, Reason.UNKNOWN_ACCOUNT): 1, (1, Reason.RISK_ORDER_QUANTITY): 1, (1, Reason.RISK_ORDER_VALUE): 1,
        (1, Reason.RISK_PRICE_COLLAR): 1, (2, Reason.NOT_OWNER): 1, (2, Reason.UNKNOWN_ORDER): 1,
        (3, Reason.UNKNOWN_ORDER): 2, (3, Reason.RISK_ORDER_QUANTITY): 1, (3, Reason.RISK_PRICE_COLLAR): 1,
    }  # fmt: skip
    assert set(told) == set(asked)
    for (kind, reason), count in asked.items():
        assert told[kind, reason] == pytest.approx(count * each, rel=0.2), reason.name


def test_depths_follow_the_power_law():
    """At a mid that stands still, P(depth >= 10) is 10 ** -0.6."""
    commands = drawn(Erring(), Seed(1), 12)
    rests = commands[
        (commands["kind"] == CommandKind.NEW) & (commands["tif"] == TimeInForce.DAY) & (commands["instrument"] == 1)
    ]
    depth = (rests["price"] - MID) * np.where(rests["side"] == Side.BUY, -1, 1)
    good = depth[(depth > 0) & (depth <= 400)]
    for ticks in (2, 5, 10, 100):
        assert np.mean(good >= ticks) == pytest.approx(ticks**-0.6, rel=0.1)


def test_the_mid_goes_a_tick_up_as_often_as_down():
    shape = replace(Erring.shape, shares={"rest": 1}, deepest=1, step_chance=1)
    commands = next(drawn_by_kernel(shape, Seed(1), markets=1, accounts=1, resting=50, without=CONTROLS))
    mid = commands["price"] + np.where(commands["side"] == Side.BUY, 1, -1)
    steps = np.diff(mid[commands["price"] % 2 == 0])
    assert np.abs(steps).max() <= 40, "a price on its step may hide some of them"
    assert abs(mid[-1] - MID) < 250, "four times what chance makes likely"


@pytest.mark.parametrize("end", [MID - BAND, MID + BAND])
def test_the_mid_turns_at_the_ends_of_its_band(end):
    shape = replace(Erring.shape, step_chance=1)
    none, few = np.zeros((0, 0), np.int64), np.ones(1, np.int64)
    tables = tables_of(shape, markets=1, accounts=1, resting=50, without=())
    state = State(tables, random_of(Seed(1), "mid"), none, few, np.array([0, end]), few, few)
    walk = np.array([draw_mid(state, 1) for _ in range(2_000)])
    assert set(np.abs(np.diff(walk))) == {1}
    assert BAND - 2 <= np.abs(walk - MID).max() <= BAND
    assert len(set(walk)) > 20


def test_cancels_grow_with_the_book():
    def canceled(resting):
        kinds = drawn(replace(poisson.FLOW(), resting=resting), Seed(1), 8)["kind"]
        return np.mean(kinds == CommandKind.CANCEL)

    assert canceled(100) > 2 * canceled(5_000)


@each_flow
def test_a_part_that_is_canceled_is_no_more_than_was_sent_and_is_left(flow):
    shares = {name: share for name, share in flow.shape.shares.items() if name != "wrong"}
    batches = drawn_by_kernel(
        replace(flow.shape, shares=shares), Seed(1), markets=2, accounts=4, resting=500, without=()
    )
    left: dict[int, int] = {}
    parts = 0
    for command in command_rows(np.concatenate(list(islice(batches, 3)))):
        if command.kind == CommandKind.CANCEL and command.qty != NONE and command.target in left:
            parts += 1
            assert 1 <= command.qty <= left[command.target]
            left[command.target] -= command.qty
        elif command.kind in (CommandKind.NEW, CommandKind.REPLACE):
            left[command.order] = command.qty
    assert parts > 200


def test_fewer_offers_mean_fewer_mistakes_and_no_other_ones():
    answers, _ = played(replace(Erring(), without=LATE_COMERS), 12)
    reasons = {Reason(event.reason) for _, events in answers for event in events if event.kind == EventKind.REJECTED}
    assert reasons == {
        Reason.INVALID_PRICE, Reason.INVALID_QUANTITY, Reason.INVALID_ORDER_ID, Reason.UNKNOWN_INSTRUMENT,
        Reason.DUPLICATE_ORDER_ID,
    }  # fmt: skip


def test_a_stop_that_waits_is_canceled_but_never_replaced_unless_by_mistake():
    commands = drawn(replace(poisson.FLOW(), resting=50), Seed(2), 40)
    stops = set(commands["order"][np.isin(commands["type"], (OrderType.STOP, OrderType.STOP_LIMIT))].tolist())
    about = {
        kind: np.count_nonzero([target in stops for target in commands["target"][commands["kind"] == kind].tolist()])
        for kind in (CommandKind.CANCEL, CommandKind.REPLACE)
    }
    assert about[CommandKind.CANCEL] > 100
    mistakes = 0.03 / 1.06 * len(commands) / len(MISTAKES)
    assert about[CommandKind.REPLACE] == pytest.approx(mistakes, rel=0.5)


def test_an_engine_without_cancels_is_fed_without_end():
    """Nothing takes an order out of what is believed to be live but the mid, which stands nearly still."""
    flow = replace(cancel_heavy.FLOW(), resting=10).fitted(Capabilities(commands=("new",)), Conventions())
    assert len(drawn(flow, Seed(1), 3 * BATCH // 1024)) == 3 * BATCH


LATE = """
import sys
from harness.base.capabilities import CONTROLS, Capabilities, Conventions
from harness.flows.poisson import FLOW
from harness.flows.cancel_heavy import FLOW as HEAVY
for flow in (FLOW(), HEAVY()):
    flow.fitted(Capabilities(), Conventions()).instruments(), flow.notes()
print('numba' in sys.modules)
"""


def test_a_flow_that_is_listed_or_fitted_loads_no_numba():
    told = subprocess.run([sys.executable, "-c", LATE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


@pytest.mark.parametrize(("new_ids", "share"), [(False, 0.5), (True, 0.0)])
def test_half_of_the_replaces_keep_the_id_of_their_order_or_none_does(new_ids, share):
    shape = replace(poisson.SHAPE, shares={"rest": 0.5, "replace": 0.2, "cancel": 0.1})
    batches = drawn_by_kernel(shape, Seed(3), markets=1, accounts=4, resting=200, without=CONTROLS, new_ids=new_ids)
    commands = np.concatenate(list(islice(batches, 4)))
    made = commands[commands["kind"] == CommandKind.REPLACE]
    assert len(made) > 1_000
    assert (made["order"] == made["target"]).mean() == pytest.approx(share, abs=0.05)
