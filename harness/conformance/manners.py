"""What is wrong with the way in which an engine answers, whatever its book does: mistakes of an adapter, as a rule.

A wrong match is an engine's. An answer that does not come, comes twice, names another order or leaves out what was said to be
carried is most often lost or mistaken on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from harness.base.answers import ANSWERED_BY
from harness.base.capabilities import Capabilities
from harness.base.reasons import Reason
from harness.base.records import NONE, CommandKind, Event, EventKind, OrderType
from harness.base.words import say_event, say_events
from harness.conformance.talk import Heard, are_sides

FIELDS: dict[int, tuple[str, ...]] = {
    EventKind.ACCEPTED: ("qty", "remaining", "side"),
    EventKind.REJECTED: ("reason",),
    EventKind.RESTED: ("price", "remaining", "side"),
    EventKind.TRADE: ("maker", "match", "price", "qty", "remaining", "side", "role"),
    EventKind.CANCELED: ("qty", "remaining", "reason", "side"),
    EventKind.CANCEL_REJECTED: ("reason",),
    EventKind.REPLACED: ("new_order", "price", "remaining", "side"),
    EventKind.REPLACE_REJECTED: ("reason",),
    EventKind.TRIGGERED: ("price", "remaining", "side"),
    EventKind.DONE: ("qty",),
}
"""What an event of each kind holds, of what an engine may say that it carries; beside those of every event."""
KINDS = frozenset(map(int, EventKind))
EFFECTS = (EventKind.RESTED, EventKind.TRADE, EventKind.TRIGGERED, EventKind.CANCELED)
"""What may follow a new order behind its acknowledgement."""
OF_ALL = ("engine_seq", "account")
ECHOED = ("price", "qty", "side", "account")
"""What of an order its acceptance says again."""
OWN_IDS = "orders are told under ids that the engine gave them"
UNACKNOWLEDGED = "a new order is not acknowledged"
BY_SIDE = "a trade is told once a side"
_ABSENT = Event()


class Mistake(NamedTuple):
    """One way in which answers are wrong."""

    what: str
    wanted: str
    came: str
    heard: Heard
    """The command that was answered so."""
    blurs: bool = True
    """Whether what the engine does cannot be read behind it."""


def mistakes(talk: list[Heard], offered: Capabilities) -> Iterator[Mistake]:
    """All that is wrong with the answers to a row."""
    orders = {0}
    for heard in talk:
        orders.add(heard.command.order)
        if heard.said:
            yield from _answer(heard)
            for event in heard.events:
                yield from _ids(event, heard, orders)
                yield from _fields(event, heard, offered)


def _answer(heard: Heard) -> Iterator[Mistake]:
    """Exactly one answer, and of the command's kind."""
    command, kind = heard.command, CommandKind(heard.command.kind)
    came = say_events(heard.events)
    answers = [event for event in heard.events if event.kind in ANSWERED_BY[kind] and _is_answer(event)]
    wanted = " or ".join(answer.name.lower() for answer in ANSWERED_BY[kind])
    nameless = [event for event in heard.events if event.command != command.number]
    if nameless:
        number = nameless[0].command
        yield Mistake("an event names no command that was sent", f"command {command.number}", f"command {number}: {say_event(nameless[0])}", heard)  # fmt: skip
    if not answers and kind == CommandKind.NEW and all(event.kind in EFFECTS for event in heard.events):
        # It may be that only acknowledgements are left out: what else happens can still be read.
        yield Mistake(UNACKNOWLEDGED, wanted, came, heard, blurs=False)
    elif not answers:
        strange = "an answer is of another kind" if heard.events else "a command is not answered"
        yield Mistake(strange, wanted, came, heard)
    elif len(answers) > 1:
        yield Mistake("a command is answered twice", f"one of {wanted}", came, heard)
    for one, other in zip(heard.events, heard.events[1:], strict=False):
        if are_sides(one, other):
            yield Mistake(
                BY_SIDE, "one trade, as the taker's, with role both and the id of the maker", came, heard, blurs=False
            )  # fmt: skip


def _is_answer(event: Event) -> bool:
    """A cancel for another cause is an effect, also of a cancel."""
    return event.kind != EventKind.CANCELED or event.reason in (Reason.USER, Reason.NONE, Reason.OTHER)


def _ids(event: Event, heard: Heard, sent: set[int]) -> Iterator[Mistake]:
    command = heard.command
    if heard.foreign and event.kind in (EventKind.ACCEPTED, EventKind.REPLACED, EventKind.REJECTED):
        (ours, theirs), *_ = heard.foreign.items()
        yield Mistake(OWN_IDS, f"order {ours}, as it was sent", f"order {theirs}", heard, blurs=False)  # fmt: skip
    named: dict[int, int] = {
        EventKind.ACCEPTED: command.order, EventKind.CANCEL_REJECTED: command.target, EventKind.REPLACED: command.target,
        EventKind.REPLACE_REJECTED: command.target,
    }  # fmt: skip
    if event.kind == EventKind.REJECTED and event.order not in (command.order, command.target):
        # A replace that is not offered may be named by either of its ids.
        named[EventKind.REJECTED] = command.order or command.target
    if command.kind == CommandKind.CANCEL and event.kind == EventKind.CANCELED:
        named[EventKind.CANCELED] = command.target
    wanted = named.get(event.kind, event.order)
    if event.order != wanted and command.kind != CommandKind.MASS_CANCEL:
        yield Mistake("an answer names another order", f"order {wanted}", say_event(event), heard)
    elif not {event.order, event.maker} <= sent:
        yield Mistake("an event names an order that was never sent", "orders that were sent", say_event(event), heard)
    if event.kind == EventKind.TRADE and event.maker and event.maker == event.order:
        yield Mistake("a trade names its taker as its maker", "the resting order as maker", say_event(event), heard)


def _fields(event: Event, heard: Heard, offered: Capabilities) -> Iterator[Mistake]:
    """What is carried is there, and an acceptance says what was sent."""
    if event.kind not in KINDS:
        yield Mistake("an event is of no kind that there is", "one of harness.base.records.EventKind", str(event.kind), heard)  # fmt: skip
        return
    missing = [name for name in fields_of(event) if name in offered.carries and not has(event, name)]
    if event.kind == EventKind.CANCELED and "canceled_qty" in offered.untold:
        missing = [name for name in missing if name != "qty"]
    for name in missing:
        kind = EventKind(event.kind).name.lower()
        yield Mistake(f"`{kind}` is without `{name}`, which the capabilities say is carried", f"a {name}", say_event(event), heard, blurs=False)  # fmt: skip
    if event.kind == EventKind.ACCEPTED:
        echoed = [name for name in ECHOED if has(event, name) and getattr(heard.command, name) != NONE]
        for name in echoed:
            sent, came = getattr(heard.command, name), getattr(event, name)
            if sent != came and not (name == "price" and heard.command.type in (OrderType.MARKET, OrderType.STOP)):
                yield Mistake(f"an order is accepted with another {name}", f"{name} {sent}", f"{name} {came}", heard)


def fields_of(event: Event) -> tuple[str, ...]:
    """The fields that an event of this kind may hold."""
    return (*FIELDS.get(event.kind, ()), *OF_ALL)


def has(event: Event, name: str) -> bool:
    """Whether the event holds the field."""
    return bool(getattr(event, name) != getattr(_ABSENT, name))
