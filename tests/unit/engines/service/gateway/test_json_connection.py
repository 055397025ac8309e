"""JSON lines on real sockets: logins, trading with a port of OUCH, what is refused, and what ends a connection."""

import json
import socket

import pytest

from engines.service.gateway.json_connection import LINE_MOST, JsonConnection
from engines.service.gateway.link import CutOff
from tests.fakes.json_client import JsonClient, order
from tests.fakes.ouch_client import buy, heard, sell, sent
from tests.fakes.served import raw_config, served
from tests.fakes.soup_client import Client


def connected(service, name="lines"):
    return JsonClient(service.json_address).log_in(name)


def test_orders_trade_with_those_of_ouch(tmp_path):
    with served(tmp_path) as service, connected(service) as lines, Client(service.address).log_in() as one:
        one.send(sent(sell(1, 100, 3))).hear(1)
        lines.say(order(7))
        accepted, trade, rested = lines.hear(), lines.hear(), lines.hear()
        # The service's own number of the command, whichever session it came from.
        assert (accepted["type"], accepted["order"], accepted["command"]) == ("accepted", 7, 2)
        assert (trade["type"], trade["order"], trade["qty"], trade["role"]) == ("trade", 7, 3, "taker")
        assert (rested["type"], rested["remaining"]) == ("rested", 2)
        assert heard(one.hear(2))[1] == ("E", 1, 3)
        lines.say({"type": "cancel", "target": 7, "instrument": 4}, {"type": "cancel", "target": 7, "instrument": 4})
        assert lines.types(2) == ["canceled", "cancel_rejected"]


def test_what_operators_may_ask_for_is_rejected_for_others(tmp_path):
    with served(tmp_path) as service, connected(service) as lines:
        lines.say(
            *(
                {"type": kind, "order": 1, "instrument": 4}
                for kind in ("halt", "resume", "kill_account", "enable", "limit")
            )
        )
        assert lines.types(5) == ["rejected"] * 5


def test_an_operator_is_answered_under_his_own_name(tmp_path):
    with served(tmp_path) as service, connected(service) as lines, connected(service, "staff") as staff:
        lines.say(order(1))
        assert lines.types(2) == ["accepted", "rested"]
        staff.say({"type": "mass_cancel", "order": 77, "account": 14})
        done = staff.hear()
        assert (done["type"], done["order"], done["qty"]) == ("done", 77, 1)
        assert lines.hear()["type"] == "canceled"


@pytest.mark.parametrize(
    ("username", "password"), [("lines", "wrong"), ("nobody", "secret"), ("one", "secret"), ("watch", "secret")]
)
def test_a_login_of_ouch_or_with_a_wrong_password_is_none_here(tmp_path, username, password):
    with served(tmp_path) as service, JsonClient(service.json_address) as client:
        client.say({"type": "login", "username": username, "password": password}, order(1))
        assert client.hear() == {"type": "error", "text": "not authorized"}
        assert client.hear() == {}


def test_a_login_of_json_lines_is_none_for_ouch(tmp_path):
    with served(tmp_path) as service, Client(service.address).log_in("lines") as client:
        assert client.rejected() == "A"


@pytest.mark.parametrize(
    "first", [b"{}\n", b"hello\n", b"\xff\n", json.dumps(order(1)).encode() + b"\n", bytes(LINE_MOST + 2)]
)
def test_what_is_no_login_ends_it_with_a_word(tmp_path, first):
    with served(tmp_path) as service, JsonClient(service.json_address) as client:
        client.socket.sendall(first)
        assert client.hear()["type"] == "error"
        assert client.hear() == {}


def test_a_wrong_line_ends_it_and_takes_nothing_with_it(tmp_path):
    with served(tmp_path) as service:
        with connected(service) as client:
            client.socket.sendall(json.dumps(order(1)).encode() + b"\n{}\n")
            assert client.hear()["type"] == "error"
            assert client.hear() == {}
        with connected(service) as client:
            client.say(order(1))
            assert client.hear()["type"] == "accepted"


def test_lines_may_be_cut_at_every_byte_and_a_port_that_logs_in_again_takes_over(tmp_path):
    with served(tmp_path) as service, connected(service) as first, connected(service) as client:
        assert first.hear() == {}
        for one in json.dumps(order(1)).encode() + b"\n":
            client.socket.sendall(bytes([one]))
        assert client.types(2) == ["accepted", "rested"]


def test_its_orders_go_with_it_if_it_wants_that(tmp_path):
    with (
        served(tmp_path, raw_config({"cancel_on_disconnect": True})) as service,
        Client(service.address).log_in() as one,
    ):
        with connected(service) as client:
            client.say(order(1))
            assert client.types(2) == ["accepted", "rested"]
        while "lines: the client closed" not in service.ends_of_connections():
            one.send(b"\0\1R")
        assert heard(one.send(sent(sell(1), buy(2, 1))).hear(2)) == [("A", 1, 5), ("A", 2, 5)]


def test_a_slow_reader_is_cut_off(tmp_path):
    with served(tmp_path, raw_config({"waiting_bytes_max": 100_000})) as service, connected(service) as client:
        with pytest.raises(OSError, match=r"reset|pipe|timed"):
            sends_without_reading(client)
        assert any(end.startswith("lines: a slow reader") for end in service.ends_of_connections())


def sends_without_reading(client):
    for number in range(1, 10**6, 100):
        client.say(*(order(one, qty=1) for one in range(number, number + 100)))


def test_one_that_does_not_read_how_it_ends_is_closed_all_the_same():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        connection = JsonConnection(ours, 1_000, lambda _: None, 0)
        connection.hear(bytes(2**22))
        theirs.sendall(b"{}\n")
        connection.read(500)
        connection.write(500)
        assert connection.is_blocked
        assert connection.look_at_the_time(1_499) == 1_500
        with pytest.raises(CutOff, match="no login"):
            connection.look_at_the_time(1_500)
