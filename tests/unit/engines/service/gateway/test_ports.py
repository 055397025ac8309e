"""Who may log in as what, who is told what, and which numbers count as used after a restart."""

import pytest

from engines.service.config import DropCopy
from engines.service.config import Port as Settings
from engines.service.gateway.deeds import Deeds
from engines.service.gateway.drop_copy import DropCopies
from engines.service.gateway.ports import Port, Ports
from harness.wire import soup
from harness.wire.ouch_symbols import symbols_of
from harness.wire.soup import Login
from tests.fakes.ouch_client import FIRM, buy, heard, sell, sent
from tests.fakes.ouch_desk import CONVENTIONS, INSTRUMENTS, ReferenceEngine
from tests.fakes.served import PORTS


@pytest.fixture
def make(tmp_path):
    made = []

    def ports():
        symbols = symbols_of(INSTRUMENTS)
        copies = DropCopies([DropCopy(username="watch", password="secret")], tmp_path / "copy")
        deeds = Deeds({}, lambda *_, **__: None)
        made.append(Ports((Port(Settings(**one), tmp_path, 100, symbols, FIRM) for one in PORTS[:3]), copies, deeds))
        return made[-1]

    yield ports
    for one in made:
        one.close()


def events_of(ports, number, stream):
    commands = ports.by_number[number].intake.take(stream, soup.split(stream).packets)
    return ReferenceEngine(INSTRUMENTS, CONVENTIONS).submit(commands)


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
    assert [port.intake.last for port in again.by_number.values()] == [8, 0, 0]


def test_events_of_a_port_that_is_no_more_are_told_to_nobody(make):
    ports = make()
    events = events_of(ports, 1, sent(sell(1)))
    del ports.by_number[1]
    ports.tell(events)
    assert all(port.stream.count == 0 for port in ports.by_number.values())
