"""Refusals: all reasons that hold, in the order of the rules; and what there are no rules for."""

import pytest

from harness.base.capabilities import Capabilities, Conventions
from harness.base.reasons import Reason
from harness.oracle.model import Model
from harness.oracle.refusals import Refusals, beyond
from tests.fakes.history import ALL, BUY, INSTRUMENTS, IOC, POST_ONLY, new, numbered


def reasons(*commands):
    """Every reason that holds against the last command, after the model has taken those before."""
    *before, last = numbered(list(commands))
    model = Model(INSTRUMENTS, Conventions())
    for command in before:
        model.apply(command)
    return list(Refusals(INSTRUMENTS, Conventions(), ALL).of(last, model))


def test_a_good_order_has_none():
    assert reasons(new(1, BUY, 100, 5)) == []


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        (new(0, BUY, 100, 5), [Reason.INVALID_ORDER_ID]),
        (new(1, 7, 100, 5), [Reason.INVALID_SIDE]),
        (new(1, BUY, 0, 0), [Reason.INVALID_QUANTITY, Reason.INVALID_PRICE]),
        (new(1, BUY, 100, 5, instrument=9), [Reason.UNKNOWN_INSTRUMENT]),
        (new(1, BUY, 100, 5, tif=IOC, flags=POST_ONLY), [Reason.INVALID_TERMS]),
    ],
)
def test_all_that_hold_are_told_in_the_order_of_the_rules(command, wanted):
    assert reasons(command) == wanted


def test_a_live_id_is_taken():
    assert reasons(new(1, BUY, 100, 5), new(1, BUY, 90, 5)) == [Reason.DUPLICATE_ORDER_ID]


def test_what_there_are_no_rules_for_is_named():
    assert not beyond(ALL)
    assert "stop" in str(beyond(Capabilities(types=("limit", "stop"))))
