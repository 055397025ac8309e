"""Who may log in as what, who is told what, and which numbers count as used after a restart."""

import pytest

from engines.service.config import DropCopy
from engines.service.config import Port as Settings
from engines.service.gateway.deeds import Deeds
from engines.service.gateway.drop_copy import DropCopies
from engines.service.gateway.ports import OuchPorts, Ports
from harness.wire import soup
from harness.wire.ouch_symbols import symbols_of
from harness.wire.soup import Login
from tests.fakes.ouch_client import FIRM, buy, heard, sell, sent
from tests.fakes.ouch_desk import CONVENTIONS, INSTRUMENTS, ReferenceEngine
from tests.fakes.served import PORTS


@pytest.fixture
def make(tmp_path):
    made = []

    def ports(logins=PORTS[:3]):
        symbols = symbols_of(INSTRUMENTS)
        copies = DropCopies([DropCopy(username="watch", password="secret")], tmp_path / "copy")
        deeds = Deeds({}, lambda *_, **__: None)
        ouch = OuchPorts([Settings(**one) for one in logins], tmp_path, 100, symbols, FIRM)
        made.append(Ports(ouch, [], copies, deeds))
        return made[-1]

    yield ports
    for one in made:
        one.close()


def events_of(ports, number, stream):
    ports.by_number[number].bring(stream, soup.split(stream).packets, pytest.fail)
    return ReferenceEngine(INSTRUMENTS, CONVENTIONS).submit(ports.take())


def test_names_and_passwords_do_not_heed_case_but_must_fit(make):
    ports = make()
    assert ports.named(Login("TWO", "Secret")) is ports.by_number[2]
    assert ports.named(Login("two", "secre")) is None
    assert ports.named(Login("nobody", "secret")) is None
    assert ports.named(Login("WATCH", "secret")).settings.username == "watch"


def test_an_account_has_its_ports(make):
    assert [port.settings.number for port in make().of_account(11)] == [1, 3]


def test_each_stream_holds_what_concerns_its_port_and_can_be_made_again(make):
    ports = make()
    events = events_of(ports, 1, sent(sell(1), buy(7), buy(8, 99)))
    ports.tell(events)
    stream = ports.by_number[1].stream
    told = stream.read(0, stream.size)
    assert [number for _, number, _ in heard(told)] == [1, 7, 7, 1, 8]
    assert ports.by_number[2].stream.count == ports.by_number[3].stream.count == 0
    assert ports.commands() == 3

    again = make()
    again.tell(events, again=True)
    assert again.by_number[1].stream.read(0, 10**6) == told
    again.by_number[1].bring(sent(buy(8), buy(9)), soup.split(sent(buy(8), buy(9))).packets, pytest.fail)
    assert (len(again.take()), again.request_counts()["resent"]) == (1, 1)


def test_events_of_a_port_that_is_no_more_are_told_to_nobody(make):
    first = make()
    events = events_of(first, 1, sent(sell(1)))
    rest = make(PORTS[1:3])
    rest.tell(events)
    assert all(port.stream.count == 0 for port in rest.by_number.values())
