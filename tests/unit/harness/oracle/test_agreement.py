"""What two answers must agree in, and what is left open."""

import pytest
from msgspec import structs

from harness.base.capabilities import Capabilities
from harness.base.reasons import Reason
from harness.base.records import NONE, Event, EventKind
from harness.oracle.agreement import Agreement, mass_cancel_sorted, row_of
from tests.fakes.history import ALL

TRADE = Event(
    kind=EventKind.TRADE, order=3, maker=1, price=100, qty=5, remaining=2, instrument=1, account=7, side=0, role=3
)
REFUSED = Event(kind=EventKind.REJECTED, order=3, reason=Reason.INVALID_PRICE, instrument=1)


def difference(wanted, got, capabilities=ALL):
    rows = [[row_of(event) for event in events] for events in (wanted, got)]
    return Agreement(capabilities).first_difference(*rows)


@pytest.mark.parametrize(
    "changed",
    [{"kind": EventKind.RESTED}, {"order": 4}, {"maker": 2}, {"price": 99}, {"qty": 4}, {"remaining": 3}, {"account": 8},
     {"side": 1}, {"role": 2}, {"instrument": 2}, {"new_order": 0, "reason": 0}],
    ids=str,
)  # fmt: skip
def test_every_field_counts(changed):
    told = TRADE._replace(**changed)
    assert difference([TRADE, TRADE], [TRADE, told]) == (None if told == TRADE else 1)


def test_one_event_too_few_or_too_many_differs_where_it_is():
    assert difference([TRADE, REFUSED], [TRADE]) == 1
    assert difference([], [TRADE]) == 0
    assert difference([TRADE], [TRADE]) is None


def test_what_the_rules_leave_open_may_be_anything():
    wanted = TRADE._replace(price=NONE, account=0, side=255)
    assert difference([wanted], [TRADE]) is None
    assert difference([TRADE], [wanted]) == 0


def test_the_reason_counts_but_for_a_refusal():
    assert difference([REFUSED], [REFUSED._replace(reason=Reason.INVALID_QUANTITY)]) is None
    canceled = REFUSED._replace(kind=EventKind.CANCELED)
    assert difference([canceled], [canceled._replace(reason=Reason.USER)]) == 0


def test_a_field_that_the_wire_does_not_carry_is_not_compared():
    bare = Capabilities(carries=("qty",))
    assert difference([TRADE], [TRADE._replace(price=1, maker=9)], bare) is None
    assert difference([TRADE], [TRADE._replace(qty=1)], bare) == 0


def test_a_mass_cancel_cancels_in_any_order_up_to_done():
    cancels = [TRADE._replace(kind=EventKind.CANCELED, order=order) for order in (3, 1, 2)]
    done, behind = Event(kind=EventKind.DONE, qty=3), [TRADE._replace(instrument=2), TRADE]
    rows = [row_of(event) for event in (*cancels, done, *behind)]
    assert [(row[0], row[1], row[-1]) for row in mass_cancel_sorted(rows)] == [
        (7, 1, 1), (7, 2, 1), (7, 3, 1), (16, 0, 0), (5, 3, 1), (5, 3, 2),
    ]  # fmt: skip


def test_how_much_a_cancel_took_need_not_be_told_where_the_wire_leaves_it_out():
    canceled = Event(kind=EventKind.CANCELED, order=3, qty=5, remaining=0, instrument=1)
    silent = structs.replace(ALL, untold=("canceled_qty",))
    assert difference([canceled], [canceled._replace(qty=NONE)], silent) is None
    assert difference([canceled], [canceled._replace(qty=NONE)]) == 0
    assert difference([canceled], [canceled._replace(order=4)], silent) == 0
    assert difference([TRADE], [TRADE._replace(qty=NONE)], silent) == 0
