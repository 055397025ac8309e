"""The orders of nobody pass all the way through."""

from engines.service.gateway.warming import warm
from harness.base.records import EventKind
from tests.fakes.durable_service import SMALL


def test_two_orders_pass_through_all_that_a_message_passes():
    told = warm(SMALL)["kind"].tolist()
    assert told.count(EventKind.ACCEPTED) + told.count(EventKind.REJECTED) == 2
