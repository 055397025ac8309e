"""A client of SoupBinTCP on real sockets: it counts what is sequenced, and a connection that was lost goes on behind that."""

import socket
import time
from contextlib import suppress

import pytest

from engines.adapters._connections import RECONNECTS_MOST
from engines.adapters._soup_client import SoupClient
from harness.base.errors import EngineDiedError, EngineStartError, MisspokeError
from harness.wire.soup import (
    Accepted,
    Login,
    PacketType,
    Rejection,
    accepted_packet,
    login_packet,
    packet,
    read_login,
    rejected_packet,
    split,
)

TIMEOUT_S = 10


class Server:
    """Takes each connection as it comes, and answers its login before it was read."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.answers = []
        """What each further connection is greeted with; the last one stays."""
        self.peers = []

    def connect(self):
        made = socket.create_connection(self.listener.getsockname())
        peer, _ = self.listener.accept()
        peer.settimeout(TIMEOUT_S)
        self.peers.append(peer)
        peer.sendall(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])
        return made

    def login(self):
        """What the newest connection asked for."""
        raw = self.peers[-1].recv(100)
        (_, start, end), *_ = split(raw).packets.tolist()
        return read_login(raw[start:end])

    def tells(self, *payloads, last=b""):
        self.peers[-1].sendall(b"".join(packet(PacketType.SEQUENCED, one) for one in payloads) + last)

    def close(self):
        for one in (*self.peers, self.listener):
            one.close()


@pytest.fixture
def server():
    made = Server()
    made.answers = [accepted_packet(Accepted("S", 1))]
    yield made
    made.close()


@pytest.fixture
def client(server):
    made = SoupClient(server.connect, "ME", "SECRET", TIMEOUT_S)
    yield made
    made.close()


def heard(client, count):
    """The payloads of so many sequenced packets."""
    told = []
    while len(told) < count:
        client.socket.setblocking(True)
        client.socket.settimeout(TIMEOUT_S)
        received = client.receive()
        told += [received.stream[start:end] for _, start, end in received.packets.tolist()]
    client.socket.setblocking(False)
    return told


def test_it_logs_in_from_the_first_message_on(server, client):
    login = server.login()
    assert (login.username, login.password, login.sequence) == ("ME", "SECRET", 1)
    assert client.heard == 0


def test_only_what_is_sequenced_is_told_and_counted(server, client):
    server.tells(b"one", last=packet(PacketType.SERVER_HEARTBEAT) + packet(PacketType.DEBUG, b"x"))
    server.tells(b"two")
    assert heard(client, 2) == [b"one", b"two"]
    assert client.heard == 2


def test_a_packet_may_come_in_parts(server, client):
    raw = packet(PacketType.SEQUENCED, b"whole")
    server.peers[-1].sendall(raw[:4])
    client.socket.settimeout(TIMEOUT_S)
    assert len(client.receive().packets) == 0
    server.peers[-1].sendall(raw[4:])
    assert heard(client, 1) == [b"whole"]


def test_what_came_with_the_answer_to_the_login_is_not_lost(server):
    server.answers = [packet(PacketType.DEBUG, b"hi") + accepted_packet(Accepted("S", 5)) + packet(PacketType.SEQUENCED, b"five")]  # fmt: skip
    client = SoupClient(server.connect, "ME", "SECRET", TIMEOUT_S)
    assert heard(client, 1) == [b"five"]
    assert client.heard == 5
    client.close()


def test_a_lost_connection_goes_on_behind_what_was_heard(server, client):
    server.tells(b"one", b"two")
    heard(client, 2)
    server.answers = [accepted_packet(Accepted("S", 3))]
    server.peers[-1].close()
    client.socket.settimeout(TIMEOUT_S)
    assert len(client.receive().packets) == 0
    assert server.login().sequence == 3
    server.tells(b"three")
    assert heard(client, 1) == [b"three"]


def test_one_that_is_closed_again_and_again_is_the_engine_s_failure(server, client):
    def lost():
        server.peers[-1].close()
        client.socket.settimeout(TIMEOUT_S)
        client.receive()

    for _ in range(RECONNECTS_MOST):
        lost()
    with pytest.raises(EngineDiedError, match=f"closed it {RECONNECTS_MOST + 1} times"):
        lost()


def test_a_login_that_is_rejected_is_an_engine_that_does_not_start(server):
    server.answers = [rejected_packet(Rejection.NOT_AUTHORIZED)]
    with pytest.raises(EngineStartError, match=r"login of ME failed: rejected, NOT_AUTHORIZED"):
        SoupClient(server.connect, "ME", "SECRET", TIMEOUT_S)


def test_a_connection_that_does_not_come_back_is_an_engine_that_died(server, client):
    server.answers = [rejected_packet(Rejection.NOT_AUTHORIZED)]
    server.peers[-1].close()
    client.socket.settimeout(TIMEOUT_S)
    with pytest.raises(EngineDiedError, match="does not open again"):
        client.receive()


STRANGE = {
    "a length of 0": (bytes(3), rb"no packet of SoupBinTCP: b'\x00\x00\x00'"),
    "a type that there is not": (packet(PacketType.LOGIN, b"hello"), rb"b'\x00\x06Lhello'; wanted a length above 0 and one of the types +, S, U, H, Z"),
    "the beginning of something else": (b"HTTP/1.1 400 Bad Request", b"b'HTTP/1.1 400 Bad Request'"),
    "a login that is answered again": (accepted_packet(Accepted("S", 1)), rb"b'\x00\x1fA"),
}  # fmt: skip


@pytest.mark.parametrize("strange", STRANGE)
def test_what_is_no_packet_is_told_with_its_bytes_behind_what_came_before(server, client, strange):
    raw, said = STRANGE[strange]
    server.tells(b"one", last=raw)
    client.socket.settimeout(TIMEOUT_S)
    received = client.receive()
    assert [received.stream[start:end] for _, start, end in received.packets.tolist()] == [b"one"]
    assert isinstance(received.failure, MisspokeError)
    assert said.decode() in str(received.failure)


def test_an_engine_that_ends_a_session_died_behind_what_it_said_before(server, client):
    server.tells(b"one", last=packet(PacketType.END_OF_SESSION))
    client.socket.settimeout(TIMEOUT_S)
    received = client.receive()
    assert (len(received.packets), str(received.failure)) == (1, "session ME: the engine ended the session")


def test_a_login_that_is_answered_with_something_else_is_told_at_once(server):
    server.answers = [b"220 mail.example.org ESMTP\r\n"]
    with pytest.raises(EngineStartError, match=r"no packet of SoupBinTCP: b'220'; wanted one of the types A, J, \+, H"):
        SoupClient(server.connect, "ME", "SECRET", TIMEOUT_S)


def test_a_login_is_not_waited_for_longer_by_what_comes_before_its_answer(server):
    server.answers = [packet(PacketType.DEBUG, b"wait") * 10_000]
    with pytest.raises(EngineStartError, match="the login of ME failed: timed out"):
        SoupClient(server.connect, "ME", "SECRET", 0.01)


def test_what_the_socket_does_not_take_waits(server, client):
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
    whole = packet(PacketType.UNSEQUENCED, bytes(60_000)) * 200
    client.send(whole)
    assert not client.is_clear
    got, give_up = -len(login_packet(Login("ME", "SECRET"))), time.monotonic() + TIMEOUT_S
    server.peers[-1].setblocking(False)
    while got < len(whole) and time.monotonic() < give_up:
        client.flush()
        with suppress(BlockingIOError):
            got += len(server.peers[-1].recv(1 << 20))
    assert (got, client.is_clear) == (len(whole), True)
