"""What the trail took last is lost when the service is told to stop, though it was told to everybody: a buffer that nobody writes out at the end."""

from __future__ import annotations

from collections import deque

from engines.service.audit_trail import AuditTrail
from engines.service.trail_files import Position
from engines.specimens import SpecimenPlug
from harness.base.records import Events

BUFFERED = 2
"""Batches that stand in the buffer."""
APPEND, CLOSE = AuditTrail.append, AuditTrail.close
WRITTEN: deque[Position] = deque(maxlen=BUFFERED)
"""Where the newest batches begin."""


def _append(self: AuditTrail, events: Events, last_command: int, durable: int) -> None:
    WRITTEN.append(self.position)
    APPEND(self, events, last_command, durable)


def _close(self: AuditTrail) -> None:
    left = [at for at in WRITTEN if at.path == self.position.path]
    if left:
        self.position = left[0]
        self._file.truncate(self.position.offset)
        self._write_head()
    CLOSE(self)


def build() -> None:
    """Put it into the service of this process."""
    AuditTrail.append, AuditTrail.close = _append, _close  # type: ignore[method-assign] # that is what a specimen is


SPECIMEN = SpecimenPlug(
    about="what the audit trail took last is lost when the service is told to stop", kind="pipeline", caught_by=("audit_trail",),
    build=build, base="service",
)  # fmt: skip
