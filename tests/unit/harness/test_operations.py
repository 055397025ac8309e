"""The operations of a book: each call does what its name says, and each finds the book that the one before it found."""

from functools import partial

import msgspec
import numpy as np
import pytest

from engines.adapters.guarded import GuardedInProcess
from engines.adapters.plain import PlainInProcess
from engines.adapters.reference import ReferenceInProcess
from engines.plain.engine import PlainEngine
from engines.reference.engine import ReferenceEngine
from harness.base.capabilities import RiskLimits
from harness.base.controls import Controls
from harness.base.errors import EngineDiedError
from harness.base.records import CommandKind, EventKind
from harness.operations import BOOK, COUNT, FIRST, of_orders
from harness.port import EngineSetup

OFFERED = ReferenceInProcess.capabilities
NAMES = ("add", "risk_check", "cancel", "replace", "match_1", "match_10")
ROUNDS = 3


class Watched:
    """A reference engine, and all commands that it was sent."""

    def __init__(self, offered=OFFERED):
        self.offers = of_orders(self.start, offered)
        self.sent = []

    def start(self, instruments, controls):
        self.instruments, self.controls = instruments, controls
        self.engine = ReferenceEngine(instruments)
        return self.calling

    def calling(self, commands):
        def call():
            self.sent.append(commands.copy())
            return self.engine.submit(commands)

        return call

    def book(self):
        """What stands at which price and in which place, whatever the ids."""
        rows = self.engine.snapshot().copy()
        rows["order"] = 0
        return rows

    def shape(self):
        """The levels, with how many orders each has."""
        rows = self.engine.snapshot()
        return np.unique(rows[["side", "price"]], return_counts=True)


@pytest.mark.parametrize("name", NAMES)
def test_each_call_finds_the_same_book_and_changes_it(name):
    watched = Watched()
    operation = watched.offers[name].prepare()
    before = watched.book()
    for _ in range(ROUNDS):
        told = operation.call()
        assert not np.array_equal(watched.book(), before)
        operation.restore(told)
        assert np.array_equal(watched.book(), before)


@pytest.mark.parametrize("name", NAMES)
def test_no_new_order_has_an_id_that_was_there_before(name):
    watched = Watched()
    operation = watched.offers[name].prepare()
    for _ in range(ROUNDS):
        operation.restore(operation.call())
    sent = np.concatenate(watched.sent)
    ids = sent["order"][sent["kind"] == CommandKind.NEW]
    assert len(ids) > FIRST
    assert len(np.unique(ids)) == len(ids)


@pytest.mark.parametrize("name", NAMES)
def test_a_call_with_nothing_to_carry_out_leaves_all_as_it_is(name):
    watched = Watched()
    operation = watched.offers[name].prepare()
    before = watched.book()
    assert len(operation.idle()) == 0
    assert np.array_equal(watched.book(), before)
    operation.restore(operation.call())


@pytest.mark.parametrize("name", ["add", "risk_check"])
def test_an_order_that_is_added_rests_behind_others(name):
    watched = Watched()
    operation = watched.offers[name].prepare()
    levels, _ = watched.shape()
    told = operation.call()
    assert set(told["kind"].tolist()) == {EventKind.ACCEPTED, EventKind.RESTED}
    after, _ = watched.shape()
    assert after.tolist() == levels.tolist()
    assert operation.batch == COUNT


def test_what_is_canceled_lies_all_over_the_book():
    watched = Watched()
    told = watched.offers["cancel"].prepare().call()
    assert len(told) == COUNT
    assert len(np.unique(told["price"])) == 200
    assert np.abs(np.diff(told["order"].astype(np.int64))).min() > 100


def test_a_replaced_order_goes_to_the_next_level_without_a_trade():
    told = Watched().offers["replace"].prepare().call()
    assert set(told["kind"].tolist()) == {EventKind.REPLACED, EventKind.RESTED}


@pytest.mark.parametrize(("name", "levels"), [("match_1", 1), ("match_10", 10)])
def test_an_order_that_matches_takes_so_many_whole_levels(name, levels):
    watched = Watched()
    operation = watched.offers[name].prepare()
    counts, (at, before) = watched.engine.counters(), watched.shape()
    told = operation.call()
    trades = told[told["kind"] == EventKind.TRADE]
    takers, each = np.unique(trades["order"], return_counts=True)
    assert len(takers) == operation.batch == COUNT // levels
    assert set(each.tolist()) == {levels}
    assert (np.diff(trades["price"]) == 1).all(), "each level is taken by one order, from the best to the worst"
    assert len(watched.shape()[0]) == len(before) - COUNT, "nothing is left at any of them"
    assert watched.engine.counters()["live_orders"] == counts["live_orders"] - COUNT
    assert len(at) == len(before)


def test_a_risk_check_is_the_same_order_with_every_limit_set():
    plain, limited = Watched(), Watched()
    plain.offers["add"].prepare().call()
    offered = limited.offers["risk_check"]
    offered.prepare().call()
    assert offered.against == "add"
    assert np.array_equal(plain.sent[-1], limited.sent[-1])
    assert plain.instruments == (BOOK,)
    (instrument,) = limited.instruments
    unset = msgspec.structs.asdict(RiskLimits())
    assert all(value != unset[name] for name, value in msgspec.structs.asdict(instrument.risk).items())
    assert plain.controls == Controls()
    for holder in (*limited.controls.accounts, *limited.controls.firms):
        unset = msgspec.structs.asdict(
            type(holder)(**{name: 9 for name in ("account", "firm") if hasattr(holder, name)})
        )
        assert all(value != unset[name] for name, value in msgspec.structs.asdict(holder).items())
    (pauses,) = limited.controls.instruments
    assert pauses.static_ticks
    assert pauses.breaker_ticks
    assert pauses.volume_max
    assert pauses.qty_step > 1


def test_an_engine_offers_what_it_can_do():
    offered = msgspec.structs.replace(OFFERED, commands=("new", "cancel"), controls=())
    assert list(Watched(offered).offers) == ["add", "cancel", "match_1", "match_10"]
    assert tuple(Watched().offers) == NAMES


class Forgetful(PlainEngine):
    """Loses the last command of each batch."""

    def submit(self, commands):
        return super().submit(commands[:-1])


def test_work_that_is_not_done_is_told():
    def start(instruments, controls):
        engine = Forgetful(instruments, PlainInProcess.own_conventions)
        return lambda commands: partial(engine.submit, commands)

    operation = of_orders(start, OFFERED)["add"].prepare()
    with pytest.raises(EngineDiedError, match=r"5,000 commands led to 4,999 times rested; wanted 5,000"):
        operation.restore(operation.call())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("adapter", [PlainInProcess, ReferenceInProcess, GuardedInProcess], ids=lambda one: one.name)
def test_the_bundled_engines_carry_them_out(adapter, name):
    operation = adapter(EngineSetup((BOOK,))).operations()[name].prepare()
    for _ in range(2):
        operation.restore(operation.call())
