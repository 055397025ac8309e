"""Killed again and again under four sessions that press against every control, a service never overshoots one: its judges read all that it did."""

import json
import random
import signal

import pytest

from tests.fakes.held_cases import STAFF
from tests.fakes.json_client import JsonClient
from tests.fakes.json_client import order as line
from tests.fakes.judged_folder import judged
from tests.fakes.ouch_client import buy, cancel, replace, sell, sent
from tests.fakes.served import raw_config
from tests.fakes.serving import serving
from tests.fakes.soup_client import Client

pytestmark = pytest.mark.nightly

KILLS = 20
BATCH, BATCHES = 60, 40
SECOND_NS = 10**9
REFUSALS = ("position", "exposure", "messages", "duplicates", "repeats", "halt")
"""What must have held something back, or the night was too quiet."""


def config():
    limits = {"long_max": 60, "short_max": 60}
    rates = {
        "duplicates": {"most": 3, "window_ns": SECOND_NS},
        "repeats": {"most": 8, "window_ns": SECOND_NS},
    }
    accounts = [{"account": number, "firm": 1, **limits, **rates} for number in (11, 12)]
    # What was traded stays: of the one account it is soon enough, while the other goes on.
    accounts[1] |= {"exposure_max": 20_000, "messages": {"most": 100, "window_ns": SECOND_NS // 20}}
    watched = {"instrument": 4, "breaker_ticks": 12, "breaker_window_ns": SECOND_NS, "pause_ns": 5_000_000}
    ports = [
        {"number": 1 + at, "username": f"p{1 + at}", "password": "secret", "account": account, "protocol": protocol}
        for at, (account, protocol) in enumerate(((11, "ouch"), (12, "ouch"), (11, "json"), (12, "json")))
    ]
    staff = {"number": 9, "username": STAFF, "password": "secret", "protocol": "operator", "person": "Ann Example"}
    return raw_config() | {
        "journal": {"segment_commands": 4_096, "syncs": "batch"},
        "snapshots": {"every_commands": 500},
        "controls": {"accounts": accounts, "firms": [{"firm": 1, "long_max": 100}], "instruments": [watched]},
        "ports": [*ports, staff],
    }


def requests(chance, first):
    """Of OUCH: orders that trade and orders that rest, changed and canceled."""
    for number in range(first, first + BATCH):
        draw, price, qty, old = chance.random(), chance.randint(90, 110), chance.randint(1, 9), chance.randint(1, 40)
        if draw < 0.6:
            yield (buy if draw < 0.3 else sell)(number, price, qty)
        elif draw < 0.85:
            yield replace(max(number - old, 1), number, price, qty)
        else:
            yield cancel(max(number - old, 1))


def lines(chance, first):
    """The same of JSON lines."""
    for number in range(first, first + BATCH):
        draw, price, qty, old = chance.random(), chance.randint(90, 110), chance.randint(1, 9), chance.randint(1, 40)
        target = {"target": max(number - old, 1), "instrument": 4}
        if draw < 0.6:
            yield line(number, price=price, qty=qty, side="buy" if draw < 0.3 else "sell")
        elif draw < 0.85:
            yield {"type": "replace", "order": number, "price": price, "qty": qty, **target}
        else:
            yield {"type": "cancel", **target}


def presses(service, chance, first):
    """Sends over all four sessions without waiting for answers, and kills in the middle."""
    last = chance.randint(1, BATCHES)
    with (
        Client(service.address).log_in("p1", sequence=0) as one, Client(service.address).log_in("p2", sequence=0) as two,
        JsonClient(service.json_address).log_in("p3") as three, JsonClient(service.json_address).log_in("p4") as four,
        JsonClient(service.json_address).log_in(STAFF) as staff,
    ):  # fmt: skip
        for at in range(first, first + last * BATCH, BATCH):
            for client in (one, two):
                client.send(sent(*requests(chance, at)))
            for client in (three, four):
                client.socket.sendall(b"".join(json.dumps(said).encode() + b"\n" for said in lines(chance, at)))
            for account in (11, 12):
                staff.say({"type": "enable", "order": 1, "account": account})
                assert staff.hear()["type"] == "done"
        service.end(signal.SIGKILL)
    return first + last * BATCH


def test_twenty_kills_and_no_limit_is_ever_overshot(tmp_path):
    chance, first = random.Random(1), 1
    for _ in range(KILLS):
        with serving(tmp_path, config()) as service:
            first = presses(service, chance, first)
    with serving(tmp_path, config()) as service:
        assert service.end(signal.SIGTERM) == 0
    facts = judged(tmp_path / "data", config())
    assert {name: (found.findings, found.unknown) for name, found in facts.items()} == dict.fromkeys(facts, ((), ""))
    held_back = facts["risk_limits"].marks
    assert [control for control in REFUSALS if not held_back[f"{control} held back"]] == []
