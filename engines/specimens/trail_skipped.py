"""One fill of twenty is told to sessions and drop copy and never reaches the audit trail, as by a fast path beside it: the trail is whole and lacks it."""

from __future__ import annotations

import numpy as np

from engines.service.audit_trail import AuditTrail
from engines.specimens import SpecimenPlug
from harness.base.records import EventKind, Events

EVERY = 20
HEALTHY = AuditTrail.append


def _append(self: AuditTrail, events: Events, last_command: int, durable: int) -> None:
    kept = events[(events["kind"] != EventKind.TRADE) | (events["match"] % EVERY != 0)].copy()
    # The trail takes events in a row only, so whoever goes beside it numbers the others anew.
    kept["engine_seq"] = np.arange(len(kept), dtype=np.uint64) + np.uint64(self.position.event + 1)
    HEALTHY(self, kept, last_command, durable)


def build() -> None:
    """Put it into the service of this process."""
    AuditTrail.append = _append  # type: ignore[method-assign] # that is what a specimen is


SPECIMEN = SpecimenPlug(
    about="one fill of twenty is told and never reaches the audit trail", kind="pipeline", caught_by=("audit_trail",),
    build=build, base="service",
)  # fmt: skip
