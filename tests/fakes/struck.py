"""A service process that is struck down by a signal under load, again and again on one folder: what it had told each time, and whether that is there again.

The load is the one of the benches, at a pace; every byte that is heard is kept, the drop copy's too, and compared with a replay by the next
process. So one that was told and is lost, altered or told twice shows.
"""

from __future__ import annotations

import selectors
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import numpy as np

from engines.service.config import read_config
from engines.service.recovery import JOURNAL, TRAIL, judge, rebuild, tell_again
from engines.service.scan import commands_between
from engines.service.trail_reading import verify
from harness.base.bits import digest
from harness.bench._orders import Orders, drawn
from harness.bench._served import DROP_COPY, PASSWORD, Served, configured, logged, serving, username
from harness.wire.soup import Login, PacketType, login_packet, read_accepted, split
from harness.wire.soup_kernel import END, START, TYPE
from tests.fakes.soup_client import TIMEOUT_S, Client

SESSIONS = 3
NAMES = [*map(username, range(1, SESSIONS + 1)), DROP_COPY]
RATE_PER_S = 100_000
SEGMENT = 2**14
"""Commands: so that it goes on in a further file several times a second."""
COMMANDS_MOST = 60_000
"""Of one round: it is struck before they are all sent, or soon after."""


class Heard:
    """One login of one round: the packets that were heard in it."""

    def __init__(self, address: tuple[str, int], name: str, number: int) -> None:
        """Logs in for packets from `number` on; 0: the newest."""
        self.client = Client(address)
        self.client.send(login_packet(Login(name, PASSWORD, sequence=number)))
        self.raw = b""
        self.accepted = 0
        self.is_open = True
        while not self.accepted:
            self.take()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.socket.close()

    def fileno(self) -> int:
        return self.client.socket.fileno()

    def take(self) -> None:
        """What there is; at the end of the connection only whole packets are kept."""
        try:
            got = self.client.socket.recv(2**18)
        except BlockingIOError:
            return
        except ConnectionResetError:
            got = b""
        self.is_open = bool(got)
        self.raw += got
        if not self.accepted and len(found := split(self.raw).packets):
            assert found[0, TYPE] == PacketType.ACCEPTED
            _, self.accepted = read_accepted(self.raw[found[0, START] : found[0, END]])
            self.raw = self.raw[found[0, END] :]

    def sequenced(self) -> bytes:
        """All that was told of the stream, without what stands beside it."""
        found = split(self.raw)
        rows = found.packets[found.packets[:, TYPE] == PacketType.SEQUENCED]
        if len(rows) == len(found.packets):
            return self.raw[: found.used]
        return b"".join(self.raw[start - 3 : end] for start, end in rows[:, [START, END]].tolist())


class Struck:
    """Rounds on one folder."""

    def __init__(self, folder: Path, syncs: str = "batch") -> None:
        self._config = configured(folder, SESSIONS, orders_max=2**24, syncs=syncs, segment_commands=SEGMENT)
        self._folder = folder
        self._first = 1
        self._before: dict[str, tuple[int, bytes]] = {}
        """By login: from which packet on it listened in the last round, and what it heard."""
        self.answers = 0

    def round(self, number: signal.Signals, after_packets: int) -> int:
        """Serve, see that all is there again, load, strike once so many packets were heard; the exit code."""
        with serving(self._config) as service, ExitStack() as opened:
            nexts = self._replayed(service)
            logins = [opened.enter_context(Heard(service.address, name, nexts[name])) for name in NAMES]
            orders = drawn(COMMANDS_MOST // SESSIONS, self._first)
            self._first = orders.last + 1
            _storm(logins, orders, after_packets, lambda: service.process.send_signal(number))
            code = service.process.wait(TIMEOUT_S)
        self._before = {name: (nexts[name], heard.sequenced()) for name, heard in zip(NAMES, logins, strict=True)}
        self.answers += sum(len(split(heard).packets) for _, heard in self._before.values())
        return code

    def settle(self) -> None:
        """A last process finds all again and ends in good order; then the files are judged by themselves."""
        with serving(self._config) as service:
            self._replayed(service)
            assert service.end() == 0, logged(self._folder)
        self._judge()

    def _replayed(self, service: Served) -> dict[str, int]:
        """Compare what is replayed with what was heard; behind which packet each stream ends now."""
        nexts = {}
        for name in NAMES:
            number, told = self._before.get(name, (1, b""))
            with Heard(service.address, name, number) as again:
                # Heartbeats may stand between.
                while len(again.raw) < len(told) or len(again.sequenced()) < len(told):
                    assert again.is_open
                    again.take()
                assert again.sequenced()[: len(told)] == told, f"{name} was told something else from packet {number} on"
            with Heard(service.address, name, 0) as newest:
                while not newest.sequenced() and (number > 1 or told):
                    newest.take()
                nexts[name] = newest.accepted + (1 if newest.sequenced() else 0)
        return nexts

    def _judge(self) -> None:
        """The recovered book is that of all commands in the journal, carried out by an engine that was never struck; the trail is whole."""
        configuration = read_config(self._config).configuration()
        data = self._folder / "data"
        plan = judge(data, configuration)
        recovered, bare = rebuild(plan), configuration.build()
        tell_again(plan, recovered, lambda *_: None)
        fed = 0
        for first, commands in commands_between(plan.tail.segments, 0, plan.complete):
            assert first == fed + 1
            fed += len(commands)
            bare.submit(commands)
        assert (data / JOURNAL).exists()
        assert fed == plan.complete
        assert digest(recovered.snapshot()) == digest(bare.snapshot())
        found = verify(data / TRAIL, configuration.identity())
        assert (found.wrong, found.events) == ("", bare.engine_seq)


def _storm(logins: list[Heard], orders: Orders, after_packets: int, strike: Callable[[], object]) -> None:
    """Send at the pace, hear all there is, strike, and hear on until every connection is gone."""
    begun_ns, places, is_struck = time.perf_counter_ns(), [0] * SESSIONS, False
    with selectors.DefaultSelector() as selector:
        for heard in logins:
            heard.client.socket.setblocking(False)
            selector.register(heard, selectors.EVENT_READ)
        while selector.get_map():
            if not is_struck:
                due = min((time.perf_counter_ns() - begun_ns) * RATE_PER_S // SESSIONS // 10**9, len(orders.ends))
                end = int(orders.ends[due - 1]) if due else 0
                places = [
                    _sent(heard, orders, place, end) for heard, place in zip(logins[:SESSIONS], places, strict=True)
                ]
                if sum(len(heard.raw) for heard in logins) // 100 >= after_packets:
                    strike()
                    is_struck = True
            for key, _ in selector.select(0.0005):
                for heard in _ready(key.fileobj):
                    heard.take()
                    if not heard.is_open:
                        selector.unregister(heard)


def _ready(given: object) -> Iterator[Heard]:
    if isinstance(given, Heard):
        yield given


def _sent(heard: Heard, orders: Orders, place: int, end: int) -> int:
    """How far its orders are with the socket now."""
    if not heard.is_open or end <= place:
        return place
    try:
        return place + heard.client.socket.send(np.asarray(orders.stream[place:end]).data)
    except BlockingIOError:
        return place
    except OSError:
        return end
