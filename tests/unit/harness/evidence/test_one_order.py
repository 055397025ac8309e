"""A history of several channels becomes the one that it was made from; of one channel it stays the same object."""

import numpy as np
import pytest
from msgspec.structs import replace as changed

from harness.base.reasons import Reason
from harness.base.records import COMMAND, EVENT, Channel, Event, EventKind, commands_of, events_of
from harness.evidence.fold import Segment
from harness.evidence.one_order import OneOrder, ordering, unsaid
from tests.fakes.history import ALL, new, numbered
from tests.fakes.wired import cut, history, wired


def given(order, segments):
    parts = [*map(order.of, segments), order.rest()]
    return [np.concatenate([part[at] for part in parts], dtype=kind) for at, kind in ((0, COMMAND), (1, EVENT))]


def test_one_channel_is_handed_on_as_it_is():
    segment = Segment(np.zeros(2, COMMAND), np.zeros(3, EVENT))
    order = ordering(ALL)
    assert order.of(segment) is segment
    assert [len(part) for part in order.rest()] == [0, 0]


def test_a_drop_copy_asks_for_an_order():
    assert isinstance(ordering(changed(ALL, channels=("order", "drop_copy"))), OneOrder)


@pytest.mark.parametrize("told", [True, False], ids=["engine's numbers", "no numbers"])
@pytest.mark.parametrize("pieces", [1, 7, 400])
def test_it_is_the_history_that_the_engine_carried_out(told, pieces):
    right, raw = wired(history(), numbered=told)
    commands, events = given(OneOrder(), cut(raw, pieces))
    assert commands.tolist() == right.commands.tolist()
    assert events.tolist() == right.events.tolist()
    assert (np.diff(commands["number"].astype(np.int64)) < 0).any(), "the wire changed the order of some"


def test_an_event_never_stands_before_its_command():
    _, raw = wired(history(count=500))
    order, known = OneOrder(), set()
    for segment in cut(raw, 50):
        part = order.of(segment)
        known |= set(part.commands["number"].tolist())
        assert set(part.events["command"].tolist()) <= known


def test_only_what_is_open_is_kept():
    _, raw = wired(history())
    order = OneOrder()
    for segment in cut(raw, 10):
        order.of(segment)
    assert (len(order._open), len(order._waiting), len(order._held)) == (0, 0, 0)


def test_what_nothing_answered_comes_at_the_end():
    _, raw = wired(history())
    last = int(raw.events["command"][raw.events["channel"] == Channel.DROP_COPY].max())
    lost = raw.events["command"] == last
    lost &= raw.events["channel"] == Channel.DROP_COPY
    order = OneOrder()
    part = order.of(Segment(raw.commands, raw.events[~lost]))
    rest = order.rest()
    assert len(part.commands) == len(raw.commands) - 1
    assert set(rest.commands["number"].tolist()) == set(raw.commands["number"].tolist()) - set(part.commands["number"].tolist())  # fmt: skip


def test_what_was_never_sent_is_no_part_of_it():
    commands = commands_of(numbered([new(1, 0, 100, 5), new(1, 0, 100, 5)]))
    told = [
        Event(command=1, kind=EventKind.ACCEPTED, order=1, account=1, channel=Channel.DROP_COPY, engine_seq=1),
        Event(command=2, kind=EventKind.REJECTED, reason=Reason.UNSUPPORTED, channel=Channel.NONE),
    ]
    assert unsaid(events_of(told)).tolist() == [2]
    for events in (told, told[::-1]):
        order = OneOrder()
        part = order.of(Segment(commands, events_of(events)))
        assert part.commands["number"].tolist() == part.events["command"].tolist() == [1]
        assert len(order.rest().commands) == 0


def test_accounts_wait_apart_for_an_order_of_one_id():
    commands = commands_of(numbered([new(1, 0, 100, 5, account=2), new(1, 0, 100, 5, account=3)]))
    answer = Event(command=1, kind=EventKind.ACCEPTED, order=1, account=3, channel=Channel.DROP_COPY)
    assert OneOrder().of(Segment(commands, events_of([answer]))).events["command"].tolist() == [2]


def test_events_of_nobody_keep_the_number_0():
    halts = [Event(command=5, kind=kind, instrument=1, channel=Channel.DROP_COPY) for kind in (EventKind.HALTED, EventKind.RESUMED)]  # fmt: skip
    order = OneOrder()
    part = order.of(Segment(np.zeros(0, COMMAND), events_of(halts)))
    assert np.concatenate([part.events, order.rest().events])["command"].tolist() == [0, 0]
