"""Each command's answer on its own session, under its number, whichever channel came first; the drop copy's stands beside it."""

import numpy as np
import pytest

from harness.base.answers import are_answers
from harness.base.reasons import Reason
from harness.base.records import COMMAND, EVENT, Channel, CommandKind, Event, EventKind, commands_of, events_of
from harness.evidence.fold import Segment
from harness.evidence.one_order import AsItCame, OneOrder
from harness.evidence.own_sessions import AsOrdered, OwnSessions, own_sessions
from tests.fakes.history import cancel, new, numbered
from tests.fakes.wired import TOLD, cut, history, wired


def given(segments):
    """Commands and events that come out, with the stretch in which each stands."""
    order = OneOrder()
    own = own_sessions(order)
    parts = [own.of(segment, order.of(segment)) for segment in segments]
    parts.append(own.rest(order.rest()))
    out = [np.concatenate([part[at] for part in parts], dtype=kind) for at, kind in ((0, COMMAND), (1, EVENT))]
    stretches = [np.repeat(np.arange(len(parts)), [len(part[at]) for part in parts]) for at in (0, 1)]
    return Segment(*out), stretches


def on(events, channel):
    return events[events["channel"] == channel]


def stamped(seed=1, count=3_000):
    """A right history in which each event of the engine has a time of its own, as all that tells of it has."""
    made = history(seed, count)
    made.events["received_ns"] = 1_000 + np.arange(len(made.events))
    return made


def times(events):
    """When each command was answered, by number."""
    return dict(zip(events["command"].tolist(), events["received_ns"].tolist(), strict=True))


def test_one_channel_is_handed_on_as_it_is():
    own = own_sessions(AsItCame())
    assert isinstance(own, AsOrdered)
    came, ordered = Segment(np.zeros(2, COMMAND), np.zeros(3, EVENT)), Segment(np.zeros(1, COMMAND), np.zeros(2, EVENT))
    assert own.of(came, ordered) is ordered
    assert own.rest(ordered) is ordered


@pytest.mark.parametrize("named", [True, False], ids=["all but cancels name their commands", "none does"])
@pytest.mark.parametrize("pieces", [1, 7, 400])
def test_each_answer_is_told_under_its_command(named, pieces):
    right, raw = wired(stamped())
    answers = right.events[are_answers(right.events)]
    if not named:
        raw.events["command"][raw.events["channel"] == Channel.ORDER] = 0
    told, (commands_in, events_in) = given(cut(raw, pieces))
    assert told.commands["number"].tolist() == right.commands["number"].tolist()
    assert times(on(told.events, Channel.DROP_COPY)) == times(answers)
    assert times(on(told.events, Channel.ORDER)) == times(answers[np.isin(answers["kind"], TOLD)])
    assert len(told.events) == len(answers) + np.isin(answers["kind"], TOLD).sum(), "each once"
    stands = dict(zip(told.commands["number"].tolist(), commands_in.tolist(), strict=True))
    assert all(
        stands[number] <= at for number, at in zip(told.events["command"].tolist(), events_in.tolist(), strict=True)
    )


def test_effects_are_no_answers():
    _, raw = wired(stamped())
    told, _ = given([raw])
    assert not np.isin(told.events["kind"], (EventKind.TRADE, EventKind.RESTED)).any()


def test_nothing_is_kept_of_what_both_told():
    order = OneOrder()
    own = OwnSessions(order)
    for segment in cut(wired(stamped()).raw, 10):
        own.of(segment, order.of(segment))
    assert (len(own._told), len(own._copied)) == (0, 0)


def event(kind, order, at_ns, channel, command=0, **more):
    return Event(command=command, kind=kind, order=order, received_ns=at_ns, channel=channel, account=1, **more)


def session(kind, order, at_ns, command=0, **more):
    return event(kind, order, at_ns, Channel.ORDER, command, **more)


def copied(kind, order, at_ns, seq, **more):
    return event(kind, order, at_ns, Channel.DROP_COPY, seq, **more)


CANCELS = commands_of(numbered([new(7, 0, 100, 5), cancel(7), cancel(7, 2), cancel(7)]))
CANCELED, REFUSED = {"reason": Reason.USER}, {"reason": Reason.SESSION_RATE}


def test_of_several_cancels_of_an_order_each_has_its_own_answer():
    """The first was refused, of which the session has no word: what it tells first is the answer to the second."""
    events = [
        copied(EventKind.ACCEPTED, 7, 10, 1), session(EventKind.ACCEPTED, 7, 11, command=1),
        session(EventKind.CANCELED, 7, 30, **CANCELED), session(EventKind.CANCELED, 7, 40, **CANCELED),
        copied(EventKind.CANCEL_REJECTED, 7, 50, 2, **REFUSED),
        copied(EventKind.CANCELED, 7, 60, 3, **CANCELED), copied(EventKind.CANCELED, 7, 70, 4, **CANCELED),
    ]  # fmt: skip
    for pieces in (1, len(events)):
        parts = np.array_split(events_of(events), pieces)
        told, _ = given([Segment(CANCELS, parts[0]), *(Segment(CANCELS[:0], part) for part in parts[1:])])
        assert times(on(told.events, Channel.ORDER)) == {1: 11, 3: 30, 4: 40}
        assert times(on(told.events, Channel.DROP_COPY)) == {1: 10, 2: 50, 3: 60, 4: 70}


def test_what_no_drop_copy_tells_is_an_answer_all_the_same():
    events = events_of([session(EventKind.ACCEPTED, 7, 11, command=1), session(EventKind.CANCELED, 7, 30, **CANCELED)])
    told, (_, stands) = given([Segment(CANCELS, events)])
    assert told.commands["number"].tolist() == [1, 2, 3, 4]
    assert (told.events["received_ns"].tolist(), stands.tolist()) == ([11, 30], [1, 1]), "at the end"


def test_what_was_never_sent_is_no_part_of_it():
    told = [
        copied(EventKind.ACCEPTED, 7, 10, 1), session(EventKind.ACCEPTED, 7, 12, command=1),
        *(Event(command=number, kind=EventKind.REJECTED, channel=Channel.NONE, received_ns=5) for number in (2, 3, 4)),
    ]  # fmt: skip
    out, _ = given([Segment(CANCELS, events_of(told))])
    assert out.commands["kind"].tolist() == [CommandKind.NEW]
    assert out.events["received_ns"].tolist() == [12, 10]
