"""The bundled engine as a service, under test like any other: `gonogo serve` as a process, traded with over OUCH, watched by its drop copy.

Its instruments are those of the scenario, under names that OUCH can write and with ticks so fine that their prices can be told. An account
gets a port of its own when its first command comes: accounts are numbered in that order. A command that OUCH cannot say is told as such.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import weakref
from importlib.metadata import version
from pathlib import Path

import msgspec

from engines.adapters._connections import Numbered
from engines.adapters._ouch_engine import CONVENTIONS, COPIED, OuchEngine, sayable
from harness.base.capabilities import CONTROLS, Conventions, Instrument
from harness.engine_file import EngineFile
from harness.port import EngineSetup
from harness.wire.ouch_symbols import PRICE_MAX, PRICE_UNIT_1E9, SHARE_1E9

PORTS = 256
"""Accounts that may trade, enough for all hand-made cases; those beyond are told that they cannot."""
START_S = 120.0
"""A kernel may have to be compiled."""
SELF_TRADE = "cancel_newest"
FIRM = "GNGO"
SERVE = "from harness.cli import entry; entry()"


class Service(OuchEngine):
    """One service seen through the port."""

    name = "service"
    # It is shipped with gonogo and has no releases of its own.
    version = version("gonogo")
    capabilities = msgspec.structs.replace(COPIED, controls=CONTROLS, durable=True, reset="restart")

    def __init__(self, setup: EngineSetup) -> None:
        mode = setup.conventions.self_trade if setup.conventions else SELF_TRADE
        self.conventions: Conventions = msgspec.structs.replace(CONVENTIONS, self_trade=mode)
        self.instruments = tuple(sayable(one, PRICE_MAX) for one in setup.instruments)
        self._folder = Path(tempfile.mkdtemp(prefix="gonogo-service-"))
        # It goes with the adapter, or with gonogo itself; where that is killed, the keeper of the program sees to it.
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._ports: dict[int, int] = {}
        """Account -> the number of its port, which is its account there."""
        for account in sorted({account for one in setup.instruments for account in one.risk.accounts if account}):
            self._port_of(account)
        self._there = tuple(map(self._as_there, self.instruments))
        super().__init__(self._described(setup), self._there)
        self._program.leaves = self._folder

    def login_of(self, account: int) -> Numbered | None:
        number = self._port_of(account)
        return Numbered(number, self._file.session[number - 1]) if number else None

    def start(self) -> None:
        """Start it on an empty folder."""
        self.stop(graceful=False)
        self._config().write_text(self._configuration(), encoding="utf-8")
        super().start()

    def stop(self, *, graceful: bool) -> None:
        """End it; what it keeps stays after a graceful end alone, so that it can be looked at."""
        try:
            super().stop(graceful=graceful)
        finally:
            if not graceful:
                shutil.rmtree(self._data, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _port_of(self, account: int) -> int:
        """0: there is none left, or the account is nobody's."""
        if account and account not in self._ports and len(self._ports) < PORTS:
            self._ports[account] = len(self._ports) + 1
        return self._ports.get(account, 0)

    def _as_there(self, instrument: Instrument) -> Instrument:
        """The instrument as OUCH can name it, with the finest tick that it can tell, for accounts by their ports."""
        accounts = tuple(self._port_of(account) for account in instrument.risk.accounts)
        return msgspec.structs.replace(
            instrument, symbol=f"I{instrument.id}", tick_1e9=PRICE_UNIT_1E9, lot_1e9=SHARE_1E9,
            risk=msgspec.structs.replace(instrument.risk, accounts=accounts),
        )  # fmt: skip

    def _config(self) -> Path:
        return self._folder / "service.toml"

    def _described(self, setup: EngineSetup) -> EngineFile:
        """What an engine.toml would say of it."""
        code = SERVE
        if setup.build is not None:
            # A specimen replaces a part of the service, in the service's own process.
            code = f"from {setup.build.__module__} import SPECIMEN; SPECIMEN.build(); {SERVE}"
        return EngineFile.model_validate(
            {
                "schema": 1, "name": self.name, "adapter": "service",
                "start": {
                    "command": [sys.executable, "-P", "-c", code, "serve", "--config", str(self._config()), "--ouch", "{port}"],
                    "timeout_s": START_S, "ready": {"stdout": "^ready: OUCH on"},
                },
                # Its exit code says whether all that was taken was told, and all counts balance.
                "stop": {"timeout_s": 15.0, "exit_code": 0},
                "verify": {
                    "command": [sys.executable, "-P", "-c", SERVE, "serve", "--config", str(self._config()), "--fills"],
                    "timeout_s": START_S, "fills": True,
                },
                "endpoints": {"orders": "127.0.0.1:{port}"},
                "session": [
                    *({"account": number, "username": f"P{number}", "password": "P", "firm": FIRM} for number in range(1, PORTS + 1)),
                    {"username": "COPY", "password": "P"},
                ],
            }
        )  # fmt: skip

    def _configuration(self) -> str:
        """Its service.toml: ports and drop copy, and no limit of a port that a judge would run into."""
        lines = [
            "[service]", f'data = "{self._data}"', f'firm = "{FIRM}"',
            "[sessions]", "idle_ms = 600000",
            "[engine]", f'self_trade = "{self.conventions.self_trade}"',
            "[controls]", "accounts = []",
        ]  # fmt: skip
        for instrument in self._there:
            lines += [
                "[[instruments]]",
                *(f"{name} = {_toml(value)}" for name, value in msgspec.to_builtins(instrument).items()),
            ]
        for number in range(1, PORTS + 1):
            lines += [
                "[[ports]]",
                f"number = {number}",
                f'username = "P{number}"',
                'password = "P"',
                f"account = {number}",
            ]
        return "\n".join([*lines, "[[drop_copies]]", 'username = "COPY"', 'password = "P"', ""])


def _toml(value: object) -> str:
    """A value of an instrument as TOML writes it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(one)}" for name, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


ENGINE = Service
