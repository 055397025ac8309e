"""Of every hundred events the drop copy leaves one out: whoever settles by it books what the sessions did not tell, and less than they did."""

from __future__ import annotations

from engines.service.gateway.drop_copy import DropCopies
from engines.specimens import SpecimenPlug
from harness.base.records import Events

EVERY = 100
HEALTHY = DropCopies.tell


def _tell(self: DropCopies, events: Events) -> None:
    for part in (events[at : at + 1] for at in range(len(events))):
        if part["engine_seq"][0] % EVERY:
            self.stream.count = int(part["engine_seq"][0]) - 1
            HEALTHY(self, part)


def build() -> None:
    """Put it into the service of this process."""
    DropCopies.tell = _tell  # type: ignore[method-assign] # that is what a specimen is


SPECIMEN = SpecimenPlug(
    about="the drop copy leaves out one event of a hundred", kind="pipeline", caught_by=("channels_agree", "numbering"),
    build=build, base="service",
)  # fmt: skip
