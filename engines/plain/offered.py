"""What the plain engine offers and by which conventions it works unless told otherwise.

The adapter declares these words and the input checks obey them, so the two cannot drift apart.
"""

from __future__ import annotations

from harness.base.capabilities import CONTROLS, Capabilities, Conventions
from harness.base.records import Flag, OrderType, TimeInForce

CAPABILITIES = Capabilities(
    commands=("new", "cancel", "replace", "mass_cancel"),
    types=("limit", "market", "stop", "stop_limit"),
    tifs=("day", "ioc", "fok", "gtc"),
    flags=("post_only",),
    terms=("min_qty",),
    controls=CONTROLS,
    carries=(
        "new_order", "maker", "match", "price", "qty", "remaining", "engine_seq", "account", "session", "reason",
        "side", "role", "channel",
    ),
    order_of_sessions="engine_sequence",
    answers_at_once=True,
    book=("snapshot",),
    reset="call",
)  # fmt: skip
CONVENTIONS = Conventions(self_trade="cancel_newest")

TYPES = frozenset(int(OrderType[name.upper()]) for name in CAPABILITIES.types)
TIFS = frozenset(int(TimeInForce[name.upper()]) for name in CAPABILITIES.tifs)
OFFERS_MIN_QTY = "min_qty" in CAPABILITIES.terms
FLAGS = sum(int(Flag[name.upper()]) for name in CAPABILITIES.flags)
"""Every flag that is offered, as bits."""
