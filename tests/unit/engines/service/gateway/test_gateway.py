"""The gateway on real sockets: trading, replay, hostile clients beside honest ones, and what becomes of the orders of who is gone."""

import random
import threading
from pathlib import Path

import pytest

from harness.wire.soup import PacketType, packet
from tests.fakes.ouch_client import buy, heard, sell, sent
from tests.fakes.served import raw_config, served
from tests.fakes.soup_client import Client


def connected(service, name="one", sequence=1, **options):
    return Client(service.address, **options).log_in(name, sequence=sequence)


def test_two_sessions_trade_and_a_reconnect_replays_from_any_number_byte_for_byte(tmp_path):
    with served(tmp_path) as service:
        with connected(service) as one, connected(service, "two") as two:
            one.send(sent(sell(1, 100, 5), sell(2, 101, 5))).hear(2)
            assert heard(two.send(sent(buy(1, 101, 7))).hear(3)) == [("A", 1, 7), ("E", 1, 5), ("E", 1, 2)]
            told = one.hear(4)
        assert [kind for kind, _, _ in heard(told)] == ["A", "A", "E", "E"]
        for number in range(1, 5):
            with connected(service, sequence=number) as again:
                assert again.accepted()[1] == number
                assert told.endswith(again.hear(5 - number))
                assert heard(again.stream) == heard(told)[number - 1 :]


def test_wrong_logins_are_told_so_and_a_port_that_logs_in_again_takes_over(tmp_path):
    with served(tmp_path) as service:
        with Client(service.address).log_in("one", "wrong") as wrong:
            assert wrong.rejected() == "A"
            wrong.until_closed()
        with connected(service, sequence=2) as beyond:
            assert beyond.rejected() == "S"
        with connected(service) as first, connected(service) as second:
            first.until_closed()
            assert heard(second.send(sent(buy(1))).hear(1)) == [("A", 1, 5)]


def test_a_silent_client_is_told_that_the_server_lives_and_is_then_cut_off(tmp_path):
    with served(tmp_path, raw_config(heartbeat_ms=10, idle_ms=200, login_ms=50)) as service:
        with connected(service) as silent, Client(service.address) as stranger:
            silent.until_closed()
            stranger.until_closed()
        assert [kind for kind, _ in silent.others[:3]] == ["A", "H", "H"]
        assert {"one: the client was silent for too long", "nobody: no login came in time"} <= set(
            service.ends_of_connections()
        )


def test_a_slow_reader_is_cut_off_and_the_others_go_on(tmp_path):
    with served(tmp_path, raw_config({"waiting_bytes_max": 200_000})) as service:
        with connected(service, receive_bytes=4_096) as slow, connected(service, "two") as quick:
            sender = threading.Thread(target=lambda: [push(slow, number) for number in range(1, 90_000, 500)])
            sender.start()
            for number in range(1, 51):
                quick.send(sent(buy(number, 1))).hear(number)
            sender.join()
            assert quick.count == 50
        assert any(end.startswith("one: a slow reader") for end in service.ends_of_connections())


def push(client, first):
    """Send without reading; the service may have closed by then."""
    try:
        client.send(sent(*(sell(number, 200) for number in range(first, first + 500))))
    except OSError:
        return


@pytest.mark.parametrize("wants", [True, False])
def test_orders_go_with_the_last_connection_of_their_account_if_a_port_wants_it(tmp_path, wants):
    with served(tmp_path, raw_config({"cancel_on_disconnect": wants})) as service:
        with connected(service, "three") as three:
            with connected(service) as one:
                one.send(sent(buy(1))).hear(1)
            three.send(sent(buy(1))).hear(1)
        with connected(service, "two") as two:
            kinds = [kind for kind, _, _ in heard(two.send(sent(sell(1, 100, 10))).hear(1 if wants else 3))]
        assert kinds == (["A"] if wants else ["A", "E", "E"])
        with connected(service) as one:
            assert heard(one.hear(2))[1] == (("C", 1, 5) if wants else ("E", 1, 5))


def hostile(kind, draw):
    if kind == "noise":
        return draw.randbytes(draw.randint(1, 400))
    if kind == "packets":
        letters = [ord(letter) for letter in "UUUULORAJSHZ+?"]
        return b"".join(
            (1 + size).to_bytes(2, "big") + bytes([draw.choice(letters)]) + draw.randbytes(size)
            for size in (draw.randint(0, 60) for _ in range(50))
        )
    whole = bytearray(
        sent(*(buy(draw.randint(0, 2**32 - 1), draw.randint(0, 20_000), draw.randint(0, 2**32 - 1)) for _ in range(50)))
    )
    for _ in range(draw.randint(0, 3)):
        whole[draw.randrange(len(whole))] ^= 1 << draw.randrange(8)
    return bytes(whole)


def test_ten_thousand_hostile_frames_harm_nobody_else(tmp_path):
    """Some 200 connections of about 50 frames, half of them of clients that are logged in."""
    draw = random.Random(7)
    with served(tmp_path) as service, connected(service, "two") as honest:
        for number in range(1, 201):
            with Client(service.address) as client:
                if draw.random() < 0.5:
                    client.log_in(sequence=0)
                try:
                    client.send(hostile(draw.choice(("noise", "packets", "orders")), draw) + packet(PacketType.LOGOUT))
                except OSError:
                    continue
            honest.send(sent(buy(number, 1))).hear(number)
        assert service.service.failure() is None


def test_connections_that_are_gone_leave_no_descriptor(tmp_path, descriptors):
    with served(tmp_path) as service:
        with connected(service, "two") as honest:
            before = descriptors()
            for _ in range(50):
                Client(service.address).socket.close()
                connected(service).socket.close()
            honest.send(sent(buy(1))).hear(1)
            connected(service).socket.close()
            honest.send(sent(buy(2))).hear(2)
            while descriptors() > before:
                honest.send(packet(PacketType.CLIENT_HEARTBEAT))
        assert descriptors() <= before


@pytest.fixture
def descriptors():
    return lambda: sum(1 for _ in Path("/proc/self/fd").iterdir())
