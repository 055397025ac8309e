"""What a kill takes: all live orders of its scope, waiting stops too, and nothing else."""

import pytest

from tests.fakes.guarded_session import account
from tests.fakes.risk_session import held_to

ORDERS = "B 90x1 #1; B 91x2 #2 a2; S 110x3 #3 a8; B x4 #4 @120; B 50x5 #5 i2; S 60x6 #6 a2 i2"


@pytest.mark.parametrize(
    ("scope", "gone", "book"),
    [
        ({"account": 1}, "1 4 5", "B91 #2x2; S110 #3x3; S60 #6x6"),
        ({"target": 1}, "1 2 4 5 6", "S110 #3x3"),
        ({"instrument": 1}, "1 2 3 4", "B50 #5x5; S60 #6x6"),
        ({"target": 9}, "3", "B91 #2x2; B90 #1x1; B@120 #4x4; B50 #5x5; S60 #6x6"),
    ],
)
def test_its_scope_in_the_order_in_which_they_became_live(scope, gone, book):
    stage = held_to(account(), account(2))
    stage.says(ORDERS)
    *canceled, done = stage.asks("kill_account", **scope)
    assert [event.order for event in canceled] == [int(order) for order in gone.split()]
    assert {event.reason for event in canceled} == {508}
    assert (done.kind, done.qty, done.order) == (16, len(canceled), 77)
    assert sorted(stage.book().split("; ")) == sorted(book.split("; "))
    assert stage.told("kill_account", **scope) == "done, 0 orders"


def test_what_it_takes_is_open_no_longer():
    stage = held_to(account(long_max=10))
    stage.says("B 90x6 #1; B x4 #2 @120")
    assert stage.refusal("B 90x1 #3") == "risk position"
    stage.asks("kill_account", account=1)
    stage.asks("enable", account=1)
    assert stage.refusal("B 90x10 #3") == ""


def test_the_stops_of_others_that_it_triggers_come_after_it():
    stage = held_to(account(), account(2), stop_trigger="quote")
    stage.says("S 100x1 #1 i2; S 103x1 #2 a8 i2; B x1 #3 a2 i2 @102")
    told = stage.told("kill_account", account=1)
    assert told == (
        "canceled 1 of #1 (killed), 0 left; done, 1 order; triggered #3 at 102, 1 left; trade #3 with #2 at 103 x 1, 0 left"
    )
