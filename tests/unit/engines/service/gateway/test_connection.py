"""One connection turned by hand: what the protocol allows, when it ends, and that nothing is told in the middle of a packet."""

import socket

import pytest

from engines.service.config import Port as Settings
from engines.service.gateway.connection import Connection, CutOff, Times
from engines.service.gateway.ids import parties_of
from engines.service.gateway.ports import OuchPorts
from harness.wire.ouch_symbols import symbols_of
from harness.wire.soup import Login, PacketType, login_packet, packet, split
from tests.fakes.ouch_client import FIRM, buy, sent
from tests.fakes.ouch_desk import CONVENTIONS, INSTRUMENTS, ReferenceEngine

TIMES = Times(heartbeat_ns=1_000, idle_ns=15_000, login_ns=30_000)
LOGIN = login_packet(Login("one", "secret"))
HEARTBEAT, ALIVE = packet(PacketType.SERVER_HEARTBEAT), packet(PacketType.CLIENT_HEARTBEAT)


class Line:
    """A connection and the client's end of it."""

    def __init__(self, folder, ouch=None, **settings):
        symbols = symbols_of(INSTRUMENTS)
        settings = {"number": 1, "username": "one", "password": "secret", "account": 11} | settings
        self.ouch = ouch or OuchPorts([Settings(**settings)], folder, 10**5, symbols, FIRM)
        (self.port,) = self.ouch.by_number.values()
        self.engine = ReferenceEngine(INSTRUMENTS, CONVENTIONS)
        ours, self.client = socket.socketpair()
        ours.setblocking(False)
        self.client.setblocking(False)
        self.connection = Connection(
            ours, "SESS", TIMES, lambda login: self.port if login.password == "secret" else None, 0
        )

    def close(self):
        self.connection.socket.close()
        self.client.close()

    def turn(self, raw=b"", now_ns=0):
        """What the service takes and does; how many commands came of it."""
        if raw:
            self.client.sendall(raw)
        self.connection.read(now_ns)
        commands = self.ouch.intake.take()
        events = self.engine.submit(commands)
        if len(events):
            self.ouch.tell(events, parties_of(events))
        self.connection.write(now_ns)
        return len(commands)

    def told(self):
        try:
            raw = self.client.recv(2**22)
        except BlockingIOError:
            return []
        assert split(raw).used == len(raw)
        return [(chr(kind), raw[start:end]) for kind, start, end in split(raw).packets.tolist()]

    def types(self):
        return "".join(kind for kind, _ in self.told())


@pytest.fixture
def line(tmp_path):
    made = []

    def make(**settings):
        made.append(Line(tmp_path, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()
    for port in {one.port for one in made}:
        port.stream.close()


def test_a_login_and_an_order(line):
    it = line()
    assert it.turn(LOGIN + sent(buy(1), buy(2))) == 2
    (kind, payload), *rest = it.told()
    assert (kind, payload) == ("A", b"      SESS" + b"1".rjust(20))
    assert [kind for kind, _ in rest] == ["S", "S"]


def test_the_stream_may_be_cut_at_every_byte(line):
    it = line()
    for one in LOGIN + ALIVE + sent(buy(1), buy(2)) + packet(PacketType.DEBUG, b"hi"):
        it.turn(bytes([one]))
    assert it.types() == "ASS"


@pytest.mark.parametrize(
    "before", [ALIVE, sent(buy(1)), packet(PacketType.LOGOUT), b"\0\0", packet(PacketType.LOGIN, b"?"), b"\0\1Q"]
)
def test_what_comes_before_the_login_ends_it_without_a_word(line, before):
    it = line()
    with pytest.raises(CutOff):
        it.turn(before + LOGIN)
    assert it.told() == []


def test_a_debug_packet_may_come_at_any_time(line):
    it = line()
    it.turn(packet(PacketType.DEBUG, b"hello"))
    it.turn(packet(PacketType.DEBUG, b"hello") + LOGIN)
    assert it.types() == "A"


@pytest.mark.parametrize(
    ("login", "reason"),
    [
        (Login("one", "wrong"), b"A"),
        (Login("one", "secret", "OTHER"), b"S"),
        (Login("one", "secret", "SESS", 2), b"S"),
    ],
)
def test_a_login_that_does_not_fit_is_rejected_and_closed(line, login, reason):
    it = line()
    with pytest.raises(CutOff):
        it.turn(login_packet(login) + sent(buy(1)))
    assert it.told() == [("J", reason)]
    assert it.ouch.intake.counts.requests == 0


@pytest.mark.parametrize(
    "last", [LOGIN, b"\0\1Q", packet(PacketType.LOGOUT), b"\0\0", packet(PacketType.UNSEQUENCED, b"O")]
)
def test_what_no_client_may_send_ends_it_after_what_came_before(line, last):
    it = line()
    with pytest.raises(CutOff):
        it.turn(LOGIN + sent(buy(1)) * (last != packet(PacketType.UNSEQUENCED, b"O")) + last)
    assert it.ouch.intake.counts.requests == (1 if last != packet(PacketType.UNSEQUENCED, b"O") else 0)


def test_a_number_of_zero_begins_with_the_newest_message(line):
    it = line()
    it.turn(LOGIN + sent(buy(1), buy(2), buy(3)))
    again = line(ouch=it.ouch)
    again.turn(login_packet(Login("one", "secret", sequence=0)))
    (_, accepted), newest = again.told()
    assert accepted.endswith(b" 3")
    assert newest == it.told()[-1]


def test_silence_is_filled_with_heartbeats_and_ends_after_a_while(line):
    it = line()
    it.turn(LOGIN)
    assert it.connection.look_at_the_time(999) == 1_000
    it.connection.look_at_the_time(1_000)
    it.connection.write(1_000)
    assert it.types() == "AH"
    it.turn(ALIVE, 14_000)
    it.connection.look_at_the_time(28_999)
    with pytest.raises(CutOff, match="silent"):
        it.connection.look_at_the_time(29_000)


def test_a_login_may_ask_for_its_own_time(line):
    it = line()
    it.turn(login_packet(Login("one", "secret", heartbeat_timeout_ms=1)))
    it.connection.look_at_the_time(999_999)
    with pytest.raises(CutOff, match="silent"):
        it.connection.look_at_the_time(1_000_000)


def test_who_does_not_log_in_in_time_is_closed(line):
    it = line()
    it.turn(packet(PacketType.DEBUG), 29_000)
    with pytest.raises(CutOff, match="no login"):
        it.connection.look_at_the_time(30_000)


def test_a_slow_reader_is_cut_off_at_its_limit_and_one_that_comes_back_late_is_not(line):
    it = line(waiting_bytes_max=100_000)
    it.turn(LOGIN)
    with pytest.raises(CutOff, match="slow reader"):
        sends_without_reading(it)
    lag = it.port.stream.size
    assert lag > 200_000
    again = line(ouch=it.ouch)
    again.turn(LOGIN)
    got = 0
    while got < lag:
        got += len(again.client.recv(2**20))
        again.connection.write(0)


def sends_without_reading(it):
    for number in range(1, 20_001, 50):
        it.turn(sent(*map(buy, range(number, number + 50))))


def test_no_heartbeat_comes_between_the_halves_of_a_packet(line):
    it = line()
    it.turn(LOGIN)
    number = 1
    while not it.connection.is_blocked:
        it.turn(sent(*map(buy, range(number, number + 100))))
        number += 100
    it.connection.look_at_the_time(5_000)
    raw = b""
    while it.connection.is_blocked or not raw:
        raw += it.client.recv(2**22)
        it.connection.write(5_000)
    raw += it.client.recv(2**22)
    kinds = {chr(kind) for kind in split(raw).packets[:, 0]}
    assert kinds == {"A", "S"}
    assert len(split(raw).packets) == number


def test_who_sends_more_than_its_rate_is_read_again_later(line):
    it = line(messages_per_s=10)
    it.turn(LOGIN, 5 * 10**9)
    assert it.turn(sent(*map(buy, range(1, 31))), 5 * 10**9) == 30
    assert not it.connection.may_read(7 * 10**9 - 1)
    assert it.connection.may_read(7 * 10**9)


def test_a_broken_connection_ends_it(line):
    it = line()
    it.turn(LOGIN)
    it.client.close()
    with pytest.raises(CutOff, match=r"the client closed|the connection broke"):
        it.connection.read(0)
