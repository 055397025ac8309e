"""Who takes part in a FIX session, how far a connection of it has come, and what its two sides agree on."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from harness.wire.fix_store import Store

SECOND_NS = 10**9


class Party(NamedTuple):
    """Who talks to whom, and this side's memory."""

    own: str
    other: str
    store: Store


class Phase(Enum):
    """How far a connection has come."""

    AWAITING = auto()
    """The other side must log on."""
    KNOCKING = auto()
    """Our Logon is not answered yet."""
    ACTIVE = auto()
    LEAVING = auto()
    """Our Logout is not answered yet."""
    LEFT = auto()
    """We answered a Logout; the other side closes."""


class Tolerances(NamedTuple):
    """What the protocol leaves to agreement."""

    silence_percent: int = 120
    """Of the heartbeat interval: how long the other side may be silent before it is asked, and once it was asked."""
    clock_ns: int = 120 * SECOND_NS
    """How far SendingTime may be off."""
    logout_ns: int = 10 * SECOND_NS
    """How long the other side may take to answer a Logout, or to close."""


CUSTOMARY = Tolerances()
