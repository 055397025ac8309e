"""The kernels of the C ABI over many rows: what they find is what one command at a time finds."""

import numpy as np

from harness.base.capabilities import Instrument
from harness.base.records import COMMAND
from harness.wire.c_abi import bounds_of, messages_of
from harness.wire.c_abi_kernel import place_of
from harness.wire.order_table import Orders
from tests.fakes.mixed_flow import INSTRUMENTS, mixed_flow


def test_batches_make_no_difference():
    flow = mixed_flow(seed=3, count=2_000)
    bounds = bounds_of(INSTRUMENTS)
    whole = messages_of(flow, bounds, Orders())
    orders = Orders()
    parts = [messages_of(flow[at : at + 7], bounds, orders) for at in range(0, len(flow), 7)]
    assert np.concatenate([part.messages for part in parts]).tolist() == whole.messages.tolist()
    assert np.concatenate([part.places for part in parts]).tolist() == whole.places.tolist()
    assert np.concatenate([part.said for part in parts]).tolist() == whole.said.tolist()
    assert {0, 1} == {*whole.places.tolist()}
    assert 500 < len(whole.messages) < 2_000


def test_an_instrument_has_its_place_whichever_was_before():
    bounds = bounds_of([Instrument(id=one, symbol=f"I{one}") for one in (4, 9, 2)])
    for likely in range(4):
        assert [place_of(bounds, one, likely) for one in (4, 9, 2, 5)] == [0, 1, 2, 3]


def test_of_no_commands_there_are_no_messages():
    made = messages_of(np.zeros(0, COMMAND), bounds_of(INSTRUMENTS), Orders())
    assert (len(made.messages), len(made.places), len(made.said)) == (0, 0, 0)
