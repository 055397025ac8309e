"""An engine in any language that speaks FIX 4.4 order entry: a session for each account that its engine.toml names.

A session without an account is a drop copy of whole events over SoupBinTCP, as `gonogo serve` tells it (docs/service.md); without one, what hangs
on the order of several sessions is not tested.
"""

from __future__ import annotations

import msgspec

from engines.adapters._fix_engine import CONVENTIONS, OF_DROP_COPY, OFFERED, FixEngine
from harness.base.errors import SetupError
from harness.port import EngineSetup

STOPS = ("stop", "stop_limit")
"""What FIX can say too, but that they trigger only a drop copy tells."""


class Fix(FixEngine):
    """One engine seen through the port."""

    def __init__(self, setup: EngineSetup) -> None:
        file = setup.file
        if file is None:
            raise SetupError("the adapter fix needs an engine.toml: give its path to --engine (docs/adapters.md)")
        trading = [login for login in file.session if login.account is not None]
        if not trading or not all(login.username and login.target for login in trading):
            raise SetupError(
                f"{file.name}: the adapter fix needs a [[session]] with account, username and target for each account that trades"
            )
        self.instruments = tuple(file.instrument) or setup.instruments
        super().__init__(file, self.instruments)
        self.name, self.version = file.name, file.version or "unknown"
        self.conventions = file.conventions or CONVENTIONS
        told = msgspec.structs.replace(
            OFFERED, reset="restart" if file.start else "none", durable=file.verify is not None
        )
        if len(trading) < len(file.session):
            told = msgspec.structs.replace(
                told, types=(*OFFERED.types, *STOPS), carries=(*OFFERED.carries, *OF_DROP_COPY), order_of_sessions="engine_sequence", channels=("order", "drop_copy")
            )  # fmt: skip
        self.capabilities = file.capabilities or told


ENGINE = Fix
