"""An engine in any language that speaks FIX 4.4 order entry: a session for each account that its engine.toml names.

A session without an account is a drop copy of whole events over SoupBinTCP, as `gonogo serve` tells it (docs/service.md); without one, what hangs
on the order of several sessions is not tested.
"""

from __future__ import annotations

import msgspec

from engines.adapters._connections import Venue
from engines.adapters._fix_sessions import FixSessions
from engines.adapters._wired import Wired, offered
from harness.base.capabilities import Capabilities, Conventions
from harness.base.errors import SetupError
from harness.port import EngineSetup
from harness.wire.fix_requests import Listing

OFFERED = Capabilities(
    commands=("new", "cancel", "replace", "mass_cancel"), mass_cancel_of="account", types=("limit", "market"), tifs=("day", "ioc", "fok", "gtc"), flags=("post_only",),
    terms=("min_qty",), carries=("new_order", "match", "price", "qty", "account", "reason", "role", "channel", "side"),
    order_of_sessions="unknown", accounts_apart=True, reset="none",
)  # fmt: skip
"""What FIX can say. What rests, and the engine's own number of events, are told by a drop copy alone."""
COPIED = msgspec.structs.replace(
    OFFERED, types=(*OFFERED.types, "stop", "stop_limit"), carries=(*OFFERED.carries, "maker", "remaining", "engine_seq", "engine_ns", "session"),
    order_of_sessions="engine_sequence", channels=("order", "drop_copy"),
)  # fmt: skip
"""With a drop copy. Stops FIX can say without one too, but that they trigger the drop copy alone tells."""
CONVENTIONS = Conventions(replace_quantity="total", replace_keeps_place="never")
"""A replace names the total of the whole chain. Whether it keeps its place venues decide for themselves."""


class Fix(Wired):
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
        super().__init__(file, "fix", self.instruments)
        self.name, self.version = file.name, file.version or "unknown"
        self.conventions = file.conventions or CONVENTIONS
        self.capabilities = offered(file, OFFERED, COPIED)

    def made_client(self, venue: Venue) -> FixSessions:
        """A client for those instruments."""
        return FixSessions(venue, Listing(self.instruments))


ENGINE = Fix
