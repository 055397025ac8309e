"""Whether all is answered is known over several channels as over one."""

import numpy as np
from msgspec.structs import replace as changed

from harness.base.records import EVENT, Channel, Event, EventKind, events_of
from harness.evidence.conversation import Conversation
from tests.fakes.history import ALL
from tests.fakes.wired import cut, history, wired

SEVERAL = changed(ALL, channels=("order", "drop_copy"))


def test_the_events_of_one_channel_are_handed_on():
    made = history(count=50)
    talk = Conversation(ALL)
    talk.say(made.commands)
    assert not talk.has_all()
    assert talk.hear(made.events) is made.events
    assert talk.has_all()


def test_over_several_channels_all_is_answered_once_the_drop_copy_told_it():
    right, raw = wired(history(count=300))
    talk = Conversation(SEVERAL)
    talk.say(raw.commands)
    heard = []
    for segment in cut(raw, 20):
        assert not talk.has_all()
        heard.append(talk.hear(segment.events))
    assert talk.has_all()
    assert np.concatenate(heard, dtype=EVENT).tolist() == right.events.tolist()


def test_what_was_never_sent_needs_no_answer():
    made = history(count=1)
    talk = Conversation(SEVERAL)
    talk.say(made.commands)
    talk.hear(events_of([Event(command=1, kind=EventKind.REJECTED, channel=Channel.NONE)]))
    assert talk.has_all()
