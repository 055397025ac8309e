"""Each answer finds its command, in small rooms too, as plain queues would find it."""

from collections import defaultdict, deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.records import NONE, CommandKind, Event, EventKind, commands_of, events_of
from harness.load.tally_kernel import _answered, _sent, answered, sent, table
from tests.fakes.history import cancel, new

ROOM = 64


class Model:
    """The same in plain words, without a bound."""

    def __init__(self):
        self.waiting, self.cancels = {}, defaultdict(deque)

    def sent(self, command):
        self.waiting[command.number] = (command.due_ns, command.sent_ns)
        if command.kind == CommandKind.CANCEL:
            self.cancels[command.target].append(command.number)

    def answered(self, event):
        number = event.command
        while not number and self.cancels[event.order]:
            first = self.cancels[event.order].popleft()
            number = first if first in self.waiting else 0
        due_ns, sent_ns = self.waiting.pop(number, (None, None))
        return (
            None
            if sent_ns is None
            else (event.received_ns - sent_ns, None if due_ns == NONE else event.received_ns - due_ns)
        )


def taken(ways, lines, events):
    """The service and the response times that come out."""
    response_ns, service_ns = np.zeros(len(events), np.int64), np.zeros(len(events), np.int64)
    paced, count = ways[1](lines, events_of(events), response_ns, service_ns, NONE)
    return service_ns[:count].tolist(), response_ns[:paced].tolist()


@st.composite
def steps(draw):
    """Commands and answers to some of them, never more under way than there is room for."""
    made, number = [], 0
    for _ in range(draw(st.integers(1, 40))):
        if number < ROOM - 1 and draw(st.booleans()):
            number += 1
            fields = {"number": number, "sent_ns": 10 * number, "due_ns": draw(st.sampled_from([NONE, 9 * number]))}
            order = draw(st.sampled_from([1, 2, 1 + ROOM]))
            made.append((cancel(order) if draw(st.booleans()) else new(100 + number, 0, 100, 1))._replace(**fields))
        else:
            named = draw(st.sampled_from([0, 0, *range(1, number + 1)]))
            kind = EventKind.CANCELED if not named else draw(st.sampled_from([EventKind.ACCEPTED, EventKind.CANCELED]))
            made.append(
                Event(
                    command=named,
                    kind=kind,
                    order=draw(st.sampled_from([1, 2, 1 + ROOM])),
                    received_ns=10_000 + len(made),
                )
            )
    return made


@pytest.mark.parametrize("ways", [(_sent, _answered), (sent, answered)], ids=["python", "compiled"])
@settings(deadline=None, max_examples=80)
@given(made=steps())
def test_it_finds_what_queues_would(ways, made):
    lines, model, found, wanted = table(ROOM), Model(), [], []
    for step in made:
        if isinstance(step, Event):
            service, response = taken(ways, lines, [step])
            found.append((service[0], response[0] if response else None) if service else None)
            wanted.append(model.answered(step))
        else:
            ways[0](lines, commands_of([step]))
            model.sent(step)
    assert found == wanted


def test_a_command_is_forgotten_once_another_has_its_place():
    lines = table(ROOM)
    sent(lines, commands_of([cancel(7)._replace(number=1, sent_ns=1), cancel(8)._replace(number=1 + ROOM, sent_ns=5)]))
    gone = [Event(command=0, kind=EventKind.CANCELED, order=order, received_ns=100) for order in (7, 8)]
    assert taken((sent, answered), lines, gone)[0] == [95]
