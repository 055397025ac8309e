"""Rates of messages by their stamps; rings that grow with what stands in the window."""

from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.reference.machine import S, U
from engines.service.risk.layout import FIRST_SIZE, STAGGER
from engines.service.risk.windows import is_full, note
from harness.base.controls import FirmControls, Rate
from tests.fakes.guarded_session import account
from tests.fakes.risk_session import held_to

RATE = "risk rate"
THREE = Rate(most=3, window_ns=100)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([0, 0, 1, 7, 30, 200]), max_size=300),
    st.integers(1, 200),
    st.sampled_from([1, 2, 17, 33, 64]),
)
def test_a_ring_knows_whether_so_many_stand_in_the_window(steps, window_ns, most):
    """Beside a list of all that ever came; 64 is all the room that there is."""
    stamps, size, count, now_ns, all_of_them = np.zeros((2, 64 + STAGGER), np.int64), U(FIRST_SIZE), U(0), 0, deque()
    for step in steps:
        now_ns += step
        wanted = sum(stamp > now_ns - window_ns for stamp in all_of_them) >= most
        assert is_full(stamps, U(1), size, count, U(most), S(now_ns - window_ns)) == wanted
        size = U(note(stamps, U(1), size, count, S(now_ns), S(now_ns - window_ns)))
        all_of_them.append(now_ns)
        count = U(len(all_of_them))
    assert not stamps[0].any()
    assert FIRST_SIZE <= size <= 64


def test_a_slow_ring_stays_small():
    stamps, size = np.zeros((1, 1_024 + STAGGER), np.int64), U(FIRST_SIZE)
    for count in range(2_000):
        size = U(note(stamps, U(0), size, U(count), S(10 * count), S(10 * count - 100)))
    assert size == FIRST_SIZE


@pytest.mark.parametrize(
    "before",
    [
        "B 1x1 #1; B 2x1 #2; B 3x1 #3",
        "B 1x1 #1; replace #1 #1 2x1; cancel #1",
        "B 1x1 #1; cancel #7; mass_cancel a1",
        "B 1x0 #1; B 1x1 #0; replace #7 #7 1x1",
    ],
)
def test_every_message_counts_whatever_becomes_of_it(before):
    stage = held_to(account(messages=THREE))
    stage.says(before)
    assert stage.refusal("B 5x1 #9") == stage.refusal("replace #1 #1 5x1") == RATE
    assert stage.refusal("B 5x1 #9 a8") == ""
    assert stage.refusal("cancel #99") == "unknown order"


def test_a_window_ends_exactly_and_what_the_rate_refused_did_not_count():
    stage = held_to(account(messages=THREE))
    for stamp_ns in (10, 20, 30):
        stage.clock.time_ns = stamp_ns
        assert stage.refusal(f"B 1x1 #{stamp_ns}") == ""
    stage.clock.time_ns = 109
    assert stage.refusal("B 1x1 #40; B 1x1 #40") == RATE
    stage.clock.time_ns = 110
    assert stage.refusal("B 1x1 #41") == ""
    assert stage.refusal("B 1x1 #42") == RATE


def test_what_another_control_refused_counts():
    stage = held_to(account(messages=THREE, long_max=1))
    assert stage.refusal("B 1x2 #1; B 1x2 #2; B 1x2 #3") == "risk position"
    assert stage.refusal("B 1x1 #4") == RATE


def test_a_firm_counts_all_its_accounts_and_nothing_that_its_rate_refused():
    stage = held_to(account(1, firm=5), account(2, firm=5, messages=Rate(most=2)), FirmControls(firm=5, messages=THREE))
    assert stage.refusal("B 1x1 #1 a1; B 1x1 #2 a2; B 1x1 #3 a1") == ""
    assert stage.refusal("B 1x1 #4 a2; B 1x1 #4 a1") == RATE
    stage.clock.time_ns = 100
    assert stage.refusal("B 1x1 #4 a2") == "", "its own rate counts one message yet"
    assert stage.refusal("B 1x1 #5 a2") == RATE
