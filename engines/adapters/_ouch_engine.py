"""An engine that speaks OUCH 5.0: what it offers by that, and whose orders its client sends."""

from __future__ import annotations

from typing import cast

import msgspec

from engines.adapters._connections import Venue
from engines.adapters._ouch_client import OuchClient
from engines.adapters._wired import Wired, WiredSession
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.engine_file import EngineFile
from harness.wire.dispatch import HAS_ORDER, Dispatcher
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
COPIED = msgspec.structs.replace(
    OFFERED, carries=(*OFFERED.carries, "maker", "remaining", "engine_seq", "session"), order_of_sessions="engine_sequence",
    channels=("order", "drop_copy"),
)  # fmt: skip
"""With a drop copy."""
CONVENTIONS = Conventions(replace_quantity="total", replace_keeps_place="never")
"""A replace names the total of the whole chain, and loses its place."""


def sayable(instrument: Instrument, ticks_max: int) -> Instrument:
    """The instrument with no wider bounds than OUCH can say: prices from 0 to so many ticks, quantities of 32 bits."""
    return msgspec.structs.replace(
        instrument, price_min=max(instrument.price_min, 0), price_max=min(instrument.price_max, ticks_max),
        qty_max=min(instrument.qty_max, NUMBER_MAX),
    )  # fmt: skip


class OuchEngine(Wired):
    """What the adapters of such engines have in common; each says which file, instruments and logins."""

    has_sender = True
    dispatches = HAS_ORDER

    def __init__(self, file: EngineFile, wire_instruments: tuple[Instrument, ...]) -> None:
        super().__init__(file, "ouch", wire_instruments)
        self._symbols = symbols_of(wire_instruments)
        firms = [login.firm for login in file.session if login.account is not None]
        self._firm = word(firms[0] if firms else "", FIRM_CHARACTERS)
        """Of all sessions: they are one client's."""

    def sender(self) -> WiredSession:
        """One for all accounts, which keeps no order between them: a call for each of many would cost most of what sending costs."""
        return WiredSession(self, cast(OuchClient, self._living()).sender())

    def dispatch(self, origin_ns: int) -> Dispatcher:
        """A thread that sends on the sessions of all accounts."""
        return cast(OuchClient, self._living()).dispatch(origin_ns, len(self._file.session))

    def made_client(self, venue: Venue) -> OuchClient:
        """A client for those instruments."""
        return OuchClient(venue, self._symbols, self._firm)
