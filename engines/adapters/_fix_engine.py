"""An engine that speaks FIX 4.4, seen through the port: a program where there is one to start, a session for each account, and a drop copy.

Within one sender commands keep their order also where they are of several accounts, and so go out through several sessions: those of the next
account wait until those of the one before are answered. FIX answers every request, so that is known for certain.
"""

from __future__ import annotations

import selectors
import time
from pathlib import Path
from typing import TypeAlias

import numpy as np

from engines.adapters._drop_copy import events_of as copied
from engines.adapters._drop_copy import translated
from engines.adapters._fix_client import FixClient
from engines.adapters._fix_port import FixPort, Words
from engines.adapters._program import Program
from engines.adapters._soup_client import SoupClient
from harness.base.bits import joined
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.ending import Ended
from harness.base.errors import EngineDiedError, EngineError, EngineStartError
from harness.base.reasons import Reason
from harness.base.records import EVENT, Channel, Commands, Event, EventKind, Events, events_of
from harness.engine_file import EngineFile, Login
from harness.port import Door, Snapshot
from harness.wire.fix_requests import Listing

OFFERED = Capabilities(
    commands=("new", "cancel", "replace", "mass_cancel"), mass_cancel_of="account", types=("limit", "market"), tifs=("day", "ioc", "fok", "gtc"), flags=("post_only",),
    terms=("min_qty",), carries=("new_order", "match", "price", "qty", "account", "reason", "role", "channel", "side"),
    order_of_sessions="unknown", accounts_apart=True, reset="none",
)  # fmt: skip
"""What FIX can say. What rests, and the engine's own number of events, are told by a drop copy alone."""
OF_DROP_COPY = ("maker", "remaining", "engine_seq", "engine_ns", "session")
CONVENTIONS = Conventions(replace_quantity="total", replace_keeps_place="never")
"""A replace names the total of the whole chain. Whether it keeps its place venues decide for themselves."""
ENDED_S = 1.0
"""How long an engine that broke off may take to end, so that it can be told how it did."""
Speaker: TypeAlias = FixClient | SoupClient


class FixEngine:
    """What is connected, from the start of a program to its end."""

    capabilities: Capabilities

    def __init__(self, file: EngineFile, instruments: tuple[Instrument, ...]) -> None:
        self._file, self._program = file, Program(file)
        self.says_how_it_ended = file.says_how_it_ended
        self._listing, self._instruments = Listing(instruments), instruments
        self._gone = "the engine was not started"
        self._kind: type[EngineDiedError] = EngineDiedError
        """What is raised for it."""
        self._begin()

    def _begin(self) -> None:
        """Nobody is connected."""
        self._selector = selectors.DefaultSelector()
        self._words = Words(self._listing, f"G{time.time_ns() // 1_000_000:x}.", set())
        self._ports: dict[int, FixPort | None] = {}
        """By account."""
        self._by_number: dict[int, FixPort] = {}
        self._by_client: dict[Speaker, FixPort] = {}
        self._told: list[Events] = []
        self._unsaid = 0

    def log_to(self, path: Path) -> None:
        """Where it prints to from its next start on."""
        self._program.log_to(path)

    def start(self) -> None:
        """Start the program, and log in to the drop copy."""
        self.stop(graceful=False)
        self._begin()
        try:
            self._program.start()
            for login in self._file.session:
                if login.account is None:
                    self._watch(self._copy_of(login))
            if (first := self._file.session[0].account) is not None:
                # One that takes no Logon did not start; the others are opened when they are needed.
                self._opened(first)
        except EngineError as error:
            self.stop(graceful=False)
            raise EngineStartError(str(error)) from error
        self._gone, self._kind = "", EngineDiedError

    def session(self, account: int) -> FixEngineSession:
        """A sender; commands go out through the session of the account that each names."""
        del account
        self._live()
        return FixEngineSession(self)

    def port_of(self, account: int) -> FixPort | None:
        """The session of an account, opened when it is asked for first; None where there is none for it."""
        self._live()
        try:
            return self._opened(account)
        except EngineError as error:
            raise self._died(error) from error

    def say(self, port: FixPort | None, commands: Commands) -> int:
        """Send commands of one account; how many were taken. What cannot be said is told by an event of no channel."""
        count, unsaid = port.say(commands) if port else (len(commands), commands["number"].tolist())
        if unsaid:
            self._unsaid += len(unsaid)
            told = Event(kind=EventKind.REJECTED, reason=Reason.UNSUPPORTED, channel=Channel.NONE)
            self._told.append(events_of([told._replace(command=number) for number in unsaid]))
        return count

    def poll(self, wait_ns: int) -> Events:
        """What came since the last poll, on any channel. What an engine said before it failed is handed on first, and then its failure told."""
        self._live()
        try:
            keys = list(self._selector.get_map().values())
            for key in keys:
                key.data.flush()
            early = [key for key in keys if isinstance(key.data, FixClient) and key.data.has_early]
            ready = self._selector.select(0 if self._told or early else wait_ns / 1e9)
            for speaker in {key.data for key in [*early, *(key for key, _ in ready)]}:
                self._receive(speaker)
        except EngineDiedError as error:
            self._died(error)
        if not self._told:
            self._live()
        told, self._told = self._told, []
        return told[0] if len(told) == 1 else joined(told, EVENT)

    def snapshot(self) -> Snapshot | None:
        """FIX order entry has no word for a book."""
        return None

    def counters(self) -> dict[str, int]:
        """How many commands went out, how many FIX cannot say, and connections that were lost."""
        self._live()
        ports = self._by_number.values()
        return {
            "commands_said": sum(port.said for port in ports), "commands_unsaid": self._unsaid,
            "connections_lost": sum(port.client.lost for port in ports),
        }  # fmt: skip

    def doors(self) -> tuple[Door, ...]:
        """Those of the accounts."""
        trading = [login for login in self._file.session if login.account is not None]
        return tuple(Door("fix", self._program.address(login.endpoint), login, self._instruments) for login in trading)

    def reset(self) -> None:
        """An empty engine, by starting it again."""
        if self.capabilities.reset == "none":
            raise EngineError("the engine offers no reset")
        self.start()

    def stop(self, *, graceful: bool) -> None:
        """Log out, and end the program."""
        if self._selector.get_map() is not None:
            for key in list(self._selector.get_map().values()):
                key.data.close()
            self._selector.close()
        self._program.end(graceful=graceful)
        self._gone, self._kind = "the engine was stopped", EngineDiedError

    def ended(self) -> Ended | None:
        """How the program ended, and what it keeps."""
        return self._program.ended()

    def _live(self) -> None:
        if self._gone:
            raise self._kind(self._gone)

    def _died(self, error: EngineError) -> EngineDiedError:
        """End what is left of it. The first reason is the one that is told."""
        if not self._gone:
            self._gone = self._program.fail(f"the engine failed: {error}", ENDED_S)
            self._kind = type(error) if isinstance(error, EngineDiedError) else EngineDiedError
        return self._kind(self._gone)

    def _opened(self, account: int) -> FixPort | None:
        if account not in self._ports:
            self._ports[account] = self._open(account)
        return self._ports[account]

    def _open(self, account: int) -> FixPort | None:
        found = next(
            ((number, login) for number, login in enumerate(self._file.session, 1) if login.account == account), None
        )
        if found is None:
            return None
        number, login = found
        client = FixClient(lambda: self._program.connect(login.endpoint), login, self._file.answer_timeout_s)
        port = FixPort(number, account, client, self._words)
        self._by_number[number] = self._by_client[client] = port
        self._watch(client)
        return port

    def _copy_of(self, login: Login) -> SoupClient:
        return SoupClient(
            lambda: self._program.connect(login.endpoint), login.username, login.password, self._file.answer_timeout_s
        )

    def _watch(self, speaker: Speaker) -> None:
        self._selector.register(speaker.socket, selectors.EVENT_READ, speaker)

    def _receive(self, speaker: Speaker) -> None:
        before = speaker.socket
        if isinstance(speaker, FixClient):
            events, failure = self._by_client[speaker].hear(speaker.receive())
        else:
            received = speaker.receive()
            events = translated(copied(received), self._by_number) if len(received.packets) else np.zeros(0, EVENT)
            failure = received.failure
        if speaker.socket is not before:
            # Its connection was made anew.
            self._selector.unregister(before)
            self._watch(speaker)
        if len(events):
            self._told.append(events)
        if failure:
            raise failure


class FixEngineSession:
    """One sender's way to the engine: whatever accounts it sends for, in its order."""

    def __init__(self, engine: FixEngine) -> None:
        self._engine = engine
        self._port: FixPort | None = None

    def send(self, commands: Commands) -> int:
        """Send what may go now."""
        taken = 0
        while taken < len(commands):
            rest = commands[taken:]
            other = np.flatnonzero(rest["account"] != rest["account"][0])
            run = rest[: int(other[0])] if len(other) else rest
            port = self._engine.port_of(int(run["account"][0]))
            before = self._port
            if port is not None and before not in (None, port) and before is not None and before.answered < before.said:
                break
            count = self._engine.say(port, run)
            taken += count
            self._port = port or self._port
            if count < len(run):
                break
        return taken

    def close(self) -> None:
        """The connection stays for other senders of its account."""
