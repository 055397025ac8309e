"""One trade of twenty is told twice on a session, as by a gateway that sends again what it believes was lost: its client holds twice as much."""

from __future__ import annotations

from engines.service.gateway.ids import Parties, parties_of
from engines.service.gateway.ports import OuchPorts
from engines.specimens import SpecimenPlug
from harness.base.records import EventKind, Events

EVERY = 20
HEALTHY = OuchPorts.tell


def _tell(self: OuchPorts, events: Events, parties: Parties) -> None:
    HEALTHY(self, events, parties)
    again = events[(events["kind"] == EventKind.TRADE) & (events["match"] % EVERY == 0)]
    if len(again):
        HEALTHY(self, again, parties_of(again))


def build() -> None:
    """Put it into the service of this process."""
    OuchPorts.tell = _tell  # type: ignore[method-assign] # that is what a specimen is


SPECIMEN = SpecimenPlug(
    about="one trade of twenty is told twice on its sessions", kind="pipeline", caught_by=("channels_agree",), build=build,
    base="service",
)  # fmt: skip
