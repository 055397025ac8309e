"""One sender over several connections: its order is kept, and what it cannot send yet it sends once it may."""

import time
from types import SimpleNamespace

import pytest

from engines.adapters._ouch_ids import Ids
from engines.adapters._ouch_port import OuchPort, Words
from engines.adapters._ouch_session import AT_ONCE, OuchSession
from harness.base.capabilities import Instrument
from harness.base.records import commands_of
from harness.wire import ouch
from harness.wire.ouch_symbols import symbols_of
from tests.fakes.lines import commands

WORDS = Words(symbols_of([Instrument(id=1, symbol="ONE")]), ouch.word("GNGO", 4), Ids())
ACCOUNTS = 2


class Client:
    """Connections that keep in one list what goes out on any of them, and an engine that answers when it is told to."""

    def __init__(self):
        self.words = WORDS._replace(ids=Ids())
        self.behind = set()
        self.sent = []
        self.unsaid = []
        self.answers = True
        self.ports = {number: self._port(number) for number in range(1, ACCOUNTS + 1)}

    def _port(self, number):
        wire = SimpleNamespace(
            is_clear=True, has_room=lambda _: True, send_packets=lambda packets: self.sent.append((number, packets.raw))
        )
        return OuchPort(number, number, wire, self.words)

    def port_of(self, account):
        return self.ports.get(account)

    def tell_unsaid(self, numbers):
        self.unsaid += numbers.tolist()

    def wait_for_answers(self, port, until_s):
        if self.answers:
            port.is_answered(port.said - port.answered)
        return port.said == port.answered

    def went_to(self):
        return [number for number, _ in self.sent]


@pytest.fixture
def client():
    return Client()


def flow(lines):
    return commands_of(commands(lines))


def at_once():
    return time.monotonic() + 10


def test_an_account_waits_until_the_one_before_is_answered(client):
    session, orders = OuchSession(client), flow("B 10x5 #1; B 10x5 #2; B 10x5 #3 a2; B 10x5 #4")
    client.answers = False
    assert session.send(orders) == 4
    assert client.went_to() == [1]
    assert client.behind == {session}
    assert not session.go_on(at_once())
    assert client.went_to() == [1]
    client.answers = True
    assert session.go_on(at_once())
    assert client.went_to() == [1, 2, 1]


def test_what_it_holds_has_a_bound(client):
    session, orders = OuchSession(client), flow("; ".join(f"B 10x5 #{n} a{1 + n % 2}" for n in range(1, 3 * AT_ONCE)))
    client.answers = False
    assert session.send(orders) == AT_ONCE
    assert session.send(orders[AT_ONCE:]) == 0
    client.answers = True
    taken = AT_ONCE
    while taken < len(orders):
        taken += session.send(orders[taken:])
    assert session.go_on(at_once())
    assert [port.said for port in client.ports.values()] == [len(orders) // 2, len(orders) - len(orders) // 2]


def test_one_account_waits_for_nobody(client):
    client.answers = False
    assert OuchSession(client).send(flow("B 10x5 #1; B 10x5 #2")) == 2
    assert OuchSession(client).send(flow("B 10x5 #3 a2")) == 1
    assert client.went_to() == [1, 2]


def test_a_connection_that_takes_nothing_holds_what_is_behind_it(client):
    session = OuchSession(client)
    client.ports[1].client.is_clear = False
    assert session.send(flow("B 10x5 #1; B 10x5 #2 a2")) == 2
    assert client.went_to() == []
    client.ports[1].client.is_clear = True
    assert session.go_on(at_once())
    assert client.went_to() == [1, 2]


def test_an_account_without_a_session_is_told_and_holds_nobody(client):
    assert OuchSession(client).send(flow("B 10x5 #1 a9; B 10x5 #2")) == 2
    assert (client.unsaid, client.went_to()) == ([1], [1])


def test_what_names_an_order_that_is_being_renamed_waits_here_with_all_behind_it(client):
    session, orders = OuchSession(client), flow("B 10x5 #5; replace #5 #5 11x5; cancel #5; B 10x5 #6")
    assert session.send(orders[:3]) == 3
    assert session.send(orders[3:]) == 1
    assert client.ports[1].said == 2
    assert not session.go_on(at_once())
    client.ports[1].settle(2, taken=True)
    assert session.go_on(at_once())
    assert client.ports[1].said == 4


def test_no_more_waits_here_than_goes_out_at_once(client):
    session, names = OuchSession(client), "; ".join(["cancel #5"] * 700)
    assert session.send(flow(f"B 10x5 #5; replace #5 #5 11x5; {names}")) == 702
    assert session.send(flow(names)) == AT_ONCE - 700
    assert session.send(flow("cancel #5")) == 0


def test_where_accounts_are_apart_none_waits_for_another(client):
    session = OuchSession(client, apart=True)
    assert session.send(flow("B 10x5 #5; B 10x5 #6 a2; replace #5 #5 11x5; cancel #5; cancel #6 a2; B 10x5 #7")) == 6
    assert client.went_to() == [1, 2, 1, 2]
    assert [port.said for _, port in sorted(client.ports.items())][:2] == [2, 2]
    assert session.send(flow("B 10x5 #8; B 10x5 #9 a2")) == 2
    assert [port.said for _, port in sorted(client.ports.items())][:2] == [2, 3]
    client.ports[1].settle(2, taken=True)
    assert session.go_on(at_once())
    assert [port.said for _, port in sorted(client.ports.items())][:2] == [5, 3], "in the order of the account"


def test_a_connection_that_takes_nothing_holds_only_its_own_account_where_they_are_apart(client):
    session = OuchSession(client, apart=True)
    client.ports[1].client.is_clear = False
    assert session.send(flow("B 10x5 #1; B 10x5 #2 a2")) == 2
    assert client.went_to() == [2]
    client.ports[1].client.is_clear = True
    assert session.go_on(at_once())
    assert client.went_to() == [2, 1]
