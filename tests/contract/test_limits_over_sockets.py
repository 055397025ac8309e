"""Every control holds over real sockets: one below its limit, at it and one above, by OUCH and by JSON lines, by new orders and by replaces.

In bursts of four sessions at once too, and after a client came back: no limit is ever overshot.
"""

import json

import numpy as np
import pytest

from harness.base.records import EVENT, EventKind
from harness.wire.soup import split
from harness.wire.soup_kernel import END
from tests.fakes.held_cases import HOUR_NS, PLAYS, held_config, number_of
from tests.fakes.held_desks import Addresses, Others, Play
from tests.fakes.json_client import JsonClient
from tests.fakes.json_client import order as line
from tests.fakes.ouch_client import buy, replace, replies, sent
from tests.fakes.served import raw_config, served
from tests.fakes.soup_client import Client


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with served(tmp_path_factory.mktemp("held"), held_config()) as made:
        yield made


def where(service):
    return Addresses(service.address, service.json_address)


@pytest.fixture
def others(service):
    with Others(where(service), first=next(NUMBERS) * 1_000) as made:
        yield made


NUMBERS = iter(range(1, 10_000))


@pytest.mark.parametrize(("name", "protocol"), PLAYS)
def test_a_control_holds_at_its_limit_also_for_who_comes_back_in_between(service, others, name, protocol):
    play = Play(name, protocol)
    while play.left:
        play.connect(where(service)).go(others, min(2, play.left))
    play.leave()


def test_what_operators_shut_stays_shut_until_somebody_opens_it_by_name(tmp_path):
    number = number_of("order value, by new", "json")
    with served(tmp_path, held_config()) as service, Others(where(service)) as others:
        play = Play("order value, by new", "json").connect(where(service))
        assert play.new() == ""
        for scope in ({"account": number}, {"target": number}, {"instrument": number}):
            killed = others.ask("kill_account", **scope)
            assert (killed["type"], killed["qty"]) == ("done", int("account" in scope))
            assert play.connect(where(service)).new() == "risk_disabled"
            assert others.ask("enable", **scope)["type"] == "done"
        assert others.ask("halt", instrument=number)["type"] == "halted"
        assert play.new() == "halted"
        assert others.ask("resume", instrument=number)["type"] == "resumed"
        assert others.ask("limit", account=number, order_type="limit", qty=3)["type"] == "done"
        assert [play.new() for _ in range(4)] == ["", "", "", "risk_position"]
        play.leave()
        said = [line for line in service.log() if line["event"] == "operator"]
    assert [one["did"] for one in said] == ["kill", "enable"] * 3 + ["halt", "resume", "limit"]
    assert {one["person"] for one in said} == {"Ann Example"}
    assert (said[-1]["limit"], said[-1]["to"], said[0]["canceled"]) == ("long_max", 3, 1)


# Four sessions of one account, or of two accounts of one firm, send all at once.

BURSTS = {
    "position": ({"long_max": 10}, "account"),
    "exposure": ({"exposure_max": 1_000}, "account"),
    "firm's position": ({"long_max": 10}, "firm"),
    "firm's exposure": ({"exposure_max": 1_000}, "firm"),
    "messages": ({"messages": {"most": 10, "window_ns": HOUR_NS}}, "account"),
    "firm's messages": ({"messages": {"most": 10, "window_ns": HOUR_NS}}, "firm"),
    "duplicates": ({"duplicates": {"most": 10, "window_ns": HOUR_NS}}, "account"),
}


def burst_config(limits, scope):
    """Two ports of OUCH and two of JSON lines."""
    accounts = (1, 1, 1, 1) if scope == "account" else (1, 2, 1, 2)
    held = [{"account": account} | (limits if scope == "account" else {}) for account in sorted(set(accounts))]
    return raw_config() | {
        "controls": {"accounts": held, "firms": [{"firm": 1} | limits] if scope == "firm" else []},
        "ports": [
            {"number": 1 + at, "username": f"p{1 + at}", "password": "secret", "account": account}
            | ({"protocol": "json"} if at >= 2 else {})
            for at, account in enumerate(accounts)
        ],
    }


class Burst:
    """Four sessions that send without waiting for answers."""

    def __init__(self, service):
        self.ouch = [Client(service.address).log_in(name) for name in ("p1", "p2")]
        self.lines = [JsonClient(service.json_address).log_in(name) for name in ("p3", "p4")]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for client in (*self.ouch, *self.lines):
            client.__exit__()

    def send(self, to_ouch, to_json):
        """How many were taken, once all are answered; each session sends one packet or line after another, in one go."""
        before = [client.count for client in self.ouch]
        for client in self.lines:
            client.socket.sendall(b"".join(json.dumps(one).encode() + b"\n" for one in to_json))
        for client in self.ouch:
            client.send(sent(*to_ouch))
        taken = 0
        for client, count in zip(self.ouch, before, strict=True):
            client.hear(count + len(to_ouch))
            taken += sum(chr(one["type"]) in "AU" for one in replies(client.stream)[count:])
        for client in self.lines:
            answers = iter(lambda client=client: client.hear()["type"], "")
            ends = (one for one in answers if one in ("accepted", "replaced", "rejected", "replace_rejected"))
            taken += sum(one in ("accepted", "replaced") for _, one in zip(to_json, ends, strict=False))
        return taken


@pytest.mark.parametrize("name", BURSTS)
def test_four_sessions_at_once_never_overshoot(tmp_path, name):
    with served(tmp_path, burst_config(*BURSTS[name])) as service, Burst(service) as burst:
        numbers = range(1, 9)
        taken = burst.send([buy(one, 100, 1) for one in numbers], [line(one, qty=1) for one in numbers])
        assert taken == 10


@pytest.mark.parametrize("name", [name for name in BURSTS if "exposure" in name or "position" in name])
def test_replaces_of_four_sessions_at_once_never_overshoot(tmp_path, name):
    """Four orders of one lot; each wants to be four: two may, with which the ten are reached."""
    with served(tmp_path, burst_config(*BURSTS[name])) as service, Burst(service) as burst:
        assert burst.send([buy(1, 100, 1)], [line(1, qty=1)]) == 4
        to_four = {"type": "replace", "order": 2, "target": 1, "price": 100, "qty": 4, "instrument": 4}
        assert burst.send([replace(1, 2, 100, 4)], [to_four]) == 2
        assert burst.send([buy(3, 100, 1)], [line(3, qty=1)]) == 0


def test_a_pause_ends_by_itself(tmp_path):
    watched = {"instrument": 4, "breaker_ticks": 5, "breaker_window_ns": HOUR_NS, "pause_ns": 50_000_000}
    config = raw_config() | {"controls": {"instruments": [watched]}}
    with served(tmp_path, config) as service, Client(service.address).log_in() as one:
        with Client(service.address).log_in("watch", sequence=0) as watch:
            # Bought at 100 and at 106: a halt, and after the pause, though nobody sends anything, a tick.
            one.send(sent(buy(1, 100), buy(2, 106)))
            with Client(service.address).log_in("two") as two:
                two.send(sent(*(buy(number, 100, 5, side=ord("S")) for number in (1, 2))))
                told = events_of(watch, lambda kinds: "RESUMED" in kinds)
        assert told.index("HALTED") < told.index("RESUMED")
        assert [line["event"] for line in service.log() if line.get("by") == "breaker"] == ["halted", "resumed"]
        assert service.service._pipeline.counts.own >= 1


def events_of(watch, is_enough):
    """The kinds of the events of a drop copy, once they are enough."""

    def kinds():
        packets = split(watch.stream).packets
        raw = b"".join(watch.stream[end - 112 : end] for end in packets[:, END].tolist())
        return [EventKind(kind).name for kind in np.frombuffer(raw, EVENT)["kind"].tolist()]

    watch.until(lambda: is_enough(kinds()))
    return kinds()
