"""load.json: who sent a load, and what each sender measured on its own sessions; the history beside it was merged from theirs."""

from __future__ import annotations

import msgspec

from harness.base.findings import Distribution

LOAD_SCHEMA = 1


class SenderRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One worker."""

    accounts: tuple[int, ...]
    """Whom it sent for."""
    sent: int
    received: int
    """Events on its own sessions."""
    response: Distribution
    """From when a command was due to its first answer on its own session, in ns."""
    service: Distribution
    """The same from when it was sent."""


class LoadRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    schema: int = LOAD_SCHEMA
    senders: tuple[SenderRecord, ...]
    response: Distribution
    """Of all senders, added up from their reports of each second."""
    service: Distribution
    copied: int
    """Events on the drop copy, which gonogo itself heard."""
