"""An engine in any language that speaks Nasdaq's OUCH 5.0 over SoupBinTCP: a session for each account that its engine.toml names.

A session without an account is a drop copy of whole events, as `gonogo serve` tells it (docs/service.md); without one, what hangs on the
order of several sessions is not tested.
"""

from __future__ import annotations

import msgspec

from engines.adapters._ouch_engine import CONVENTIONS, OF_DROP_COPY, OFFERED, OuchEngine, sayable
from harness.base.errors import SetupError
from harness.port import EngineSetup
from harness.wire.ouch_symbols import PRICE_MAX, units_of


class Ouch(OuchEngine):
    """One engine seen through the port."""

    def __init__(self, setup: EngineSetup) -> None:
        file = setup.file
        if file is None:
            raise SetupError("the adapter ouch needs an engine.toml: give its path to --engine (docs/adapters.md)")
        if not any(login.account is not None for login in file.session):
            raise SetupError(f"{file.name}: the adapter ouch needs a [[session]] for each account that trades")
        told = tuple(file.instrument) or setup.instruments
        self.instruments = tuple(sayable(one, PRICE_MAX // units_of(one)) for one in told)
        super().__init__(file, self.instruments)
        self.name, self.version = file.name, file.version or "unknown"
        self.conventions = file.conventions or CONVENTIONS
        if file.capabilities is not None:
            self.capabilities = file.capabilities
            return
        self.capabilities = msgspec.structs.replace(
            OFFERED, reset="restart" if file.start else "none", durable=file.verify is not None
        )
        if any(login.account is None for login in file.session):
            self.capabilities = msgspec.structs.replace(
                self.capabilities, carries=(*OFFERED.carries, *OF_DROP_COPY), order_of_sessions="engine_sequence",
                channels=("order", "drop_copy"),
            )  # fmt: skip


ENGINE = Ouch
