"""What the gateway counts for those who watch it: response times, why connections ended, and what was refused why."""

from __future__ import annotations

import numpy as np

from engines.service.gateway.ids import REFUSED
from engines.service.gateway.link import Cause
from engines.service.gateway.response_times import ResponseTimes
from harness.base.reasons import Reason
from harness.base.records import EventKind, Events

IS_REFUSAL = np.isin(np.arange(256), (EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED))
"""By the kind of an event."""
ROOM = 1 << 10
"""More than the highest reason, a power of two."""
OWN_FAULTS = (Reason.EXHAUSTED, Reason.SYSTEM)
"""What is refused because the service could not, whatever the client did."""


class Figures:
    """Written on the gateway's thread, read by any."""

    def __init__(self) -> None:
        self.response_times = ResponseTimes()
        self.ended = dict.fromkeys(Cause, 0)
        """Connections, by why they ended."""
        self.turned_away = 0
        """Connections for which there was no room."""
        self._rejects = np.zeros(ROOM, np.int64)

    def told(self, events: Events) -> None:
        """Count what is refused among events."""
        rows = np.flatnonzero(IS_REFUSAL[events["kind"]])
        if len(rows):
            refused = events[rows]
            # What no command could say has its reason in its quantity.
            reasons = np.where(refused["order"] & REFUSED, refused["qty"], refused["reason"])
            self._rejects += np.bincount(reasons & (ROOM - 1), minlength=ROOM)

    def rejects(self) -> dict[str, int]:
        """How much was refused, by the reason's name, for every reason that there is."""
        return {reason.name.lower(): int(self._rejects[reason]) for reason in Reason if reason}

    def errors(self) -> dict[str, int]:
        """What went wrong and is no rule of the venue at work."""
        return {
            "wire": self.ended[Cause.WIRE],
            "slow_reader": self.ended[Cause.SLOW],
            "turned_away": self.turned_away,
            "system": int(self._rejects[list(OWN_FAULTS)].sum()),
        }
