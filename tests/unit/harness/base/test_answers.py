"""Which events answer a command: by kind, and where the kind leaves it open by reason or by whom they name."""

import pytest

from harness.base.answers import ANSWERED_BY, are_answers, unsaid
from harness.base.reasons import Reason
from harness.base.records import Channel, CommandKind, Event, EventKind, event_rows, events_of


def test_every_kind_of_command_has_its_answers():
    assert set(ANSWERED_BY) == set(CommandKind)


@pytest.mark.parametrize(
    ("kind", "fields", "answers"),
    [
        (EventKind.ACCEPTED, {}, True),
        (EventKind.REJECTED, {"reason": Reason.HALTED}, True),
        (EventKind.CANCEL_REJECTED, {"reason": Reason.UNKNOWN_ORDER}, True),
        (EventKind.DONE, {}, True),
        (EventKind.TRADE, {}, False),
        (EventKind.RESTED, {}, False),
        (EventKind.TRIGGERED, {}, False),
        (EventKind.CANCELED, {"reason": Reason.USER}, True),
        (EventKind.CANCELED, {}, True),
        (EventKind.CANCELED, {"reason": Reason.IOC_REMAINDER}, False),
        (EventKind.CANCELED, {"reason": Reason.MASS_CANCEL}, False),
        (EventKind.CANCELED, {"reason": Reason.SELF_TRADE}, False),
        (EventKind.HALTED, {"order": 7}, True),
        (EventKind.HALTED, {}, False),
        (EventKind.RESUMED, {}, False),
    ],
)
def test_an_event_answers_or_is_an_effect(kind, fields, answers):
    assert are_answers(events_of([Event(kind=kind, **fields)])).tolist() == [answers]


def test_what_cannot_be_said_is_told_on_no_channel():
    told = [(event.command, event.kind, event.reason, event.channel) for event in event_rows(unsaid([4, 9]))]
    assert told == [(number, EventKind.REJECTED, Reason.UNSUPPORTED, Channel.NONE) for number in (4, 9)]
