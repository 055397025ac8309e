"""Which processes listen at an address of this machine: the engine's, where gonogo did not start it.

The kernel tells the sockets that listen, and each process its own; whose files gonogo may not read, those it cannot find. To look through all processes takes
some ten milliseconds, so that it is done once, and again only when what was found is gone.
"""

from __future__ import annotations

import ipaddress
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from harness.port import Processes

AGAIN_S = 5.0
"""How long nothing is looked for after something was."""
LISTENS = "0A"
LOCAL, ALL = ("127.0.0.1", "::1"), ("0.0.0.0", "::")  # noqa: S104 - looked for, not listened at
HANDS_ON = ("docker-proxy", "rootlessport", "rootlesskit", "slirp4netns", "pasta", "socat", "ssh")
"""What listens for others, by the names that the kernel has of them."""


class Address(NamedTuple):
    """Where something listens."""

    host: str
    port: int


class _Found(NamedTuple):
    """What was found at one look, in one value: several threads ask."""

    told: Processes
    began: tuple[bytes, ...]
    """When each of the processes did; another one of the same number began later."""

    def there(self) -> tuple[int, ...]:
        """Those that are still there."""
        return tuple(pid for pid, began in zip(self.told.pids, self.began, strict=True) if _began(pid) == began)


class Listening:
    """Who listens at the addresses of one engine; any thread may ask."""

    def __init__(self) -> None:
        self._found = _Found(Processes("unknown"), ())
        self._sockets: frozenset[str] = frozenset()
        """What listened when it was last looked through all processes."""
        self._again_s = 0.0

    def at(self, addresses: tuple[Address, ...]) -> Processes:
        """Those that listen there now, as far as that was found out by now."""
        found = self._found
        there = found.there()
        if (there and there == found.told.pids) or time.monotonic() < self._again_s:
            return found.told._replace(pids=there)
        self._again_s = time.monotonic() + AGAIN_S
        sockets = _sockets(addresses)
        if found.told.pids or sockets != self._sockets or not sockets:
            told = _owners(sockets, addresses)
            found = _Found(told, tuple(map(_began, told.pids)))
            self._found, self._sockets = found, sockets
        return found.told


def _owners(sockets: frozenset[str], addresses: tuple[Address, ...]) -> Processes:
    """Whose they are; why that is nobody's, or nobody's that counts."""
    where = ", ".join(f"{one.host}:{one.port}" for one in addresses) or "no endpoint"
    if not sockets:
        return Processes("unknown", why=f"nothing on this machine listens at {where}")
    pids = tuple(
        int(place.name) for place in Path("/proc").iterdir() if place.name.isdigit() and _holds(place, sockets)
    )
    if not pids:
        return Processes(
            "unknown",
            why=f"gonogo may not look at what listens at {where}: it is another user's, or in another container",
        )
    if between := sorted({name for pid in pids if (name := name_of(pid)) in HANDS_ON}):
        return Processes("unknown", why=f"what listens at {where} only hands on: {', '.join(between)}")
    return Processes("found", pids)


def _holds(place: Path, sockets: frozenset[str]) -> bool:
    """Whether a process has one of the sockets open."""
    with suppress(OSError), os.scandir(place / "fd") as descriptors:
        for descriptor in descriptors:
            with suppress(OSError):
                if os.readlink(descriptor.path) in sockets:  # noqa: PTH115 - some thousand files: pathlib takes twice as long
                    return True
    return False


def _sockets(addresses: tuple[Address, ...]) -> frozenset[str]:
    """The sockets that listen there, as a process's descriptors name them."""
    wanted = frozenset().union(*map(_written, addresses))
    found = set()
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in Path("/proc/net", table).read_text(encoding="ascii").splitlines()[1:]:
                words = line.split()
                if words[3] == LISTENS and words[1] in wanted:
                    found.add(f"socket:[{words[9]}]")
    return frozenset(found)


def _written(address: Address) -> set[str]:
    """How the kernel may write what takes connections to this address of the machine: it, or all addresses."""
    # Elsewhere, something else may listen at the same port here.
    here = LOCAL if address.host == "localhost" else (address.host,) if _is_loopback(address.host) else ()
    hosts = (*here, *(f"::ffff:{host}" for host in here if "." in host), *ALL) if here else ()
    return {f"{_hex(ipaddress.ip_address(host))}:{address.port:04X}" for host in hosts}


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def _hex(host: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """As the kernel writes it: words of four bytes, each as the machine's number."""
    packed = host.packed
    words = (packed[at : at + 4] for at in range(0, len(packed), 4))
    return "".join(f"{int.from_bytes(word, sys.byteorder):08X}" for word in words)


def _began(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[19]
    return b""


def name_of(pid: int) -> str:
    """A process's name as the kernel has it, of 15 characters at most; empty of one that is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
    return ""
