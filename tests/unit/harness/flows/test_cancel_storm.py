"""The cancel storm: a deep book is gone within a moment, and every cancel of a live order is a good one."""

import msgspec

from engines.plain.offered import CAPABILITIES
from harness.base.reasons import Reason
from harness.base.records import CommandKind, EventKind, Side
from harness.flows._staged import ACCOUNTS
from harness.flows.cancel_storm import FLOW
from tests.fakes.staged import played


def orders(done):
    return dict(done.standing(Side.BUY)), dict(done.standing(Side.SELL))


def test_a_deep_book_is_built_and_nothing_of_it_is_left():
    buys, sells = orders(played(FLOW()))
    assert min(buys["build"], sells["build"]) > 2_000
    assert buys["storm"] + sells["storm"] < (buys["build"] + sells["build"]) / 2
    assert (buys["sweep"], sells["sweep"]) == (0, 0)


def test_a_storm_is_cancels_and_hardly_anything_else():
    storm = played(FLOW()).of("storm")
    assert sum(answer.command.kind == CommandKind.CANCEL for answer in storm) > 0.95 * len(storm)
    gone = [answer.command.target for answer in storm if answer.events[0].kind == EventKind.CANCELED]
    assert len(gone) == len(set(gone)) > 3_000


def test_a_cancel_that_is_refused_is_one_that_came_twice():
    gone, twice = set(), 0
    for answer in played(FLOW(), 2).answers:
        if answer.command.kind == CommandKind.CANCEL:
            assert answer.is_refused() is (answer.command.target in gone)
            twice += answer.is_refused()
            gone.add(answer.command.target)
    assert twice > 200


def test_every_account_that_holds_something_is_swept_by_its_own_mass_cancel():
    sweep = played(FLOW()).of("sweep")
    assert [answer.command.account for answer in sweep] == list(range(1, ACCOUNTS + 1))
    assert min(len(answer.events) for answer in sweep) > 50
    assert {event.reason for answer in sweep for event in answer.events} == {Reason.MASS_CANCEL, Reason.NONE}


def test_without_mass_cancels_the_book_falls_by_single_ones():
    offered = msgspec.structs.replace(CAPABILITIES, commands=("new", "cancel", "replace"))
    buys, sells = orders(played(FLOW(), capabilities=offered))
    assert buys["sweep"] + sells["sweep"] == buys["storm"] + sells["storm"] - ACCOUNTS
