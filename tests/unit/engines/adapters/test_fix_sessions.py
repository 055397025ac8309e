"""A client with a FIX session for each account and a drop copy, against the service on real sockets: what was lost is heard all the same."""

import socket
import time

import pytest

from engines.adapters._connections import Numbered, Venue
from engines.adapters._fix_sessions import FixSessions
from harness.base.capabilities import Instrument
from harness.base.reasons import Reason
from harness.base.records import Channel, EventKind, commands_of, event_rows
from harness.engine_file import Login
from harness.wire.fix_requests import Listing
from tests.fakes.fix_client import FIRM, fix_config
from tests.fakes.lines import commands
from tests.fakes.served import served
from tests.fakes.soup_client import TIMEOUT_S

LISTING = Listing([Instrument(id=1, symbol="ONE", tick_1e9=10_000_000, price_max=10_000)])
PORTS = {
    account: Numbered(number, Login(username=name, password="secret", target=FIRM))
    for number, name, account in ((6, "FIXA", 1), (7, "FIXB", 2))
}
COPY = Login(endpoint="copy", username="watch", password="secret")


class Wires:
    """The connections to a service that were made, in their order, by whom they are to."""

    def __init__(self, service):
        self._addresses = {"orders": service.fix_address, "copy": service.address}
        self.made = []

    def connect(self, endpoint):
        self.made.append((endpoint, socket.create_connection(self._addresses[endpoint])))
        return self.made[-1][1]

    def names(self):
        return [name for name, _ in self.made]


@pytest.fixture
def wires(tmp_path):
    with served(tmp_path, fix_config()) as service:
        yield Wires(service)


@pytest.fixture
def client(wires):
    made = FixSessions(Venue(wires.connect, PORTS.get, (COPY,), None, TIMEOUT_S), LISTING)
    made.open()
    yield made
    made.close()


def flow(lines):
    return commands_of(commands(lines))


def heard(client, count):
    """So many events, by the channel, the order and what became of it."""
    events, give_up = [], time.monotonic() + TIMEOUT_S
    while len(events) < count and time.monotonic() < give_up:
        client.hear(10_000_000)
        events += event_rows(client.told())
    return sorted((Channel(event.channel).name, event.order, EventKind(event.kind).name) for event in events)


def test_an_account_is_logged_on_with_its_first_command(wires, client):
    assert wires.names() == ["copy"]
    sender = client.session()
    assert sender.send(flow("B 100x5 #1")) == 1
    assert heard(client, 3) == [("DROP_COPY", 1, "ACCEPTED"), ("DROP_COPY", 1, "RESTED"), ("ORDER", 1, "ACCEPTED")]
    assert wires.names() == ["copy", "orders"]
    assert sender.send(flow("B 100x5 #2")) == 1
    assert wires.names() == ["copy", "orders"]


def test_where_it_is_told_so_the_first_account_is_logged_on_from_the_beginning(wires):
    client = FixSessions(Venue(wires.connect, PORTS.get, (), 2, TIMEOUT_S), LISTING)
    client.open()
    assert wires.names() == ["orders"]
    client.close()


def test_sessions_and_drop_copy_go_on_where_their_connections_were_lost(wires, client):
    sender = client.session()
    sender.send(flow("B 100x5 #1"))
    heard(client, 3)
    for _, connection in list(wires.made):
        connection.shutdown(socket.SHUT_RDWR)
    sender.send(flow("B 100x5 #2"))
    assert heard(client, 3) == [("DROP_COPY", 2, "ACCEPTED"), ("DROP_COPY", 2, "RESTED"), ("ORDER", 2, "ACCEPTED")]
    sender.send(flow("B 100x5 #3"))
    assert heard(client, 3) == [("DROP_COPY", 3, "ACCEPTED"), ("DROP_COPY", 3, "RESTED"), ("ORDER", 3, "ACCEPTED")]
    assert (sorted(wires.names()), client.counters()["connections_lost"]) == (["copy", "copy", "orders", "orders"], 1)


def test_the_next_account_waits_until_the_one_before_is_answered(client):
    sender = client.session()
    assert sender.send(flow("B 100x5 #1; B 100x5 #2 a2")) == 1
    heard(client, 3)
    assert sender.send(flow("B 100x5 #2 a2")) == 1
    assert client.session().send(flow("B 100x5 #3")) == 1


def test_an_account_without_a_login_is_told_and_holds_nobody(client):
    assert client.session().send(flow("B 100x5 #1 a9; cancel #7")) == 2
    told = [(event.command, event.kind, event.reason, event.channel) for event in event_rows(client.told())]
    assert told == [(number, EventKind.REJECTED, Reason.UNSUPPORTED, Channel.NONE) for number in (1, 2)]
    assert client.counters() == {"commands_said": 0, "commands_unsaid": 2, "connections_lost": 0}
