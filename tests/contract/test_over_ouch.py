"""An engine behind OUCH answers as it does without: every command that can be said, and every event that can be told."""

import pytest

from engines.plain.engine import PlainEngine
from harness.base.capabilities import Conventions
from harness.base.reasons import Reason
from harness.base.records import NONE, EventKind, Role, event_rows
from harness.wire.ouch_words import CANCEL_OF_REASON, REASON_OF_CANCEL, REASON_OF_REJECT, REJECT_OF_REASON
from tests.fakes.mixed_flow import INSTRUMENTS, mixed_flow
from tests.fakes.ouch_venue import ENGINE_NS, Client, Venue

COMMANDS = 1_500
IGNORED = (Reason.UNKNOWN_ORDER, Reason.NOT_OWNER, Reason.DUPLICATE_ORDER_ID)


def expected(event):
    """What of an engine's event comes over the wire, one entry a side."""
    match event.kind:
        case EventKind.ACCEPTED:
            told = (event.command, event.order, event.price, event.qty, event.side)
        case EventKind.REPLACED:
            told = (event.command, event.order, event.new_order, event.price, event.qty, event.remaining, event.side)
        case EventKind.REJECTED | EventKind.REPLACE_REJECTED:
            told = (event.command, event.order, event.new_order, REASON_OF_REJECT[REJECT_OF_REASON[event.reason]])
        case EventKind.CANCELED:
            told = (event.order, event.qty, REASON_OF_CANCEL[CANCEL_OF_REASON[event.reason]])
        case EventKind.DONE:
            told = (event.command,)
        case EventKind.TRADE:
            sides = ((Role.TAKER, event.order, 0), (Role.MAKER, 0, event.maker))
            return [(event.kind, *side, event.match, event.price, event.qty) for side in sides]
        case _:
            return []
    is_ignored = event.kind == EventKind.REPLACE_REJECTED and event.reason in IGNORED
    return [] if is_ignored else [(event.kind, *told)]


def came(event):
    """The same fields of an event that came over the wire; what the wire does not carry must be absent."""
    assert event.engine_ns == ENGINE_NS
    assert event.kind == EventKind.REPLACED or event.remaining == NONE
    match event.kind:
        case EventKind.ACCEPTED:
            return (event.kind, event.command, event.order, event.price, event.qty, event.side)
        case EventKind.REPLACED:
            return (event.kind, event.command, event.order, event.new_order, event.price, event.qty, event.remaining, event.side)  # fmt: skip
        case EventKind.REJECTED | EventKind.REPLACE_REJECTED:
            return (event.kind, event.command, event.order, event.new_order, event.reason)
        case EventKind.CANCELED:
            return (event.kind, event.order, event.qty, event.reason)
        case EventKind.DONE:
            return (event.kind, event.command)
    return (event.kind, event.role, event.order, event.maker, event.match, event.price, event.qty)


@pytest.mark.parametrize("self_trade", ["none", "cancel_newest", "cancel_both"])
def test_an_engine_behind_ouch_answers_alike(self_trade):
    conventions = Conventions(self_trade=self_trade, replace_quantity="total", replace_keeps_place="never")
    direct, client = PlainEngine(INSTRUMENTS, conventions), Client(Venue(INSTRUMENTS, conventions))
    flow, kinds, said = mixed_flow(5, COMMANDS), set(), 0
    for at in range(COMMANDS):
        over_the_wire = client.send(flow[at : at + 1])
        if over_the_wire is not None:
            events = event_rows(direct.submit(flow[at : at + 1]))
            wanted = [told for event in events for told in expected(event)]
            assert [came(event) for event in over_the_wire] == wanted, flow[at]
            kinds |= {event[0] for event in wanted}
            said += 1
    assert said > COMMANDS / 2
    assert kinds >= {
        EventKind.ACCEPTED, EventKind.REJECTED, EventKind.TRADE, EventKind.CANCELED, EventKind.REPLACED,
        EventKind.REPLACE_REJECTED, EventKind.DONE,
    }  # fmt: skip
