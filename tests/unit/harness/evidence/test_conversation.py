"""Whether all is answered is known over several channels as over one."""

import numpy as np
import pytest
from msgspec.structs import replace as changed

from harness.base.errors import EngineDiedError
from harness.base.records import EVENT, Channel, Event, EventKind, events_of
from harness.evidence.conversation import A_COMMAND_MOST, BESIDE_MOST, Conversation
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


def test_more_than_commands_can_lead_to_is_a_flood():
    made = history(count=50)
    talk = Conversation(ALL)
    talk.say(made.commands)
    one = events_of([Event(command=1, kind=EventKind.ACCEPTED)])
    talk.hear(np.repeat(one, 50 * A_COMMAND_MOST + BESIDE_MOST))
    talk.say(made.commands)
    talk.hear(np.repeat(one, 50 * A_COMMAND_MOST))
    talk.hear(one)
    with pytest.raises(EngineDiedError, match="the engine floods: 106,401 events came of 100 commands"):
        talk.hear(one)
