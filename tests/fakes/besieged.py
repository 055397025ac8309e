"""A service process under siege by hostile clients, with an honest one beside; what it holds before and after is asked of the system."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil

from harness.bench._served import Served, serving
from tests.fakes.hostile import ATTACKS
from tests.fakes.json_client import JsonClient
from tests.fakes.ouch_client import buy, replies, sent
from tests.fakes.soup_client import TIMEOUT_S, Client

CONFIG = """
[journal]
syncs = "none"
segment_commands = 65536
[sessions]
orders_max = 20000000
[engine]
orders = 20000
self_trade = "none"
[[instruments]]
id = 4
symbol = "ONE"
tick_1e9 = 10000000
price_max = 10000
qty_max = 1000
[[ports]]
number = 1
username = "one"
password = "secret"
account = 11
[[ports]]
number = 2
username = "two"
password = "secret"
account = 12
[[ports]]
number = 3
username = "three"
password = "secret"
account = 13
[[ports]]
number = 4
username = "lines"
password = "secret"
account = 14
protocol = "json"
"""


class Held(NamedTuple):
    """What a process has of the system."""

    private_bytes: int
    """Memory that is no page of a file, which the system could write back and forget."""
    descriptors: int
    threads: int


class Besieged:
    """The service, and its honest client."""

    def __init__(self, service: Served, honest: Client) -> None:
        self.service, self._honest = service, honest
        self._process = psutil.Process(service.process.pid)
        self._json = ("127.0.0.1", int(re.findall(r"JSON lines on [\d.]+:(\d+)", service.ready)[0]))
        self._number = 0

    def held(self) -> Held:
        memory = self._process.memory_info()
        return Held(memory.rss - memory.shared, self._process.num_fds(), self._process.num_threads())

    @contextmanager
    def descriptors_left(self, count: int) -> Iterator[None]:
        """The service may open so many more, for a while."""
        before = self._process.rlimit(psutil.RLIMIT_NOFILE)
        self._process.rlimit(psutil.RLIMIT_NOFILE, (self._process.num_fds() + count, before[1]))
        try:
            yield
        finally:
            self._process.rlimit(psutil.RLIMIT_NOFILE, before)

    def disconnects(self) -> int:
        counts = self.service.figures()
        return int(sum(count for name, count in counts.items() if name.startswith("gonogo_disconnects_total")))

    def attack(self, name: str, frames: int, draw: np.random.Generator) -> None:
        """One connection, until the service has closed it."""
        how = ATTACKS[name]
        raw = how.frames(draw, frames)
        if how.speaks == "json":
            with JsonClient(self._json) as client:
                if how.login:
                    client.log_in(how.login)
                _sent_and_shut(client.socket, raw)
        else:
            with Client(self.service.address) as client:
                if how.login:
                    client.log_in(how.login, sequence=0)
                _sent_and_shut(client.socket, raw)

    def honest_order(self) -> str:
        """What an honest order is answered with."""
        self._number += 1
        self._honest.stream, self._honest.count = b"", 0
        self._honest.send(sent(buy(self._number, 1)))
        answer = ""
        while not answer:
            # What hostile orders trade with him is told between.
            self._honest.hear(self._honest.count + 1)
            told = replies(self._honest.stream)
            answer = "".join(
                chr(one["type"]) for one in told if one["user_ref_num"] == self._number and chr(one["type"]) in "AJ"
            )
        return answer


def _sent_and_shut(to: socket.socket, raw: bytes) -> None:
    """Send all that is taken, say that no more comes, and hear until the service closes."""
    try:
        to.sendall(raw)
        to.shutdown(socket.SHUT_WR)
        while to.recv(2**18):
            pass
    except TimeoutError:
        raise
    except OSError:
        # It closed first.
        return


@contextmanager
def besieged(folder: Path) -> Iterator[Besieged]:
    """Ended in good order at the end."""
    path = folder / "service.toml"
    path.write_text(CONFIG)
    with serving(path) as service:
        with Client(service.address).log_in("two") as honest:
            honest.socket.settimeout(TIMEOUT_S)
            yield Besieged(service, honest)
        assert service.end() == 0, (folder / "log").read_text()[-2_000:]
