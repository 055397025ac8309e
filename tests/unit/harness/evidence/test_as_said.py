"""What an engine's wire cannot say is no part of the history that checks are given."""

import numpy as np

from harness.base.capabilities import Capabilities
from harness.base.records import Channel, Event, EventKind, commands_of, events_of
from harness.evidence.as_said import AsSaid
from harness.evidence.conversation import Conversation
from harness.evidence.fold import Segment
from tests.fakes.lines import commands

LINES = "S 100x5 #1; cancel #1 x2; B 100x2 #2; cancel #1"


def told(*rows):
    return events_of([Event(command=number, kind=kind, channel=channel) for number, kind, channel in rows])


ACCEPTED = (EventKind.ACCEPTED, Channel.ORDER)
REJECTED = (EventKind.REJECTED, Channel.ORDER)
UNSAID = (EventKind.REJECTED, Channel.NONE)


def numbers(segment):
    return segment.commands["number"].tolist(), segment.events["command"].tolist()


def test_commands_that_were_never_sent_are_left_out_with_what_says_so():
    sent = commands_of(commands(LINES))
    ordered = AsSaid().of(Segment(sent, told((1, *ACCEPTED), (2, *UNSAID), (3, *REJECTED), (4, *ACCEPTED))))
    assert numbers(ordered) == ([1, 3, 4], [1, 3, 4])


def test_a_command_is_held_until_a_later_one_or_itself_is_answered():
    order, sent = AsSaid(), commands_of(commands(LINES))
    assert numbers(order.of(Segment(sent, told((1, *ACCEPTED))))) == ([1], [1])
    assert numbers(order.of(Segment(sent[:0], told((2, *UNSAID), (3, *ACCEPTED))))) == ([3], [3])
    assert numbers(order.rest()) == ([4], [])
    assert numbers(order.rest()) == ([], [])


def test_a_conversation_counts_what_was_never_sent_as_answered():
    talk = Conversation(Capabilities(says_all=False))
    talk.say(commands_of(commands(LINES)))
    heard = talk.hear(told((1, *ACCEPTED), (2, *UNSAID), (3, *ACCEPTED)))
    assert heard["command"].tolist() == [1, 3]
    assert not talk.has_all()
    talk.hear(told((4, *UNSAID)))
    assert talk.has_all()


def test_an_engine_that_says_all_may_reject_on_no_channel():
    talk = Conversation(Capabilities())
    talk.say(commands_of(commands(LINES)))
    assert np.array_equal(talk.hear(told((1, *UNSAID)))["command"], [1])
