"""Whom a command of an operator names."""

import pytest

from engines.reference.asked import asked_of
from engines.reference.machine import U
from engines.service.risk.building import build
from engines.service.risk.scopes import ACCOUNT_SCOPE, FIRM_SCOPE, INSTRUMENT_SCOPE, firm_of, scope_of
from harness.base.capabilities import Instrument
from harness.base.controls import AccountControls, Controls
from harness.base.records import commands_of
from tests.fakes.history import cancel


@pytest.mark.parametrize(
    ("fields", "scope"),
    [
        ({"account": 2**32 - 1, "instrument": 0}, ACCOUNT_SCOPE),
        ({"account": 0, "target": 2**64 - 1, "instrument": 0}, FIRM_SCOPE),
        ({"account": 0, "instrument": 2**32 - 1}, INSTRUMENT_SCOPE),
    ],
)
def test_the_one_scope(fields, scope):
    command = cancel(0)._replace(kind=7, **fields)
    assert scope_of(asked_of(commands_of([command])), U(0)) == scope


def test_a_firm_is_known_by_its_accounts():
    accounts = tuple(AccountControls(account=number, firm=number % 2 + 5) for number in range(4))
    ledger = build((Instrument(id=1, symbol="ONE"),), Controls(accounts=accounts), 1)
    assert [int(firm_of(ledger, U(number))) for number in (5, 6, 1, 0, 7)] == [5, 6, 0, 0, 0]
