"""The drop copy's events, in the ids of commands; and which commands of which session they answer."""

from types import SimpleNamespace

import numpy as np
import pytest

from engines.adapters._drop_copy import answered, events_of, translated
from engines.adapters._soup_client import Received
from harness.base.errors import EngineDiedError
from harness.base.reasons import Reason
from harness.base.records import EVENT, NONE, Channel, Event, EventKind, event_rows
from harness.base.records import events_of as made_of
from harness.wire import soup
from harness.wire.ouch_terms import ASKED


class Port(SimpleNamespace):
    """A session that keeps what it is told."""

    def settle(self, number, *, taken):
        self.settled.append((number, taken))


def port(account, *orders):
    asked = np.zeros(len(orders) + 1, ASKED)
    asked["order"][1:] = orders
    return Port(account=account, asked=asked, settled=[])


def there(session, number):
    return (session << 32) + number


def told(*events, ports):
    return event_rows(translated(made_of(list(events)), ports))


def test_ids_and_accounts_are_those_of_commands():
    ports = {1: port(11, 500), 2: port(12, 600, 700)}
    (trade,) = told(
        Event(kind=EventKind.TRADE, order=there(1, 1), maker=there(2, 2), account=1, command=9, engine_seq=4),
        ports=ports,
    )
    assert (trade.order, trade.maker, trade.account) == (500, 700, 11)
    assert (trade.channel, trade.command, trade.engine_seq) == (Channel.DROP_COPY, 9, 4)


def test_answers_are_counted_for_their_session():
    events = made_of([
        Event(kind=EventKind.ACCEPTED, order=there(1, 1)), Event(kind=EventKind.RESTED, order=there(1, 1)),
        Event(kind=EventKind.CANCELED, reason=Reason.USER, order=there(1, 1)),
        Event(kind=EventKind.CANCELED, reason=Reason.SELF_TRADE, order=there(2, 1)),
        Event(kind=EventKind.REJECTED, reason=Reason.UNSUPPORTED, order=(1 << 63) + there(3, 1)),
    ])  # fmt: skip
    assert dict(answered(events)) == {1: 2, 3: 1}


def test_replaces_settle_what_their_ids_mean():
    ports = {1: port(11, 500, 500)}
    names = {"order": there(1, 1), "new_order": there(1, 2)}
    told(Event(kind=EventKind.REPLACE_REJECTED, **names), Event(kind=EventKind.REPLACED, **names), ports=ports)
    assert ports[1].settled == [(2, False), (2, True)]


@pytest.mark.parametrize(("price", "kind"), [(1, EventKind.CANCEL_REJECTED), (0, EventKind.REJECTED)])
def test_a_request_without_a_command_tells_its_reason(price, kind):
    refused = Event(
        kind=EventKind.REJECTED,
        order=(1 << 63) + there(1, 1),
        price=price,
        qty=Reason.HALTED,
        reason=Reason.UNSUPPORTED,
    )
    (event,) = told(refused, ports={1: port(11, 500)})
    assert (event.kind, event.order, event.reason, event.qty, event.price) == (kind, 500, Reason.HALTED, NONE, NONE)


def test_orders_of_strangers_keep_their_ids():
    (event,) = told(Event(kind=EventKind.ACCEPTED, order=there(9, 1), account=9), ports={1: port(11, 500)})
    assert (event.order, event.account) == (there(9, 1), 9)


def test_a_packet_holds_one_event():
    raw = made_of([Event(order=1), Event(order=2)]).tobytes()
    stream = soup.framed(soup.PacketType.SEQUENCED, raw, np.array([112, 224])).tobytes()
    assert events_of(Received(stream, soup.split(stream).packets))["order"].tolist() == [1, 2]
    short = soup.packet(soup.PacketType.SEQUENCED, raw[:100])
    with pytest.raises(EngineDiedError, match="no event of 112 bytes"):
        events_of(Received(short, soup.split(short).packets))
    assert EVENT.itemsize == 112
