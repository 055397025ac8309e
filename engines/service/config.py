"""What a service is told before it starts: one TOML file, with every mistake told at once, where it stands and what is allowed.

`service.toml` beside this file is the example with all there is to say, and the default.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, PlainValidator, model_validator

from engines.reference.layout import Capacities
from engines.service.configuration import Configuration
from engines.service.journal import ROOM, Policy, Syncs
from engines.service.keeping import Keeping
from engines.service.old_segments import OldSegments
from engines.service.snapshots import KEPT
from harness.base.capabilities import Conventions, Instrument, SelfTradeMode
from harness.base.controls import AccountControls, Controls, FirmControls, InstrumentControls
from harness.base.errors import SetupError
from harness.base.records import NONE
from harness.base.written import Strict, declared, read_written
from harness.wire.ouch_symbols import FIRM_CHARACTERS, symbols_of
from harness.wire.soup import PASSWORD, USERNAME

DEFAULT = Path(__file__).with_name("service.toml")
PORT_NUMBER_MAX = 2**16 - 1
Positive = Annotated[int, Field(ge=1)]
Protocol: TypeAlias = Literal["ouch", "json", "fix", "operator"]
TcpPort = Annotated[int, Field(ge=0, le=2**16 - 1)]
InstrumentTable = Annotated[Instrument, PlainValidator(declared(Instrument))]
AccountTable = Annotated[AccountControls, PlainValidator(declared(AccountControls))]
FirmTable = Annotated[FirmControls, PlainValidator(declared(FirmControls))]
WatchedTable = Annotated[InstrumentControls, PlainValidator(declared(InstrumentControls))]


def _text(most: int) -> Any:
    """One to so many characters that OUCH and SoupBinTCP can write, without spaces."""
    return Field(min_length=1, max_length=most, pattern=r"^[!-~]+$")


class Service(Strict):
    """Where it keeps its files, whose venue it is, and how long its end may take."""

    data: Path = Path("var/gonogo")
    firm: Annotated[str, _text(FIRM_CHARACTERS)] = "DEMO"
    drain_ms: Positive = 10_000


class Syncing(Strict):
    """When a commit syncs, and how much lies in one file."""

    syncs: Syncs = "batch"
    interval_ms: Positive = 5
    segment_commands: Positive = ROOM

    def policy(self) -> Policy:
        """As the journal has it."""
        return Policy(self.syncs, self.interval_ms * 1_000_000)


class Snapshots(Strict):
    """How often the engine is kept while it works, and what becomes of what is older."""

    every_commands: Annotated[int, Field(ge=0)] = 100_000
    kept: Positive = KEPT
    old_segments: OldSegments = "keep"

    def keeping(self) -> Keeping:
        """As the keeper has it."""
        return Keeping(self.every_commands, self.kept, self.old_segments)


class Bundles(Strict):
    """How events are published."""

    events: Positive = 16
    oldest_us: Annotated[int, Field(ge=0)] = 100


class Listeners(Strict):
    """Where it listens; port 0 is any that is free."""

    host: str = "127.0.0.1"
    ouch: TcpPort = 0
    json_lines: TcpPort = 0
    http: TcpPort = 0
    fix: TcpPort = 0


class Sessions(Strict):
    """The times of SoupBinTCP, and how many numbers a port may use."""

    heartbeat_ms: Positive = 1_000
    idle_ms: Positive = 15_000
    login_ms: Positive = 30_000
    orders_max: Annotated[int, Field(ge=1, le=2**32 - 2)] = 2**22


class EngineSettings(Strict):
    """How much the engine holds, and what it does with an order that would trade with its own account's."""

    orders: Positive = 2**20
    self_trade: SelfTradeMode = "cancel_newest"


class Port(Strict):
    """One login, with its limits."""

    number: Annotated[int, Field(ge=1, le=PORT_NUMBER_MAX)]
    username: Annotated[str, _text(USERNAME)]
    password: Annotated[str, _text(PASSWORD)]
    account: Annotated[int, Field(ge=1, le=2**32 - 1)] | None = None
    person: Annotated[str, Field(min_length=1)] | None = None
    protocol: Protocol = "ouch"
    messages_per_s: Positive = 1_000_000
    waiting_bytes_max: Positive = 2**26
    cancel_on_disconnect: bool = False

    @model_validator(mode="after")
    def _trades_for_an_account(self) -> Port:
        if (self.account is None) != (self.protocol == "operator"):
            raise ValueError("a port trades for an account, but for an operator's, which has none")
        if (self.person is None) != (self.protocol != "operator"):
            raise ValueError("an operator's port names the person whose it is, and no other does")
        return self


class DropCopy(Strict):
    """One login that reads every event, and sends nothing."""

    username: Annotated[str, _text(USERNAME)]
    password: Annotated[str, _text(PASSWORD)]
    waiting_bytes_max: Positive = 2**28

    @property
    def messages_per_s(self) -> int:
        """It has none."""
        return 1


class ControlTables(Strict):
    """What is looked at before an order comes in (docs/risk-rules.md). Without any account, whoever has a port may trade without limits."""

    accounts: list[AccountTable] = []
    firms: list[FirmTable] = []
    instruments: list[WatchedTable] = []

    def controls(self) -> Controls:
        """As the engine has them."""
        return Controls(accounts=tuple(self.accounts), firms=tuple(self.firms), instruments=tuple(self.instruments))


class ServiceConfig(Strict):
    """A whole file."""

    service: Service = Service()
    journal: Syncing = Syncing()
    snapshots: Snapshots = Snapshots()
    bundles: Bundles = Bundles()
    listeners: Listeners = Listeners()
    sessions: Sessions = Sessions()
    engine: EngineSettings = EngineSettings()
    controls: ControlTables = ControlTables()
    instruments: Annotated[list[InstrumentTable], Field(min_length=1)]
    ports: Annotated[list[Port], Field(min_length=1)]
    drop_copies: list[DropCopy] = []

    @model_validator(mode="after")
    def _fits_together(self) -> ServiceConfig:
        """What each part cannot see by itself; all of it at once."""
        names = [one.username for one in self.ports] + [one.username for one in self.drop_copies]
        wrong = [
            *_twice("instruments have the id", (one.id for one in self.instruments)),
            *_twice("ports have the number", (one.number for one in self.ports)),
            *_twice("logins have the username", map(str.upper, names)),
            *_unspeakable(self.instruments),
            *_unheld(self.controls, self.instruments, self.ports),
        ]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def configuration(self) -> Configuration:
        """What the engine is. Replaces are those of OUCH: they name the total of the whole chain and lose their place."""
        conventions = Conventions(
            self_trade=self.engine.self_trade, replace_quantity="total", replace_keeps_place="never"
        )
        return Configuration(
            instruments=tuple(self.instruments), conventions=conventions, controls=self.controls.controls(),
            capacities=Capacities(orders=self.engine.orders),
        )  # fmt: skip


def read_config(path: Path = DEFAULT) -> ServiceConfig:
    """Read a configuration.

    Raises:
        SetupError: it is missing, no TOML, or says something that cannot be; the message tells every mistake.
    """
    return read_written(path, ServiceConfig, "configuration")[0]


def _twice(what: str, values: Iterable[int | str]) -> list[str]:
    return [f"{count} {what} {value}" for value, count in Counter(values).items() if count > 1]


def _unheld(tables: ControlTables, instruments: list[Instrument], ports: list[Port]) -> list[str]:
    """Controls that would hold nobody, or not be what somebody thinks that they are."""
    ids = {one.id for one in instruments}
    accounts = {one.account for one in tables.accounts}
    strange = {number for one in tables.accounts for number in one.restricted if number not in ids}
    strange |= {one.instrument for one in tables.instruments if one.instrument not in ids}
    return [
        *_twice("controls are of account", (one.account for one in tables.accounts)),
        *_twice("controls are of firm", (one.firm for one in tables.firms)),
        *_twice("controls are of instrument", (one.instrument for one in tables.instruments)),
        *(f"controls name instrument {number}, which there is not" for number in sorted(strange)),
        *(
            f"port {one.number} trades for account {one.account}, which has no controls; where any account has, all need them"
            for one in ports
            if accounts and one.account is not None and one.account not in accounts
        ),
        *(
            f"controls are of firm {one.firm}, of which no account is"
            for one in tables.firms
            if one.firm not in {account.firm for account in tables.accounts}
        ),
        *(
            f"instrument {one.instrument} has static_ticks and no static_price"
            for one in tables.instruments
            if one.static_ticks and one.static_price == NONE
        ),
    ]


def _unspeakable(instruments: list[Instrument]) -> list[str]:
    """Which instruments OUCH cannot write, each by itself, and then which it cannot tell apart."""
    wrong = [said for one in instruments if (said := _said_of([one]))]
    return wrong or [said for said in [_said_of(instruments)] if said]


def _said_of(instruments: list[Instrument]) -> str:
    try:
        symbols_of(instruments)
    except SetupError as error:
        return str(error)
    return ""
