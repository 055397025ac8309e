"""An engine behind a wire, seen through the port: a program where there is one to start, a client of it, and why it is gone once it is.

Which wire that is a subclass says, by the client that it makes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

import msgspec
import numpy as np

from engines.adapters._connections import Numbered, Venue
from engines.adapters._drop_copy import named
from engines.adapters._program import Program
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.ending import Ended
from harness.base.errors import EngineDiedError, EngineError, EngineStartError
from harness.base.records import Channel, Commands, Events
from harness.engine_file import EngineFile, Stop
from harness.port import Door, Processes, Session, Snapshot, Spoken

ENDED_S = 1.0
"""How long an engine that broke off may take to end, so that it can be told how it did."""


class Client(Protocol):
    """All connections to an engine, from its start to its end. What it raises is the engine's failure."""

    def open(self) -> None:
        """Connect what must be there from the beginning; what else there is, when it is needed."""
        ...

    def open_for(self, account: int) -> None:
        """Connect the session of this account, where it has one and is not connected."""
        ...

    def session(self) -> Session:
        """A sender."""
        ...

    def hear(self, wait_ns: int) -> None:
        """Take in what comes, on any channel; waits at most so long for the first of it."""
        ...

    def told(self) -> Events:
        """All that was taken in since it was last asked for."""
        ...

    def counters(self) -> dict[str, int]:
        """What was sent, and what became of connections."""
        ...

    def spoken(self) -> tuple[Spoken, ...]:
        """What went out, by session."""
        ...

    def close(self) -> None:
        """Close them all."""
        ...


class Wired:
    """What the adapters of such engines have in common; each says what it offers, and on which instruments."""

    capabilities: Capabilities
    conventions: Conventions
    joinable = True

    def __init__(
        self, file: EngineFile, protocol: Literal["ouch", "fix"], wire_instruments: tuple[Instrument, ...]
    ) -> None:
        self._file, self._protocol, self._wire_instruments = file, protocol, wire_instruments
        self._program = Program(file)
        self.says_how_it_ended = file.says_how_it_ended
        self._client: Client | None = None
        self._gone = "the engine was not started"
        self._kind: type[EngineDiedError] = EngineDiedError
        """What is raised for it."""

    def made_client(self, venue: Venue) -> Client:
        """A client that is not connected."""
        raise NotImplementedError

    def login_of(self, account: int) -> Numbered | None:
        """The login of an account; None where it has none."""
        trading = (login for login in self._file.session if login.account is not None)
        found = (Numbered(number, login) for number, login in enumerate(trading, 1) if login.account == account)
        return next(found, None)

    def log_to(self, path: Path) -> None:
        """Where it prints to from its next start on."""
        self._program.log_to(path)

    def start(self) -> None:
        """Start the program, and connect to it."""
        self.stop(graceful=False)
        try:
            self._program.start()
            self._client = self.made_client(self._venue())
            self._client.open()
        except EngineError as error:
            self.stop(graceful=False)
            raise EngineStartError(str(error)) from error
        self._gone, self._kind = "", EngineDiedError

    def session(self, account: int) -> WiredSession:
        """A sender, with the account's connection open; commands go out through the session of the account that each names."""
        client = self._living()
        try:
            client.open_for(account)
        except EngineError as error:
            raise self._died(error) from error
        return WiredSession(self, client.session())

    def send(self, session: Session, commands: Commands) -> int:
        """How many of the commands a sender may send now, or soon."""
        self._living()
        try:
            return session.send(commands)
        except EngineError as error:
            raise self._died(error) from error

    def poll(self, wait_ns: int) -> Events:
        """What came since the last poll, on any channel. What an engine said before it failed is handed on first, and then its failure told."""
        client = self._living()
        try:
            client.hear(wait_ns)
        except EngineDiedError as error:
            self._died(error)
        told = client.told()
        if not len(told):
            self._living()
        return told

    def snapshot(self) -> Snapshot | None:
        """These wires have no word for a book."""
        return None

    def counters(self) -> dict[str, int]:
        """What its client counts."""
        return self._living().counters()

    def doors(self) -> tuple[Door, ...]:
        """Those of the accounts."""
        return tuple(
            Door(self._protocol, self._program.address(login.endpoint), login, self._wire_instruments)
            for login in self._file.session
            if login.account is not None
        )

    def processes(self) -> Processes:
        """Those of the program."""
        return self._program.processes()

    def joining(self, accounts: tuple[int, ...]) -> EngineFile:
        """An engine.toml of what runs, with the logins of these accounts: who joins hears what it is told on its own sessions.

        Raises:
            EngineError: none of the accounts has a login.
        """
        found = [(account, self.login_of(account)) for account in accounts]
        logins = [numbered.login.model_copy(update={"account": account}) for account, numbered in found if numbered]
        if not logins:
            raise EngineError(f"the engine has a session for none of the accounts {', '.join(map(str, accounts))}")
        if "drop_copy" not in self.capabilities.channels:
            # Whoever joins logs in where this client did.
            self._living().close()
            self._client = self.made_client(self._venue())
        addresses = {name: "{}:{}".format(*self._program.address(name)) for name in self._file.endpoints}
        alone = msgspec.structs.replace(self.capabilities, channels=("order",))
        return self._file.model_copy(
            update={
                "adapter": self._protocol, "build": None, "start": None, "stop": Stop(), "verify": None, "endpoints": addresses,
                "session": logins, "instrument": list(self._wire_instruments), "capabilities": alone, "conventions": self.conventions,
            }
        )  # fmt: skip

    def spoken(self) -> tuple[Spoken, ...]:
        """What went out on each session."""
        return self._living().spoken()

    def renamed(self, events: Events, spoken: tuple[Spoken, ...]) -> Events:
        """Events of sessions with the numbers that these have here, and those of a drop copy under the ids that others sent under."""
        here = {numbered.number: one for one in spoken if (numbered := self.login_of(one.account))}
        numbers = np.arange(max((one.number for one in spoken), default=0) + 1)
        for number, one in here.items():
            numbers[one.number] = number
        on_session = events["channel"] == Channel.ORDER
        events["session"][on_session] = numbers[events["session"][on_session]]
        copied = np.flatnonzero(events["channel"] == Channel.DROP_COPY)
        if len(copied):
            events[copied] = named(events[copied], here)
        return events

    def reset(self) -> None:
        """An empty engine, by starting it again."""
        if self.capabilities.reset == "none":
            raise EngineError("the engine offers no reset")
        self.start()

    def stop(self, *, graceful: bool) -> None:
        """Log out, and end the program."""
        if self._client is not None:
            self._client.close()
            self._client = None
        self._program.end(graceful=graceful)
        self._gone, self._kind = "the engine was stopped", EngineDiedError

    def ended(self) -> Ended | None:
        """How the program ended, and what it keeps."""
        return self._program.ended()

    def _venue(self) -> Venue:
        file, copies = self._file, tuple(login for login in self._file.session if login.account is None)
        return Venue(self._program.connect, self.login_of, copies, file.session[0].account, file.answer_timeout_s)

    def _living(self) -> Client:
        if self._client is None or self._gone:
            raise self._kind(self._gone)
        return self._client

    def _died(self, error: EngineError) -> EngineDiedError:
        """The engine failed: end what is left of it. Nobody asks it for anything after that, so the first reason is the one that is told."""
        self._gone = self._program.fail(f"the engine failed: {error}", ENDED_S)
        self._kind = type(error) if isinstance(error, EngineDiedError) else EngineDiedError
        return self._kind(self._gone)


class WiredSession:
    """One sender's way to the engine."""

    def __init__(self, engine: Wired, session: Session) -> None:
        self._engine, self._session = engine, session

    def send(self, commands: Commands) -> int:
        """Send what may go now."""
        return self._engine.send(self._session, commands)

    def close(self) -> None:
        """Its orders stay."""
        self._session.close()


def offered(file: EngineFile, alone: Capabilities, copied: Capabilities) -> Capabilities:
    """What an engine offers by its file; where that does not say it, by its wire, alone or with a drop copy."""
    if file.capabilities is not None:
        return file.capabilities
    by_wire = copied if any(login.account is None for login in file.session) else alone
    return msgspec.structs.replace(by_wire, reset="restart" if file.start else "none", durable=file.verify is not None)
