"""Which processes listen at an address: real ones on loopback, with sockets of every kind that takes connections there."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from engines.adapters import _listening
from engines.adapters._listening import Address, Listening
from harness.port import Processes

LISTENS = """
import os, socket, sys
host, forks = sys.argv[1], int(sys.argv[2])
one = socket.create_server((host, int(sys.argv[3])), family=socket.AF_INET6 if ":" in host else socket.AF_INET,
                           dualstack_ipv6=host == "::")
print(one.getsockname()[1], flush=True)
for _ in range(forks):
    if not os.fork():
        break
sys.stdin.read()
"""


@contextmanager
def listening(host="127.0.0.1", *, forks=0, port=0):
    """A program that listens there, and the port."""
    with subprocess.Popen(
        [sys.executable, "-c", LISTENS, host, str(forks), str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as one:
        yield one, int(one.stdout.readline())
        one.stdin.close()
        one.wait(60)


@pytest.mark.parametrize(
    ("bound", "named"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "localhost"),
        ("0.0.0.0", "127.0.0.1"),
        ("::1", "::1"),
        ("::", "127.0.0.1"),
    ],
)
def test_who_listens_is_found_by_any_name_of_the_address(bound, named):
    with listening(bound) as (one, port):
        told = Listening().at((Address(named, port),))
        assert (told.whose, told.pids) == ("found", (one.pid,))


def test_a_process_that_has_forked_workers_with_its_socket_is_all_of_them():
    with listening(forks=2) as (one, port):
        told = Listening().at((Address("127.0.0.1", port),))
        assert one.pid in told.pids
        assert len(told.pids) >= 1


def test_nobody_listens_and_elsewhere_is_not_looked_at():
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port = bound.getsockname()[1]
        assert Listening().at((Address("127.0.0.1", port),)).pids == (os.getpid(),)
        assert Listening().at((Address("192.0.2.1", port),)).whose == "unknown"
        assert Listening().at((Address("example.invalid", port),)).whose == "unknown"
    told = Listening().at((Address("127.0.0.1", port),))
    assert (told.whose, told.why) == ("unknown", f"nothing on this machine listens at 127.0.0.1:{port}")
    assert "no endpoint" in Listening().at(()).why


def test_one_that_is_started_anew_is_found_again(monkeypatch):
    monkeypatch.setattr(_listening, "AGAIN_S", 0.0)
    known = Listening()
    with listening() as (first, port):
        assert known.at((Address("127.0.0.1", port),)).pids == (first.pid,)
        assert known.at((Address("127.0.0.1", port),)).pids == (first.pid,)
    assert known.at((Address("127.0.0.1", port),)).whose == "unknown"
    with listening(port=port) as (second, _):
        assert known.at((Address("127.0.0.1", port),)).pids == (second.pid,)


def test_one_that_is_gone_is_nobody_until_it_is_looked_for_again():
    known = Listening()
    with listening() as (one, port):
        assert known.at((Address("127.0.0.1", port),)).pids == (one.pid,)
    with listening(port=port):
        assert known.at((Address("127.0.0.1", port),)) == Processes("found")


def test_all_processes_are_looked_through_once_and_not_each_second(monkeypatch):
    looked: list[frozenset[str]] = []
    monkeypatch.setattr(_listening, "AGAIN_S", 0.0)
    monkeypatch.setattr(_listening, "_holds", lambda _, sockets: bool(looked.append(sockets)))
    with listening() as (_, port):
        known = Listening()
        told = known.at((Address("127.0.0.1", port),))
        assert "may not look at" in told.why
        once = len(looked)
        assert once
        assert known.at((Address("127.0.0.1", port),)) == told
        assert len(looked) == once


def test_two_threads_that_ask_at_once_are_told_the_same(monkeypatch):
    monkeypatch.setattr(_listening, "AGAIN_S", 0.0)
    known, began, told = Listening(), _listening._began, []

    def asked_meanwhile(pid):
        if not told:
            told.append(None)
            other = threading.Thread(target=lambda: told.append(known.at(where)))
            other.start()
            other.join()
        return began(pid)

    monkeypatch.setattr(_listening, "_began", asked_meanwhile)
    with listening() as (one, port):
        where = (Address("127.0.0.1", port),)
        found = Processes("found", (one.pid,))
        assert known.at(where) == found
        assert told == [None, found]


def test_what_only_hands_on_is_not_taken_for_the_engine(monkeypatch):
    with listening() as (_, port):
        monkeypatch.setattr(_listening, "name_of", lambda _: "docker-proxy")
        told = Listening().at((Address("127.0.0.1", port),))
    assert (told.whose, told.pids) == ("unknown", ())
    assert told.why.endswith("only hands on: docker-proxy")
