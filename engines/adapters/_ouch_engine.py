"""An engine that speaks OUCH 5.0, seen through the port: a program where there is one to start, and a client of it."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from engines.adapters._ouch_client import Numbered, OuchClient, Venue
from engines.adapters._ouch_session import OuchSession
from engines.adapters._program import Program
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.ending import Ended
from harness.base.errors import EngineDiedError, EngineError, EngineStartError
from harness.base.records import Commands, Events
from harness.engine_file import EngineFile
from harness.port import Door, Snapshot
from harness.wire.ouch import word
from harness.wire.ouch_symbols import FIRM_CHARACTERS, symbols_of
from harness.wire.ouch_terms import NUMBER_MAX

OFFERED = Capabilities(
    commands=("new", "cancel", "replace", "mass_cancel"),
    mass_cancel_of="account",
    types=("limit",),
    tifs=("day", "ioc"),
    flags=("post_only",),
    terms=("min_qty",),
    carries=("new_order", "match", "price", "qty", "account", "reason", "role", "channel", "engine_ns", "side"),
    order_of_sessions="unknown",
    accounts_apart=True,
    reset="none",
)
"""What OUCH can say. The engine's own number of events, what remains of an order and that it rests are told by a drop copy alone."""
OF_DROP_COPY = ("maker", "remaining", "engine_seq", "session")
ENDED_S = 1.0
"""How long an engine that broke off may take to end, so that it can be told how it did."""
CONVENTIONS = Conventions(replace_quantity="total", replace_keeps_place="never")
"""A replace names the total of the whole chain, and loses its place."""


def sayable(instrument: Instrument, ticks_max: int) -> Instrument:
    """The instrument with no wider bounds than OUCH can say: prices from 0 to so many ticks, quantities of 32 bits."""
    return msgspec.structs.replace(
        instrument, price_min=max(instrument.price_min, 0), price_max=min(instrument.price_max, ticks_max),
        qty_max=min(instrument.qty_max, NUMBER_MAX),
    )  # fmt: skip


class OuchEngine:
    """What the adapters of such engines have in common; each says which file, instruments and logins."""

    def __init__(self, file: EngineFile, wire_instruments: tuple[Instrument, ...]) -> None:
        self._file, self._wire_instruments = file, wire_instruments
        self._program = Program(file)
        self.says_how_it_ended = file.says_how_it_ended
        self._symbols = symbols_of(wire_instruments)
        firms = [login.firm for login in file.session if login.account is not None]
        self._firm = word(firms[0] if firms else "", FIRM_CHARACTERS)
        """Of all sessions: they are one client's."""
        self._client: OuchClient | None = None
        self._behind: set[OuchSession] = set()
        """Senders that took commands which could not go out yet."""
        self._gone = "the engine was not started"
        self._kind: type[EngineDiedError] = EngineDiedError
        """What is raised for it."""

    def log_to(self, path: Path) -> None:
        """Where it prints to from its next start on."""
        self._program.log_to(path)

    def login_of(self, account: int) -> Numbered | None:
        """The login of an account, with its place among all; None where it has none."""
        for number, login in enumerate(self._file.session, 1):
            if login.account == account:
                return Numbered(number, login)
        return None

    def start(self) -> None:
        """Start the program, and log in to the drop copy."""
        self.stop(graceful=False)
        try:
            self._program.start()
            copies = [login for login in self._file.session if login.account is None]
            self._client = OuchClient(
                Venue(
                    self._program.connect, self.login_of, copies[0] if copies else None, self._symbols, self._firm,
                    self._file.answer_timeout_s,
                )
            )  # fmt: skip
            if not copies and (first := self._file.session[0].account) is not None:
                # One that takes no login did not start; the others are opened when they are needed.
                self._client.port_of(first)
        except EngineError as error:
            self.stop(graceful=False)
            raise EngineStartError(str(error)) from error
        self._gone, self._kind = "", EngineDiedError

    def session(self, account: int) -> OuchEngineSession:
        """A sender; commands go out through the session of the account that each names."""
        del account
        return OuchEngineSession(self, OuchSession(self.living()))

    def send(self, session: OuchSession, commands: Commands) -> int:
        """How many of the commands a sender may send now, or soon."""
        self.living()
        try:
            taken = session.send(commands)
        except EngineDiedError as error:
            raise self.died(error) from error
        if session.is_behind:
            self._behind.add(session)
        return taken

    def poll(self, wait_ns: int) -> Events:
        """What came since the last poll, on any channel; what could not go out before goes out as it may.

        What an engine said before it failed is handed on first, and then its failure told.
        """
        client, until_s = self.living(), time.monotonic() + wait_ns / 1e9
        try:
            for session in list(self._behind):
                if session.go_on(until_s):
                    self._behind.discard(session)
            client.hear(max(int((until_s - time.monotonic()) * 1e9), 0))
        except EngineDiedError as error:
            self.died(error)
        told = client.told()
        if not len(told):
            self.living()
        return told

    def snapshot(self) -> Snapshot | None:
        """OUCH has no word for a book."""
        return None

    def counters(self) -> dict[str, int]:
        """How many commands went out, how many OUCH cannot say, and what became of connections."""
        return self.living().counters

    def doors(self) -> tuple[Door, ...]:
        """Those of the accounts."""
        trading = [login for login in self._file.session if login.account is not None]
        return tuple(
            Door("ouch", self._program.address(login.endpoint), login, self._wire_instruments) for login in trading
        )

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
        self._behind.clear()
        self._program.end(graceful=graceful)
        self._gone, self._kind = "the engine was stopped", EngineDiedError

    def ended(self) -> Ended | None:
        """How the program ended, and what it keeps."""
        return self._program.ended()

    def living(self) -> OuchClient:
        """The client of a running engine.

        Raises:
            EngineDiedError: there is none.
        """
        if self._client is None or self._gone:
            raise self._kind(self._gone)
        return self._client

    def died(self, error: EngineDiedError) -> EngineDiedError:
        """The engine failed: end what is left of it. The first reason is the one that is told."""
        if not self._gone:
            self._gone, self._kind = self._program.fail(f"the engine failed: {error}", ENDED_S), type(error)
        return self._kind(self._gone)

    capabilities: Capabilities


class OuchEngineSession:
    """One sender's way to the engine."""

    def __init__(self, engine: OuchEngine, session: OuchSession) -> None:
        self._engine, self._session = engine, session

    def send(self, commands: Commands) -> int:
        """Send what may go now."""
        return self._engine.send(self._session, commands)

    def close(self) -> None:
        """Its orders stay."""
        self._session.close()
