"""An engine in any language that speaks Nasdaq's OUCH 5.0 over SoupBinTCP: a session for each account that its engine.toml names.

A session without an account is a drop copy of whole events, as `gonogo serve` tells it (docs/service.md); without one, what hangs on the
order of several sessions is not tested.
"""

from __future__ import annotations

from engines.adapters._ouch_engine import CONVENTIONS, COPIED, OFFERED, OuchEngine, sayable
from engines.adapters._wired import offered
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
        self.capabilities = offered(file, OFFERED, COPIED)


ENGINE = Ouch
