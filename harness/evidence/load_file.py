"""load.json: who sent a load, and what each sender measured on its own sessions; the history beside it was merged from theirs."""

from __future__ import annotations

import msgspec

from harness.base.findings import Distribution

LOAD_SCHEMA = 1
CAVEAT_NS = 1_000_000
"""What times of two machines may be apart without a word of it."""


class ClockRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How far a worker's clock was off, by which its start was corrected."""

    offset_ns: int
    """By how much its time of day was ahead of the master's just before the load."""
    doubt_ns: int
    """To how much that is known: half of the shortest round trip."""
    drift_ns: int
    """By how much it went ahead meanwhile, by the steady clocks that the load goes on by."""

    def words(self) -> str:
        """The offset, and how well it is known."""
        way = "ahead of" if self.offset_ns >= 0 else "behind"
        drift = f", drifted by {_ms(self.drift_ns)}" if abs(self.drift_ns) > self.doubt_ns else ""
        return f"clock {_ms(abs(self.offset_ns))} {way} gonogo's, known to {_ms(self.doubt_ns)}{drift}"

    def caveat(self) -> str:
        """What of it limits the times; empty where nothing does."""
        apart_ns = max(self.doubt_ns, abs(self.drift_ns))
        if apart_ns <= CAVEAT_NS:
            return ""
        return f"times of this worker against the drop copy's may be wrong by {_ms(apart_ns)}, and so may be when its commands went out"


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
    machine: str = ""
    """Of a worker that came by itself: what its machine is called, and its address."""
    clock: ClockRecord | None = None
    """Of such a worker; all others share the clock of gonogo."""


class LoadRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    schema: int = LOAD_SCHEMA
    senders: tuple[SenderRecord, ...]
    response: Distribution
    """Of all senders, added up from their reports of each second."""
    service: Distribution
    copied: int
    """Events on the drop copy, which gonogo itself heard."""


def _ms(took_ns: int) -> str:
    return f"{took_ns / 1e6:.3f} ms"
