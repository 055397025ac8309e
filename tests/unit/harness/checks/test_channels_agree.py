"""Order sessions and drop copy tell the same: what is lost, told twice or told otherwise on either is seen, and by its channel."""

import numpy as np
import pytest
from msgspec.structs import replace as changed

from harness.base.records import EVENT, Channel, Event, EventKind, Role, events_of
from harness.checks.channels_agree import CHECK
from harness.evidence.fold import Segment, applies
from tests.fakes.history import ALL, folded, info
from tests.fakes.wired import cut, history, wired

SEVERAL = changed(ALL, channels=("order", "drop_copy"))
RAW = wired(history(count=1_000)).raw


def found(events, *, pieces=1, **run):
    segments = cut(Segment(RAW.commands, events), pieces)
    return folded(CHECK.start(info(capabilities=SEVERAL, **run)), segments)


def one(channel, kind, role=None):
    """The place of some event of this kind on the channel."""
    mine = (RAW.events["channel"] == channel) & (RAW.events["kind"] == kind)
    if role is not None:
        mine &= RAW.events["role"] == role
    return int(np.flatnonzero(mine)[5])


PLACES = [
    (Channel.ORDER, EventKind.ACCEPTED, None),
    (Channel.ORDER, EventKind.TRADE, Role.MAKER),
    (Channel.ORDER, EventKind.TRADE, Role.TAKER),
    (Channel.ORDER, EventKind.CANCELED, None),
    (Channel.ORDER, EventKind.REPLACED, None),
    (Channel.DROP_COPY, EventKind.TRADE, None),
    (Channel.DROP_COPY, EventKind.ACCEPTED, None),
]


@pytest.mark.parametrize("pieces", [1, 9])
def test_a_right_history_has_no_finding(pieces):
    facts = found(RAW.events, pieces=pieces)
    assert facts.findings == ()
    assert facts.marks["sides"] > 100
    assert facts.seen > 2_000


@pytest.mark.parametrize(("channel", "kind", "role"), PLACES)
def test_a_lost_event_is_missed_where_it_is_not(channel, kind, role):
    facts = found(np.delete(RAW.events, one(channel, kind, role)))
    where = "only_on_drop_copy" if channel == Channel.ORDER else "only_on_session"
    assert {finding.kind for finding in facts.findings} == {where}
    # Both sides of a trade that the drop copy lost are told.
    assert facts.findings[0].count == (2 if (channel, kind) == (Channel.DROP_COPY, EventKind.TRADE) else 1)


@pytest.mark.parametrize(("channel", "kind", "role"), PLACES)
def test_an_event_told_twice_has_no_twin(channel, kind, role):
    at = one(channel, kind, role)
    facts = found(np.insert(RAW.events, at, RAW.events[at]))
    where = "only_on_session" if channel == Channel.ORDER else "only_on_drop_copy"
    assert {finding.kind for finding in facts.findings} == {where}


@pytest.mark.parametrize("field", ["price", "qty"])
@pytest.mark.parametrize(("channel", "kind", "role"), [place for place in PLACES if place[1] != EventKind.CANCELED])
def test_an_event_told_otherwise_differs(channel, kind, role, field):
    events = RAW.events.copy()
    events[field][one(channel, kind, role)] += 1
    assert {finding.kind for finding in found(events).findings} == {"differs"}


def test_another_match_number_is_another_trade():
    events = RAW.events.copy()
    events["match"][one(Channel.ORDER, EventKind.TRADE)] += 10**6
    assert {finding.kind for finding in found(events).findings} == {"only_on_session", "only_on_drop_copy"}


def test_what_a_cut_run_may_not_have_told_yet_is_no_finding():
    assert found(RAW.events[:-40], interrupted=True).findings == ()


def test_commands_that_were_never_sent_are_counted():
    unsaid = events_of([Event(command=1, kind=EventKind.REJECTED, channel=Channel.NONE)])
    facts = found(np.concatenate([RAW.events, unsaid], dtype=EVENT))
    assert facts.told["commands that the engine's wire cannot say"] == "1"
    assert facts.findings == ()


def test_it_applies_to_engines_with_a_drop_copy_alone():
    assert not applies(CHECK.needs, info())
    assert applies(CHECK.needs, info(capabilities=SEVERAL))


def test_it_forgets_what_agrees():
    fold = CHECK.start(info(capabilities=SEVERAL))
    fold.add(RAW)
    assert (len(fold._on_sessions), len(fold._on_copy)) == (0, 0)
