"""The volume spike: many times as much is traded for each command, by orders that lead to dozens of trades."""

import pytest

from harness.flows.volume_spike import FLOW
from tests.fakes.staged import played


@pytest.fixture(scope="module")
def done():
    return played(FLOW(), 2)


def lots(answers):
    """What is traded for each command."""
    return sum(event.qty for answer in answers for event in answer.trades()) / len(answers)


def test_many_times_the_volume_is_traded_in_a_spike(done):
    assert lots(done.of("normal")) > 0.5
    assert lots(done.of("spike")) > 30 * lots(done.of("normal"))


def test_there_are_many_times_the_trades_and_orders_with_dozens_of_them(done):
    def trades(stage):
        return [len(answer.trades()) for answer in done.of(stage)]

    assert sum(trades("spike")) / len(trades("spike")) > 5 * sum(trades("normal")) / len(trades("normal"))
    assert max(trades("spike")) > 24
