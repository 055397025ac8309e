"""What the reference engine offers and by which conventions it works unless told otherwise."""

from __future__ import annotations

from harness.base.capabilities import CONTROLS, Capabilities, Conventions

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
