"""The exploring flow: what it reaches, and that it keeps to what an engine offers."""

from itertools import islice

import numpy as np
import pytest

from harness.base.bits import digest
from harness.base.capabilities import Capabilities, Conventions
from harness.base.reasons import Reason
from harness.base.records import NONE, CommandKind, EventKind, OrderType, TimeInForce, command_rows
from harness.base.seeds import Seed
from harness.flows.explored import INSTRUMENTS, ExploredFlow
from harness.oracle.model import Model
from tests.fakes.drawn import drawn, played, share

BARE = Capabilities(commands=("new",), tifs=("gtc",))
BARE_AND_CANCEL = Capabilities(commands=("new", "cancel"))


def episodes(flow, count, seed=1):
    return list(islice(flow.batches(Seed(seed)), count))


def test_the_same_seed_gives_the_same_commands():
    first, again, other = (digest(drawn(ExploredFlow(), Seed(seed), 8)) for seed in (1, 1, 2))
    assert first == again != other


def test_it_reaches_every_reason_that_the_page_knows():
    answers, _ = played(ExploredFlow(), 40)
    reasons = {event.reason for _, events in answers for event in events}
    groups = {reason for reason in Reason if reason // 100 in {1, 3, 5}}
    # What only a stage before the engine says, and what only a wire does, stands on no page of matching.
    beyond = {reason for reason in groups if reason >= Reason.RISK_DISABLED and reason // 100 == 3}
    groups -= {*beyond, Reason.RISK_OTHER, Reason.KILLED}
    assert groups | {Reason.UNKNOWN_INSTRUMENT} == reasons - {0}


def test_most_orders_are_good_and_most_names_are_live():
    answers, _ = played(ExploredFlow(), 40)
    assert share(answers, EventKind.ACCEPTED, (CommandKind.NEW,)) > ExploredFlow().notes().least_accepted
    assert share(answers, EventKind.CANCEL_REJECTED, (CommandKind.CANCEL,)) < 0.5
    assert share(answers, EventKind.REPLACED, (CommandKind.REPLACE,)) > 0.3


def test_it_meets_every_kind_type_and_time_on_every_instrument():
    commands = drawn(ExploredFlow(), Seed(1), 40)
    assert set(commands["kind"]) == {1, 2, 3, 4}
    new = commands[commands["kind"] == CommandKind.NEW]
    for instrument in INSTRUMENTS:
        mine = new[new["instrument"] == instrument.id]
        assert set(mine["type"]) == {1, 2, 3, 4}
        assert set(mine["tif"]) == {TimeInForce.DAY, TimeInForce.IOC, TimeInForce.FOK, TimeInForce.GTC}
        for bound in (instrument.qty_min, instrument.qty_max):
            assert {bound - 1, bound, bound + 1} <= set(mine["qty"]), instrument.symbol
        for bound in (instrument.price_min, instrument.price_max):
            assert bound in mine["price"], instrument.symbol
        assert {NONE, 0} <= set(mine["price"])
        assert {NONE, 0, -1} <= set(mine["qty"])


@pytest.mark.parametrize("without", [(), ("mass_cancel",)], ids=["mass cancel", "cancels"])
def test_each_episode_begins_on_an_empty_book(without):
    flow = ExploredFlow(without)
    model = Model(flow.instruments(), Conventions())
    deepest = 0
    for batch in episodes(flow, 30):
        assert not len(model.book())
        for command in command_rows(batch):
            model.apply(command)
            deepest = max(deepest, len(model.book()))
    assert deepest > 50


def test_episodes_differ_in_what_they_do():
    kinds = {tuple(np.unique(batch["kind"])) for batch in episodes(ExploredFlow(), 40)}
    types = {tuple(np.unique(batch["type"])) for batch in episodes(ExploredFlow(), 40)}
    assert len(kinds) == 4, "with and without cancels, with and without replaces"
    assert len(types) > 6


def test_what_the_engine_does_not_offer_is_not_sent():
    bare = drawn(ExploredFlow().fitted(BARE, Conventions()), Seed(1), 8)
    assert set(bare["kind"]) == {CommandKind.NEW}
    assert set(bare["type"]) == {OrderType.LIMIT}
    assert set(bare["tif"]) == {TimeInForce.GTC}
    assert set(bare["flags"]) == {0}
    assert set(bare["min_qty"]) == set(bare["stop"]) == {NONE}
    fitted = ExploredFlow().fitted(BARE_AND_CANCEL, Conventions())
    assert set(drawn(fitted, Seed(1), 8)["kind"]) == {CommandKind.NEW, CommandKind.CANCEL}


def test_an_engine_that_offers_everything_gets_everything():
    everything = Capabilities(
        commands=("new", "cancel", "replace", "mass_cancel"), types=("limit", "market", "stop", "stop_limit"),
        tifs=("day", "ioc", "fok", "gtc"), flags=("post_only",), terms=("min_qty",),
    )  # fmt: skip
    assert ExploredFlow().fitted(everything, Conventions()) == ExploredFlow()
