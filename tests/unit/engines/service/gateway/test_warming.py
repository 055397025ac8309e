"""The orders of nobody pass all the way through; that nothing is left out is seen to in tests/contract/test_warm.py."""

from engines.service.gateway.warming import warm
from harness.base.records import EventKind
from tests.fakes.durable_service import SMALL


def test_two_orders_and_a_cancel_pass_through_all_that_a_message_passes():
    orders, cancel = (told["kind"].tolist() for told in warm(SMALL))
    assert orders.count(EventKind.ACCEPTED) + orders.count(EventKind.REJECTED) == 2
    assert cancel == [EventKind.CANCEL_REJECTED]
