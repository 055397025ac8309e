"""The orders of nobody pass all the way through; that nothing is left out is seen to in tests/contract/test_warm.py."""

from engines.service.gateway.warming import FOLDER, warm
from harness.base.records import EventKind
from tests.fakes.durable_service import SMALL


def test_two_orders_and_a_cancel_pass_through_all_that_a_message_passes(tmp_path):
    orders, cancel = (told["kind"].tolist() for told in warm(SMALL, tmp_path))
    assert orders.count(EventKind.ACCEPTED) + orders.count(EventKind.REJECTED) == 2
    assert cancel == [EventKind.CANCEL_REJECTED]


def test_nothing_is_left_of_it_nor_of_one_that_was_killed(tmp_path):
    told = warm(SMALL, tmp_path)
    assert not [*tmp_path.iterdir()]
    left = tmp_path / FOLDER / "requests"
    left.parent.mkdir()
    left.write_bytes(b"torn")
    again = warm(SMALL, tmp_path)
    assert not [*tmp_path.iterdir()]
    assert [events.tolist() for events in again] == [events.tolist() for events in told]
