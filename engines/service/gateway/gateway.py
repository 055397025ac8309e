"""The thread between the sockets and the pipeline: it reads what is there in bulk, offers it, and tells what came of it.

It alone offers to the pipeline and takes from it. What finds no room there is kept, and until it has found some no socket is read, so that the
clients' own buffers fill and they wait. It sleeps in one place, on the sockets and the pipeline's ring together.
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from engines.service.gateway.connection import Connection, Times
from engines.service.gateway.door import Door, Listeners
from engines.service.gateway.figures import Figures
from engines.service.gateway.fix_connection import Admitted, FixConnection
from engines.service.gateway.fix_port import FixPort
from engines.service.gateway.json_connection import JsonConnection
from engines.service.gateway.json_port import JsonPort
from engines.service.gateway.link import Cause, CutOff
from engines.service.gateway.ports import OuchSeat, Ports, Seat, Trading
from engines.service.pipeline import Pipeline
from harness.base.records import EVENT, CommandKind, Commands, empty_commands
from harness.wire.fix import Message
from harness.wire.fix_tags import Tag
from harness.wire.soup import Login

CONNECTIONS_MOST = 1_024
EVENTS_AT_ONCE = 2**14
MANY, GATHER_S = 64, 0.001
"""After a turn with so many commands and events it rests: a turn costs as much for a few, and meanwhile the writer has the interpreter."""
AGAIN_NS = 500_000
"""How long until commands that found no room are offered again."""
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
Say = Callable[[str, str], None]
"""Told of each connection that begins or ends, with why."""


Client: TypeAlias = Connection | JsonConnection | FixConnection


class Gateway:
    """Serves its listeners."""

    def __init__(
        self, listeners: Listeners, pipeline: Pipeline, ports: Ports, *, session: str, times: Times, say: Say,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:  # fmt: skip
        self.failure: Exception | None = None
        """What it died of."""
        self.told = 0
        """Events that were put into streams."""
        self.own_commands = 0
        """Commands of its own: the mass cancels of accounts that are gone."""
        self.figures = Figures()
        self._pipeline, self._ports = pipeline, ports
        self._session, self._times, self._say, self._now_ns = session, times, say, now_ns
        self._selector = selectors.DefaultSelector()
        self._door = Door(listeners, self._selector)
        self._watched: dict[Client, int] = {}
        """What the selector looks for at each connection; 0: nothing."""
        self._backlog: deque[Commands] = deque()
        self._events = np.zeros(EVENTS_AT_ONCE, EVENT)
        self._closing = self._finishing = False
        self._finish_ns = 0
        self._quiet = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gonogo-gateway", daemon=True)

    def start(self) -> None:
        """Serve."""
        self._door.open()
        self._selector.register(self._pipeline.events, READ)
        self._thread.start()

    def stop_taking(self, timeout_ns: int) -> bool:
        """Read no more; whether all that was read has found its room."""
        self._closing = True
        self._pipeline.events.nudge()
        return self._quiet.wait(timeout_ns / 1e9) and self.failure is None

    def finish(self, timeout_ns: int) -> None:
        """Tell what there is left to those who read it in time, close all, and end."""
        self._closing, self._finish_ns = True, self._now_ns() + timeout_ns
        self._finishing = True
        self._pipeline.events.nudge()
        self._thread.join()

    def cancel_orders_of_absent(self) -> None:
        """Cancel the orders of ports that want it so when they are gone: after a restart all are. Before the start."""
        for account in {port.settings.account for port in self._ports.by_number.values()}:
            self._cancel_if_gone(account)

    def connections(self) -> int:
        """How many there are."""
        return len(self._watched)

    # The gateway's thread.

    def _run(self) -> None:
        try:
            while not self._is_over():
                self._turn()
        except Exception as error:
            # Whatever it is: a gateway that goes on after it might lose something in silence.
            self.failure = error
        finally:
            end = CutOff(Cause.SERVICE, "the service ends")
            for connection in list(self._watched):
                if isinstance(connection, FixConnection):
                    connection.log_out(str(end))
                self._close(connection, end)
            self._door.close()
            self._selector.close()
            self._quiet.set()

    def _is_over(self) -> bool:
        if not self._finishing:
            return False
        reads_on = any(connection.is_blocked for connection in self._watched)
        is_told = not self._pipeline.events.pending() and not reads_on
        return is_told or self._now_ns() >= self._finish_ns

    def _turn(self) -> None:
        closing = self._closing
        self._offer()
        if closing and not self._backlog:
            # From here on nothing is read, so nothing more can come.
            self._quiet.set()
        told = self._publish()
        now_ns = self._now_ns()
        self._door.look_at_the_time(now_ns)
        again_ns = now_ns + min(self._times.heartbeat_ns, 100_000_000)
        for connection in list(self._watched):
            again_ns = min(again_ns, self._look_at(connection, now_ns))
        self.figures.response_times.answered(self._pipeline.answered(self.told), self._now_ns())
        if self._backlog:
            again_ns = min(again_ns, now_ns + AGAIN_NS)
        asleep = not told and self._pipeline.events.fall_asleep()
        ready = self._selector.select(max(again_ns - now_ns, 0) / 1e9 if asleep else 0)
        if asleep:
            self._pipeline.events.wake_up()
        for key, mask in ready:
            if isinstance(key.fileobj, socket.socket):
                self._accept(key.fileobj)
            elif isinstance(key.fileobj, Client) and mask & READ and not closing:
                self._read(key.fileobj)
        brought = self._take()
        if told + brought >= MANY and not closing:
            time.sleep(GATHER_S)

    def _offer(self) -> None:
        while self._backlog:
            commands = self._backlog.popleft()
            count = self._pipeline.offer(commands)
            if count < len(commands):
                self._backlog.appendleft(commands[count:])
                return

    def _publish(self) -> int:
        count = self._pipeline.events.take(self._events)
        if count:
            self._ports.tell(self._events[:count])
            self.figures.told(self._events[:count])
            self.told += count
        return count

    def _look_at(self, connection: Client, now_ns: int) -> int:
        """Write what there is, and see to the time; when to look again."""
        holds = bool(self._backlog) or self._closing
        try:
            if holds:
                connection.was_held(now_ns)
            again_ns = connection.look_at_the_time(now_ns)
            connection.write(now_ns)
        except CutOff as end:
            self._close(connection, end)
            return now_ns
        may_read = not holds and connection.may_read(now_ns)
        self._watch(connection, (READ if may_read else 0) | (WRITE if connection.is_blocked else 0))
        return again_ns if may_read or holds else min(again_ns, now_ns + AGAIN_NS)

    def _watch(self, connection: Client, mask: int) -> None:
        before = self._watched.get(connection, 0)
        if mask == before:
            return
        if not before:
            self._selector.register(connection, mask)
        elif not mask:
            self._selector.unregister(connection)
        else:
            self._selector.modify(connection, mask)
        self._watched[connection] = mask

    def _accept(self, listener: socket.socket) -> None:
        now_ns = self._now_ns()
        if (came := self._door.accept(listener, now_ns)) is None:
            self.figures.turned_away += 1
            return
        accepted, address = came
        if self._closing or len(self._watched) >= CONNECTIONS_MOST:
            self.figures.turned_away += 1
            accepted.close()
            return
        connection: Client
        if listener is self._door.listeners.ouch:
            connection = Connection(accepted, self._session, self._times, self._log_in_to_ouch, now_ns)
        elif listener is self._door.listeners.json_lines:
            connection = JsonConnection(accepted, self._times.login_ns, self._log_in_to_json, now_ns)
        else:
            connection = FixConnection(accepted, self._times.login_ns, self._log_in_to_fix, self._now_ns)
        self._watched[connection] = 0
        self._watch(connection, READ)
        self._say("connected", address)

    def _log_in_to_ouch(self, login: Login) -> OuchSeat | None:
        seat = self._ports.named(login)
        if seat is None or isinstance(seat, JsonPort | FixPort):
            return None
        self._make_room(seat)
        return seat

    def _log_in_to_json(self, login: Login) -> JsonPort | None:
        seat = self._ports.named(login)
        if not isinstance(seat, JsonPort):
            return None
        self._make_room(seat)
        return seat

    def _log_in_to_fix(self, logon: Message) -> Admitted | None:
        seat = self._ports.named(Login(logon.get(Tag.SENDER_COMP_ID) or "", logon.get(Tag.PASSWORD) or ""))
        if not isinstance(seat, FixPort) or (party := seat.admit(logon)) is None:
            return None
        self._make_room(seat)
        return Admitted(seat, party)

    def _make_room(self, seat: Seat) -> None:
        """Who is connected to it already gives way: he may be gone without having been able to say so."""
        for connection in [one for one in self._watched if one.port is seat]:
            self._close(connection, CutOff(Cause.REPLACED, "the port logged in again"))

    def _read(self, connection: Client) -> None:
        if connection not in self._watched:
            return
        now_ns = self._now_ns()
        try:
            commands = connection.read(now_ns)
        except CutOff as end:
            self._close(connection, end)
            return
        self._bring(commands, now_ns)

    def _take(self) -> int:
        """Offer what was read; how many commands."""
        commands = self._ports.take()
        self._bring(commands, self._now_ns())
        self._offer()
        return len(commands)

    def _bring(self, commands: Commands, now_ns: int) -> None:
        if len(commands):
            self._backlog.append(commands)
            self.figures.response_times.came(len(commands), now_ns)

    def _close(self, connection: Client, end: CutOff) -> None:
        self._watch(connection, 0)
        del self._watched[connection]
        port = connection.port
        self._say("disconnected", f"{port.settings.username if port else 'nobody'}: {end}")
        self.figures.ended[end.cause] += 1
        connection.socket.close()
        if isinstance(connection, JsonConnection | FixConnection):
            connection.is_gone()
        # The end of the service is no client's doing: after the next start it is seen to.
        gone = end.cause not in (Cause.REPLACED, Cause.SERVICE)
        if isinstance(port, Trading) and gone and not self._closing and self.failure is None:
            self._cancel_if_gone(port.settings.account)

    def _cancel_if_gone(self, account: int | None) -> None:
        """An operator has none."""
        ports = [] if account is None else self._ports.of_account(account)
        if any(connection.port in ports for connection in self._watched):
            return
        if not any(port.settings.cancel_on_disconnect for port in ports):
            return
        # What the client sent before it was gone comes first.
        self._take()
        cancel = empty_commands(1)
        cancel["kind"], cancel["account"], cancel["session"] = (
            CommandKind.MASS_CANCEL,
            account,
            ports[0].settings.number,
        )
        self._bring(cancel, self._now_ns())
        self.own_commands += 1
