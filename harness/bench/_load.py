"""Many sessions that send orders over OUCH and hear what becomes of them: as fast as the venue takes them, or each when it is due.

One thread turns them all. Bytes are cut, sent, received and looked at in bulk, so that a venue that shares the machine keeps most of it. A
response is timed from when its order was due, so that neither a slow venue nor a slow sender hides in it.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from harness.base.errors import SetupError
from harness.base.histogram import Histogram
from harness.base.records import EVENT, Int64Array
from harness.bench._orders import Orders
from harness.bench._served import DROP_COPY, PASSWORD, username
from harness.wire.soup import Login, PacketType, bytes_of, login_packet, packet, split
from harness.wire.soup_kernel import START, TYPE, Bytes

READ_BYTES, SEND_BYTES = 2**18, 2**16
TICK_NS = 200_000
"""How long it sleeps at the most while something is still to be sent."""
SILENT_NS = 60_000_000_000
"""After so long without an answer the venue is given up."""
HEARTBEAT, HEARTBEAT_NS = packet(PacketType.CLIENT_HEARTBEAT), 1_000_000_000
NUMBER_AT = 9
"""Of a reply: type, time stamp, UserRefNum."""
ACCEPTED, REJECTED = ord("A"), ord("J")
SEQ_AT = EVENT.fields["engine_seq"][1] if EVENT.fields else 0
"""Where an event's own number stands."""


class Stream:
    """A login, and the sequenced packets that come."""

    def __init__(self, address: tuple[str, int], name: str) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # From the newest message on: what an earlier run was told is its own.
        self.socket.sendall(login_packet(Login(name, PASSWORD, sequence=0)))
        self._rest, self._beat_ns = b"", 0
        packets, _ = self._whole()
        while not len(packets):
            packets, _ = self._whole()
        if packets[0, TYPE] != PacketType.ACCEPTED:
            raise SetupError(f"the login of {name} was not accepted")
        self.socket.setblocking(False)

    def fileno(self) -> int:
        """For a selector."""
        return self.socket.fileno()

    def beat(self, now_ns: int) -> None:
        """Say that it is still there, where that is due and nothing is half sent."""
        if self._beat_ns + HEARTBEAT_NS < now_ns and self.is_between_packets():
            self._beat_ns = now_ns
            self.hand(HEARTBEAT)

    def is_between_packets(self) -> bool:
        """Whether the last packet that it sent is whole."""
        return True

    def hand(self, raw: bytes | memoryview) -> int:
        """How much of it the socket took."""
        try:
            return self.socket.send(raw)
        except BlockingIOError:
            return 0

    def sequenced(self) -> tuple[Int64Array, Bytes]:
        """Where the payloads of those packets start that are there, and the bytes that they lie in."""
        packets, view = self._whole()
        starts: Int64Array = packets[packets[:, TYPE] == PacketType.SEQUENCED, START]
        return starts, view

    def _whole(self) -> tuple[Int64Array, Bytes]:
        try:
            got = self.socket.recv(READ_BYTES)
        except BlockingIOError:
            return np.zeros((0, 3), np.int64), bytes_of(b"")
        if not got:
            raise SetupError("the venue closed a connection")
        stream = self._rest + got
        found = split(stream)
        self._rest = stream[found.used :]
        return found.packets, bytes_of(stream)


class Session(Stream):
    """One that sends orders."""

    def __init__(self, address: tuple[str, int], name: str) -> None:
        super().__init__(address, name)
        self._place = self._sent = self.answered = self.rejected = 0
        self._orders: Orders | None = None
        self._due_ns: Int64Array | None = None

    def take(self, orders: Orders, due_ns: Int64Array | None) -> None:
        """What it is to send now, and when each is due; None: all at once."""
        self._orders, self._due_ns = orders, due_ns
        self._place = self._sent = self.answered = self.rejected = 0

    def is_done(self) -> bool:
        """Whether every order was answered."""
        return self._orders is None or self.answered == len(self._orders.row_of)

    def due_in_ns(self, now_ns: int) -> int:
        """How long until it has something to send."""
        if self._orders is None or self._sent == len(self._orders.ends):
            return SILENT_NS
        return 0 if self._due_ns is None else max(int(self._due_ns[self._sent]) - now_ns, 0)

    def send(self, now_ns: int) -> None:
        """Hand the socket what is due, as much as it takes."""
        orders = self._orders
        if orders is None:
            return
        upto = len(orders.ends) if self._due_ns is None else int(np.searchsorted(self._due_ns, now_ns, "right"))
        end = int(orders.ends[upto - 1]) if upto else 0
        if end > self._place:
            self._place += self.hand(orders.stream[self._place : min(end, self._place + SEND_BYTES)].data)
            self._sent = int(np.searchsorted(orders.ends, self._place, "right"))

    def hear(self, now_ns: int, times: Histogram) -> None:
        """Take what is there, and the times of the orders that it answers."""
        starts, view = self.sequenced()
        orders = self._orders
        if not len(starts) or orders is None:
            return
        kinds = view[starts]
        starts = starts[(kinds == ACCEPTED) | (kinds == REJECTED)]
        self.rejected += int((kinds == REJECTED).sum())
        self.answered += len(starts)
        if self._due_ns is not None and len(starts):
            octets = view[starts[:, None] + np.arange(NUMBER_AT, NUMBER_AT + 4)].astype(np.int64)
            numbers = octets @ (1 << np.array([24, 16, 8, 0]))
            times.record(now_ns - self._due_ns[orders.row_of[numbers - orders.first]])

    def is_between_packets(self) -> bool:
        """Whether the last packet that it sent is whole."""
        return self._orders is None or self._place == (int(self._orders.ends[self._sent - 1]) if self._sent else 0)


class DropCopy(Stream):
    """Hears every event, and sees whether none is missing."""

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, DROP_COPY)
        self.last = 0
        """The engine's own number of the last event that it told."""
        self.is_whole = True

    def hear(self) -> None:
        """Take what is there."""
        starts, view = self.sequenced()
        if len(starts):
            first, last = (
                int.from_bytes(view[at + SEQ_AT : at + SEQ_AT + 8].tobytes(), "little") for at in starts[[0, -1]]
            )
            self.is_whole &= self.last in (0, first - 1) and last - first == len(starts) - 1
            self.last = last


@dataclass(slots=True)
class Told:
    """What came of a load."""

    commands: int = 0
    elapsed_ns: int = 0
    """From the first command's due time, or its sending, to the last answer."""
    orders: int = 0
    """Of the commands: those that are answered once each, whatever becomes of them."""
    answered: int = 0
    rejected: int = 0
    times: Histogram = field(default_factory=Histogram)
    """From due to answered, of each new order."""

    @property
    def is_right(self) -> bool:
        """Whether every order was answered, and taken."""
        return self.answered == self.orders and not self.rejected


class Job(NamedTuple):
    """What one session is to do."""

    orders: Orders
    due_ns: Int64Array | None
    """From the start of the load."""


class Load:
    """Sessions that stay connected over several loads, and a drop copy."""

    def __init__(self, address: tuple[str, int], sessions: int) -> None:
        self._sessions = [Session(address, username(number)) for number in range(1, sessions + 1)]
        self._copy = DropCopy(address)
        self._streams: list[Stream] = [*self._sessions, self._copy]
        self._selector = selectors.DefaultSelector()
        for one in self._streams:
            self._selector.register(one, selectors.EVENT_READ)

    def close(self) -> None:
        """Hang up."""
        for one in self._streams:
            one.socket.close()
        self._selector.close()

    def run(self, jobs: Sequence[Job]) -> Told:
        """Send all and hear all.

        Raises:
            SetupError: the venue answers no more.
        """
        told = Told(sum(len(job.orders.ends) for job in jobs), orders=sum(len(job.orders.row_of) for job in jobs))
        begun_ns = time.perf_counter_ns()
        for session, job in zip(self._sessions, jobs, strict=True):
            session.take(job.orders, None if job.due_ns is None else job.due_ns + begun_ns)
        heard_ns = begun_ns
        while not all(session.is_done() for session in self._sessions):
            now_ns = time.perf_counter_ns()
            for session in self._sessions:
                session.send(now_ns)
            if self._hear(min(TICK_NS, *(session.due_in_ns(now_ns) for session in self._sessions)), told.times):
                heard_ns = time.perf_counter_ns()
            elif now_ns - heard_ns > SILENT_NS:
                raise SetupError(f"the venue answered nothing for {SILENT_NS / 1e9:.0f} s")
        told.elapsed_ns = time.perf_counter_ns() - begun_ns
        told.answered = self.answered()
        told.rejected = sum(session.rejected for session in self._sessions)
        return told

    def answered(self) -> int:
        """How many orders of the last load were answered."""
        return sum(session.answered for session in self._sessions)

    def rest(self, duration_ns: int) -> None:
        """Stay connected for a while and trade nothing."""
        times, ends_ns = Histogram(), time.perf_counter_ns() + duration_ns
        while (left_ns := ends_ns - time.perf_counter_ns()) > 0:
            self._hear(min(left_ns, HEARTBEAT_NS), times)

    def copied(self, event: int) -> bool:
        """Hear on until the drop copy tells the event of this number, and nothing for long; whether it told that one and all before it."""
        times, since_ns = Histogram(), time.perf_counter_ns()
        while self._copy.last < event and time.perf_counter_ns() - since_ns < SILENT_NS:
            if self._hear(TICK_NS, times):
                since_ns = time.perf_counter_ns()
        return self._copy.last == event and self._copy.is_whole

    def _hear(self, wait_ns: int, times: Histogram) -> bool:
        """Whether something came; heartbeats go out by the way."""
        ready = self._selector.select(wait_ns / 1e9)
        now_ns = time.perf_counter_ns()
        for stream in self._streams:
            stream.beat(now_ns)
        for key, _ in ready:
            if isinstance(key.fileobj, Session):
                key.fileobj.hear(now_ns, times)
            elif isinstance(key.fileobj, DropCopy):
                key.fileobj.hear()
        return bool(ready)
