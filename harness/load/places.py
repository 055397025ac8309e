"""Where the master of a load listens for workers of other machines, and what of an engine these can reach."""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import NamedTuple

from harness.base.errors import SetupError
from harness.engine_file import EngineFile

_PLACE = re.compile(r"(?P<host>[^\s:\[\]]+):(?P<port>\d{1,5})")
ALL = "0.0.0.0"  # noqa: S104 - it is the user who says that all interfaces are meant


class Place(NamedTuple):
    """A TCP address, as it is written: `host:port`."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Meeting(NamedTuple):
    """Where workers come to that nobody here starts."""

    place: Place
    """Port 0: any that is free."""
    wait_s: float
    """How long all of them may take to come."""
    words: tuple[str, ...] = ()
    """What each must be told on its command line, beside the place."""


def read_place(text: str, option: str) -> Place:
    """The address that the option was given.

    Raises:
        SetupError: it is none.
    """
    found = _PLACE.fullmatch(text.strip())
    if found is None or int(found["port"]) > 65535:
        raise SetupError(f"{option} {text}: that is no address; wanted HOST:PORT, such as 192.0.2.10:5557")
    return Place(found["host"], int(found["port"]))


def bindable(place: Place) -> Place:
    """The same place with the number of its host, on which it can be listened now.

    Raises:
        SetupError: the host is none of this machine, or the port is taken.
    """
    try:
        host = socket.gethostbyname(place.host)
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, place.port))
    except OSError as error:
        raise SetupError(
            f"--master {place}: cannot listen there ({error.strerror}); wanted an address of this machine with a free port, or {ALL} for all of its addresses"
        ) from error
    return Place(host, place.port)


def seen_from_elsewhere(place: Place) -> Place:
    """What others call it: a place on all addresses is known by the machine's name."""
    return place._replace(host=socket.gethostname()) if place.host == ALL else place


def beyond_reach(file: EngineFile, address: str) -> str:
    """Which of the engine's endpoints a worker at this address cannot reach, since it is known by a loopback address; empty where there is none.

    A worker that was started here tells no address.
    """
    if not address or _is_loopback(address):
        return ""
    hosts = ((told, told.rpartition(":")[0]) for told in file.endpoints.values())
    return next((told for told, host in hosts if _is_loopback(host)), "")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
