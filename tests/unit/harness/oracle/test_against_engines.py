"""The model and the bundled engines, which share no code, say the same of the same commands, whatever is sent."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.plain.engine import PlainEngine
from engines.reference.engine import ReferenceEngine
from engines.reference.layout import Capacities
from harness.base.bits import digest
from harness.base.reasons import Reason
from harness.base.records import Command, CommandKind, Event, EventKind, commands_of, event_rows
from harness.base.words import say_command, say_event
from harness.oracle.model import Model
from tests.fakes.every_term import EVERY_CONVENTION, FREE, LIMITED, every_term
from tests.fakes.history import ALL


def reference(instruments, conventions):
    """With room for the few orders that are live at once."""
    return ReferenceEngine(instruments, conventions, Capacities(orders=256, pages=64))


@pytest.mark.parametrize("build", [PlainEngine, reference])
@settings(deadline=None, max_examples=100)
@given(
    seed=st.integers(0, 2**32),
    conventions=st.sampled_from(EVERY_CONVENTION),
    instruments=st.sampled_from([FREE, LIMITED]),
)
def test_they_agree_on_every_event_and_on_the_book(build, seed, conventions, instruments):
    commands, model, engine = (
        every_term(200, seed),
        Model(instruments, conventions, ALL),
        build(instruments, conventions),
    )
    answers: dict[int, list[Event]] = {command.number: [] for command in commands}
    for event in event_rows(engine.submit(commands_of(commands))):
        answers[event.command].append(event)
    for command in commands:
        wanted = model.apply(command)
        assert comparable(command, answers[command.number], wanted) == comparable(command, wanted, wanted), say_command(
            command
        )
    assert digest(model.book()) == digest(engine.snapshot())


def comparable(command: Command, events: list[Event], wanted: list[Event]) -> list[str]:
    """The events in words, in the order that the rules give; a price that the model leaves open is left out."""
    rows = [
        event._replace(price=want.price) if event.kind in (EventKind.CANCELED, EventKind.REJECTED) else event
        for event, want in zip(events, wanted, strict=False)
    ] + events[len(wanted) :]
    if command.kind == CommandKind.MASS_CANCEL:
        # The cancels come in any order, and what they trigger in any order of instruments.
        done = [event.kind for event in rows].index(EventKind.DONE)
        canceled, triggered = rows[:done], rows[done + 1 :]
        rows = [*sorted(canceled, key=lambda event: event.order), rows[done]]
        rows += sorted(triggered, key=lambda event: event.instrument)
    return [f"{say_event(event)}, by {event.command}, on {event.instrument}, of {event.account}" for event in rows]


def test_the_commands_meet_every_rule():
    """Else they could agree over nothing."""
    met: Counter[str] = Counter()
    for seed, instruments in enumerate([FREE, LIMITED] * 10):
        model = Model(instruments, EVERY_CONVENTION[(seed * 37) % len(EVERY_CONVENTION)], ALL)
        for command in every_term(300, seed):
            events = model.apply(command)
            met.update(EventKind(event.kind).name for event in events)
            met.update(Reason(event.reason).name for event in events if event.reason)
            met["CASCADE"] += sum(event.kind == EventKind.TRIGGERED for event in events) > 1
    of_engines = {*range(100, 200), 301, 302, 303, 400, *range(500, 508)}
    beyond = {reason.name for reason in Reason if reason not in of_engines}
    kinds = {"TRIGGERED", "TRADE", "RESTED", "REPLACED", "CASCADE"}
    wanted = {*Reason.__members__, *kinds} - beyond - {"INVALID_ORDER_ID", "INVALID_SIDE"}
    assert {name for name in wanted if met[name] < 3} == set()
