"""The kernels of the controls say what the readable stage says, event for event and stamp for stamp, and leave the same book.

The two share no code. The commands keep the page's limits in reach: each seed has its own controls and its own conventions.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.guarded.engine import GuardedEngine
from engines.reference.asked import asked_of
from engines.reference.kernel import SPARE
from engines.service.risk.engine import GuardedReference
from engines.service.risk.layout import Room
from harness.base.bits import digest
from harness.base.controls import AccountControls, Controls, FirmControls, InstrumentControls, LimitCode, Rate
from harness.base.reasons import Reason
from harness.base.records import EVENT, NONE, Command, CommandKind, EventKind, commands_of, event_rows
from harness.base.words import say_command, say_event
from tests.fakes.every_term import EVERY_CONVENTION
from tests.fakes.risk_session import SMALL
from tests.fakes.risky import INSTRUMENTS, drawn_controls, risky

SEEDS = 200
ROOM = Room(messages=2**9, repeats=2**9, duplicates=2**10, prints=2**10)


def readable(rows, conventions, controls):
    """What the readable stage answers, and its book."""
    stamps = iter([row.sent_ns for row in rows])
    stage = GuardedEngine(INSTRUMENTS, conventions, controls, lambda: next(stamps))
    return stage.submit(commands_of(rows)), stage.snapshot()


def assert_same(rows, conventions, controls, batch=97):
    """Both are given the commands, and their answers and books are compared; the answers."""
    wanted, book = readable(rows, conventions, controls)
    kernels = GuardedReference(INSTRUMENTS, conventions, controls, SMALL, ROOM)
    told = np.concatenate([kernels.submit(commands_of(rows[at : at + batch])) for at in range(0, len(rows), batch)])
    if wanted.tolist() != told.tolist():
        both = zip(event_rows(wanted), event_rows(told), strict=False)
        at, (one, other) = next((at, pair) for at, pair in enumerate(both) if pair[0] != pair[1])
        asked = say_command(rows[other.command - 1])
        pytest.fail(f"event {at}, after {asked}: wanted {say_event(one)} {one}, came {say_event(other)} {other}")
    assert digest(kernels.snapshot()) == digest(book)
    return event_rows(told)


def test_many_seeds_each_with_its_controls_and_conventions():
    seen = Counter()
    for seed in range(SEEDS):
        told = assert_same(risky(400, seed), EVERY_CONVENTION[7 * seed % len(EVERY_CONVENTION)], drawn_controls(seed))
        seen.update((event.kind, event.reason) for event in told)
    reasons = [reason for reason in Reason if 304 <= reason < 311] + [Reason.RISK_PRICE_COLLAR, Reason.HALTED]
    assert min(seen[EventKind.REJECTED, reason] for reason in reasons) > 100
    assert min(seen[EventKind.REPLACE_REJECTED, reason] for reason in reasons if reason != Reason.RISK_DUPLICATE) > 5
    assert min(seen[kind, 0] for kind in (EventKind.HALTED, EventKind.RESUMED, EventKind.DONE)) > 100
    assert seen[EventKind.CANCELED, Reason.KILLED] > 100


@pytest.mark.parametrize("rows", [SPARE, SPARE + 1, 7, 64])
@pytest.mark.parametrize("seed", [2, 5, 8])
def test_events_that_fill_their_buffer_go_on_in_the_next(rows, seed):
    """A kill, the halts of several breakers or a resumption may come in pieces, and nothing of it is lost or told twice."""
    commands, conventions, controls = (
        risky(600, seed),
        EVERY_CONVENTION[31 * seed % len(EVERY_CONVENTION)],
        drawn_controls(seed),
    )
    wanted, book = readable(commands, conventions, controls)
    kernels = GuardedReference(INSTRUMENTS, conventions, controls, SMALL, ROOM)
    asked, told, row = asked_of(commands_of(commands)), [], 0
    while row < len(commands):
        buffer = np.zeros((rows, 14), np.uint64)
        before, (row, count) = row, kernels.step(asked, row, buffer)
        assert count <= rows
        assert count > 0 or row > before
        assert not buffer[count:].any()
        told.append(buffer[:count])
    assert digest(np.concatenate(told).reshape(-1).view(EVENT)) == digest(wanted)
    assert digest(kernels.snapshot()) == digest(book)


limits = st.sampled_from([0, 0, 1, 3, 8])
rates = st.builds(Rate, most=st.sampled_from([0, 0, 1, 2, 4]), window_ns=st.integers(1, 6))
accounts = st.tuples(*(
    st.builds(
        AccountControls, account=st.just(number), firm=st.sampled_from([1, 2]), long_max=limits, short_max=limits,
        exposure_max=st.sampled_from([0, 0, 200, 700]), loss_max=st.sampled_from([0, 0, 1, 5]), messages=rates, duplicates=rates,
        repeats=rates, restricted=st.sampled_from([(), (), (), (7,)]),
    )
    for number in (0, 1, 2)
))  # fmt: skip
firms = st.tuples(*(
    st.builds(FirmControls, firm=st.just(number), long_max=limits, short_max=limits, exposure_max=st.sampled_from([0, 0, 900]), messages=rates)
    for number in (1, 2)
))  # fmt: skip
instruments = st.tuples(*(
    st.builds(
        InstrumentControls, instrument=st.just(number), qty_step=st.sampled_from([1, 1, 2]), static_price=st.sampled_from([NONE, 64]),
        static_ticks=st.sampled_from([0, 1, 2]), restricted=st.sampled_from([False] * 9 + [True]), breaker_ticks=st.sampled_from([0, 1, 2]),
        volume_max=st.sampled_from([0, 4, 9]), breaker_window_ns=st.integers(0, 6), pause_ns=st.integers(0, 6),
    )
    for number in (1, 7)
))  # fmt: skip
controls_of_all = st.builds(Controls, accounts=st.one_of(st.just(()), accounts, accounts, accounts), firms=firms, instruments=instruments)  # fmt: skip
orders = st.builds(
    Command,
    number=st.just(0), order=st.integers(0, 9), target=st.integers(0, 9), price=st.integers(61, 67), stop=st.just(NONE),
    qty=st.sampled_from([NONE, 0, 1, 1, 2, 2, 4, 5]), min_qty=st.just(NONE), display=st.just(NONE), expiry_ns=st.just(NONE),
    due_ns=st.just(NONE), sent_ns=st.sampled_from([0, 0, 1, 2, 5]), instrument=st.sampled_from([1, 1, 1, 7, 3]), account=st.integers(0, 3),
    session=st.integers(0, 2), kind=st.sampled_from([1] * 12 + [2] * 4 + [3] * 6 + [4]), type=st.sampled_from([1] * 6 + [2, 5]),
    tif=st.sampled_from([1] * 6 + [2, 3]), side=st.sampled_from([0, 1] * 5 + [255]), flags=st.just(0),
)  # fmt: skip
stops = st.builds(
    lambda row, stop, kind: row._replace(kind=1, type=kind, stop=stop, qty=max(1, row.qty)),
    orders, st.integers(61, 67), st.sampled_from([3, 4]),
)  # fmt: skip
asked_by_operators = st.builds(
    lambda row, kind, code, scope, qty: row._replace(
        kind=int(kind), type=code, qty=qty, session=0, order=77, **{"account": 0, "target": 0, "instrument": 0} | scope
    ),
    orders, st.sampled_from([CommandKind.HALT, CommandKind.KILL_ACCOUNT, *[CommandKind.RESUME, CommandKind.ENABLE, CommandKind.LIMIT] * 2, CommandKind.TICK]),
    st.integers(0, len(LimitCode) + 1),
    st.sampled_from([{"account": 1}, {"account": 2}, {"account": 3}, {"target": 1}, {"target": 2}, {"target": 3}, {"instrument": 1}, {"instrument": 7}, {"instrument": 3}, {}]),
    st.sampled_from([-1, 0, 1, 2, 6, 300]),
)  # fmt: skip


@settings(deadline=None, max_examples=250)
@given(
    st.lists(st.one_of(orders, orders, orders, orders, stops, asked_by_operators), min_size=10, max_size=80),
    st.sampled_from(EVERY_CONVENTION),
    controls_of_all,
)
def test_whatever_is_sent(rows, conventions, controls):
    now_ns, stamped = 0, []
    for number, row in enumerate(rows, 1):
        now_ns += row.sent_ns
        stamped.append(row._replace(number=number, sent_ns=now_ns))
    assert_same(stamped, conventions, controls, batch=17)


@pytest.mark.parametrize("seed", range(12))
def test_a_restored_one_goes_on_as_the_first_would_have(seed):
    """With what was killed, halted and set, all sums, and what stands in every window."""
    rows, conventions, controls = (
        risky(600, seed),
        EVERY_CONVENTION[17 * seed % len(EVERY_CONVENTION)],
        drawn_controls(seed),
    )
    first = GuardedReference(INSTRUMENTS, conventions, controls, SMALL, ROOM)
    for cut in (0, 150, 300, 450):
        first.submit(commands_of(rows[cut : cut + 150]))
        second = GuardedReference(INSTRUMENTS, conventions, controls, SMALL, ROOM)
        second.load(first.state())
        first = second
    whole = GuardedReference(INSTRUMENTS, conventions, controls, SMALL, ROOM)
    whole.submit(commands_of(rows))
    more = commands_of([row._replace(sent_ns=row.sent_ns + rows[-1].sent_ns) for row in risky(200, seed + 1_000)])
    assert digest(first.submit(more)) == digest(whole.submit(more))
    assert digest(first.snapshot()) == digest(whole.snapshot())
    assert first.counters() == whole.counters()
