"""What a service's engine is: the same commands give the same books and events only in an engine of the same configuration.

So each of its files begins with the configuration's hash, and one of another engine is refused.
"""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from engines.reference.engine import DEFAULT
from engines.reference.layout import Capacities
from engines.reference.offered import CONVENTIONS
from engines.service.risk.engine import GuardedReference
from harness.base.capabilities import Conventions, Instrument
from harness.base.controls import NO_CONTROLS, Controls

ENGINE = "gonogo reference engine behind controls 1"
"""Its number goes up with every change after which the same commands give another book or other events."""


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """The instruments with their limits, the conventions, the controls, and how much the engine can hold: what is refused hangs on it."""

    instruments: tuple[Instrument, ...]
    conventions: Conventions = CONVENTIONS
    controls: Controls = NO_CONTROLS
    """Those that stand at the start; what operators set later is in the journal, as all commands are."""
    capacities: Capacities = DEFAULT

    def identity(self) -> bytes:
        """32 bytes."""
        return blake2b(ENGINE.encode() + b"\0" + msgspec.json.encode(self), digest_size=32).digest()

    def build(self) -> GuardedReference:
        """An empty engine behind its controls."""
        return GuardedReference(self.instruments, self.conventions, self.controls, self.capacities)
