"""Values become simple and keep their meaning."""

import numpy as np
import pytest

from harness.base.records import NONE, CommandKind
from harness.shrink.tries import Sight, Tries
from harness.shrink.values import drop_and_lower, ids_from_one, simplify
from tests.fakes.history import BUY, FOK, IOC, MARKET, POST_ONLY, SELL, cancel, mass_cancel, new, replace, stop
from tests.fakes.taped import lines, tape_of


def simplified(rows, holds=lambda tape: True):
    """The rows made simple as far as the tape still does what `holds` says."""
    made = Tries(tape_of(rows), Sight(0), lambda tape: Sight(0) if holds(tape) else None, 10_000, lambda: False)
    simplify(made)
    return made.tape


def prices(tape):
    return tape["price"].tolist()


def test_where_nothing_matters_everything_is_plain():
    rows = [
        new(70, BUY, 5_031, 900, FOK, account=4, instrument=2, min_qty=7, flags=POST_ONLY),
        stop(71, SELL, 4_000, 33, account=3, session=9),
        new(72, BUY, 77, 12, account=2, type=MARKET),
        cancel(70, 5, account=4, instrument=2, order=500, price=66),
        mass_cancel(account=4, instrument=2),
    ]
    assert lines(simplified(rows)) == [
        "new buy 100 x 1 #1 (account 1, instrument 1)",
        "new sell 100 x 1 #2 (account 1, instrument 1)",
        "new buy market x 1 #3 (account 1, instrument 1)",
        "cancel #1 (account 1, instrument 1)",
        "mass cancel of all orders (account 1, instrument 1)",
    ]


def test_a_cancel_names_its_order_twice():
    assert simplified([new(4, BUY, 100, 1), cancel(4, order=500)])["order"].tolist() == [1, 1]


def test_what_matters_for_one_command_stays_for_that_one():
    rows = [new(1, BUY, 100, 5, IOC), new(2, SELL, 100, 5, IOC), new(3, SELL, 100, 5, flags=POST_ONLY)]
    tape = simplified(rows, lambda tape: tape["tif"][1] == IOC and tape["flags"][2] == POST_ONLY)
    assert lines(tape)[0] == "new buy 100 x 1 #1 (account 1, instrument 1)"
    assert "ioc" in lines(tape)[1]
    assert "post-only" in lines(tape)[2]


def test_a_quantity_is_as_small_as_it_may_be():
    tape = simplified([new(1, BUY, 100, 900), new(2, BUY, 100, 901)], lambda tape: tape["qty"][1] >= 321)
    assert tape["qty"].tolist() == [1, 321]


def test_prices_keep_the_order_that_matters_and_lie_side_by_side():
    rows = [new(1, BUY, 31_000, 1), new(2, BUY, 35_000, 1), new(3, SELL, 33_000, 1), new(4, SELL, 34_321, 1)]
    tape = simplified(rows, lambda tape: prices(tape)[0] < prices(tape)[2] < prices(tape)[1])
    low, high, middle, free = prices(tape)
    assert (low, middle, high) == (100, 101, 102)
    assert free in (100, 101, 102)


def test_prices_that_must_keep_their_distances_keep_them_from_a_round_start():
    rows = [new(1, BUY, 31_000, 1), new(2, SELL, 31_030, 1)]
    tape = simplified(rows, lambda tape: abs(prices(tape)[1] - prices(tape)[0]) == 30)
    assert prices(tape) == [100, 130]


def test_a_stop_keeps_what_makes_it_one_where_that_matters():
    tape = simplified([stop(1, BUY, 5_000, 5, 5_010)], lambda tape: tape["stop"][0] != NONE)
    assert lines(tape) == ["new buy stop 100 limit 100 x 1 #1 (account 1, instrument 1)"]


@pytest.mark.parametrize("accounts", [(8, 3), (3, 8)])
def test_accounts_that_must_differ_count_from_one(accounts):
    rows = [new(order, BUY, 100, 1, account=account) for order, account in enumerate(accounts, 1)]
    tape = simplified(rows, lambda tape: tape["account"][0] != tape["account"][1])
    assert tape["account"].tolist() == [1, 2]


def test_ids_count_from_one_and_what_named_an_order_names_it_still():
    rows = [
        new(700, BUY, 100, 1), replace(700, 650, 101, 1), cancel(650), cancel(999), cancel(0), new(650, BUY, 100, 1),
    ]  # fmt: skip
    made = Tries(tape_of(rows), Sight(0), lambda _: Sight(0), 10, lambda: False)
    ids_from_one(made)
    assert made.tape["order"].tolist() == [1, 2, 2, 3, 0, 2]
    assert made.tape["target"].tolist() == [0, 1, 2, 3, 0, 0], "999 was of no order, and 3 is not either"
    assert made.made == 1


def test_a_replace_keeps_the_id_where_that_does_not_matter():
    rows = [new(1, BUY, 100, 1), replace(1, 2, 100, 1), replace(2, 3, 100, 1), cancel(3)]
    assert lines(simplified(rows)) == [
        "new buy 100 x 1 #1 (account 1, instrument 1)",
        "replace #1: 100 x 1 (account 1, instrument 1)",
        "replace #1: 100 x 1 (account 1, instrument 1)",
        "cancel #1 (account 1, instrument 1)",
    ]
    tape = simplified(rows, lambda tape: tape["order"][1] != tape["order"][2])
    assert lines(tape)[1:3] != lines(simplified(rows))[1:3]
    assert tape["target"][3] == tape["order"][2], "the cancel names it still"


def test_a_command_goes_together_with_its_quantity_elsewhere():
    """As of an order that must be taken as a whole, by however many others."""

    def taken(tape):
        qty = tape["qty"].tolist()
        return Sight(0) if qty[0] >= 2 and qty[0] == sum(qty[1:]) else None

    made = Tries(
        tape_of([new(1, SELL, 100, 9), *(new(at, BUY, 100, 3) for at in (2, 3, 4))]),
        Sight(0),
        taken,
        100,
        lambda: False,
    )
    drop_and_lower(made)
    assert made.tape["qty"].tolist() == [3, 3]


def test_a_tape_that_is_simple_already_costs_few_tries():
    made = Tries(tape_of([new(1, BUY, 100, 1)]), Sight(0), lambda _: Sight(0), 10_000, lambda: False)
    simplify(made)
    assert made.made <= 1


def test_without_any_price_there_is_nothing_to_bring_near():
    tape = simplified([mass_cancel(account=3)])
    assert (tape["kind"][0], int(tape["account"][0])) == (CommandKind.MASS_CANCEL, 1)
    assert np.all(tape["price"] == NONE)
