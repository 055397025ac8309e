"""Addresses of masters as they are written, those that can be listened at, and which engines other machines reach."""

import socket

import pytest

from harness.base.errors import SetupError
from harness.engine_file import EngineFile
from harness.load.places import Place, beyond_reach, bindable, read_place, seen_from_elsewhere


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("127.0.0.1:5557", Place("127.0.0.1", 5557)),
        (" bench-2.lan:0 ", Place("bench-2.lan", 0)),
        ("h:65535", Place("h", 65535)),
    ],
)
def test_an_address_is_read_and_written_alike(text, place):
    assert read_place(text, "--master") == place
    assert str(place) == text.strip()


@pytest.mark.parametrize(
    "text",
    ["", "5557", "host", "host:", ":5557", "host:65536", "host:-1", "a b:1", "http://host:1", "[::1]:1", "host:1:2"],
)
def test_what_is_none_is_refused(text):
    with pytest.raises(SetupError, match=r"--master .*wanted HOST:PORT"):
        read_place(text, "--master")


def test_a_place_of_this_machine_is_known_by_number_and_a_taken_one_is_refused():
    assert bindable(Place("localhost", 0)) == Place("127.0.0.1", 0)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SetupError, match=f"--master 127.0.0.1:{port}: cannot listen there"):
            bindable(Place("127.0.0.1", port))


@pytest.mark.parametrize("host", ["203.0.113.77", "no-such-host.invalid"])
def test_what_is_no_address_of_this_machine_is_refused(host):
    with pytest.raises(SetupError, match=rf"{host}:0: cannot listen there .*wanted an address of this machine"):
        bindable(Place(host, 0))


def test_a_place_on_all_addresses_is_told_by_the_machines_name():
    assert seen_from_elsewhere(Place("0.0.0.0", 7)) == Place(socket.gethostname(), 7)
    assert seen_from_elsewhere(Place("192.0.2.9", 7)) == Place("192.0.2.9", 7)


def engine(**endpoints):
    return EngineFile.model_validate({"schema": 1, "name": "it", "adapter": "ouch", "endpoints": endpoints})


@pytest.mark.parametrize(
    ("worker", "endpoints", "found"),
    [
        ("192.0.2.7", {"orders": "127.0.0.1:1"}, "127.0.0.1:1"),
        ("192.0.2.7", {"orders": "192.0.2.1:1", "copy": "localhost:2"}, "localhost:2"),
        ("192.0.2.7", {"orders": "127.8.8.8:1"}, "127.8.8.8:1"),
        ("192.0.2.7", {"orders": "192.0.2.1:1"}, ""),
        ("192.0.2.7", {"orders": "engine.lan:1"}, ""),
        ("127.0.0.1", {"orders": "127.0.0.1:1"}, ""),
        ("", {"orders": "127.0.0.1:1"}, ""),
    ],
)
def test_who_comes_from_elsewhere_cannot_reach_a_loopback_address(worker, endpoints, found):
    assert beyond_reach(engine(**endpoints), worker) == found
