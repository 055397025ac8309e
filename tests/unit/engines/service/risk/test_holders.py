"""Accounts by their numbers, also those that nobody declared."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engines.reference.machine import U
from engines.service.risk.building import build
from engines.service.risk.holders import holder_of, is_shut, named
from engines.service.risk.layout import FIRM, IS_DISABLED, IS_KILLED, IS_SHUT, NUMBER, Room
from harness.base.capabilities import Instrument
from harness.base.controls import AccountControls, Controls

ONE = (Instrument(id=1, symbol="ONE"),)
numbers = st.one_of(st.integers(0, 9), st.integers(0, 2**32 - 1), st.integers(0, 9).map(lambda number: number << 20))


@settings(deadline=None)
@given(st.lists(numbers, min_size=1, max_size=40, unique=True), numbers)
def test_who_is_declared_has_a_row_and_nobody_else(declared, other):
    accounts = tuple(AccountControls(account=number, firm=number % 3) for number in declared)
    ledger = build(ONE, Controls(accounts=accounts), 1)
    for number in {*declared, other}:
        row = int(holder_of(ledger, U(number)))
        assert (row != 0) == (number in declared)
        assert row == 0 or ledger.holders[row, NUMBER] == number
        assert row == 0 or ledger.holders[int(ledger.holders[row, FIRM]), NUMBER] == number % 3


@settings(deadline=None)
@given(st.lists(numbers, max_size=40))
def test_strangers_are_named_as_long_as_there_is_room(wanted):
    ledger, rows = build(ONE, Controls(), 1, Room(strangers=7)), {}
    for number in wanted:
        row = int(named(ledger, U(number)))
        if number in rows or len(rows) < 7:
            assert rows.setdefault(number, row) == row > 0
        else:
            assert row == 0
    assert len(set(rows.values())) == len(rows)


def test_an_account_is_shut_by_itself_by_its_firm_and_by_the_instrument():
    ledger = build(ONE, Controls(accounts=(AccountControls(account=5, firm=2), AccountControls(account=6, firm=3))), 1)
    one, other = holder_of(ledger, U(5)), holder_of(ledger, U(6))
    for array, at in (
        (ledger.holders, (one, IS_KILLED)),
        (ledger.holders, (one, IS_DISABLED)),
        (ledger.holders, (ledger.holders[one, FIRM], IS_KILLED)),
        (ledger.watched, (0, IS_SHUT)),
    ):
        assert not is_shut(ledger, one, U(0))
        array[at] = 1
        assert is_shut(ledger, one, U(0))
        assert is_shut(ledger, one, U(9)) == is_shut(ledger, one, U(2**63)) == (array is ledger.holders)
        assert is_shut(ledger, other, U(0)) == (array is ledger.watched)
        array[at] = 0
