"""All ports of a service as they were when it ended, however it ended: from the marks of its streams on, or from the first event of its trail."""

from __future__ import annotations

from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from engines.service.config import ServiceConfig
from engines.service.gateway.deeds import Deeds, Say, keep_persons
from engines.service.gateway.drop_copy import DropCopies
from engines.service.gateway.fix_port import FixPort
from engines.service.gateway.json_port import JsonPort
from engines.service.gateway.marks import NO_MARKS, Marker, read_marks
from engines.service.gateway.ports import DROP_COPY, OuchPorts, Ports
from engines.service.gateway.retelling import events_of_trail
from engines.service.gateway.streams import NO_MARK
from harness.wire.ouch import word
from harness.wire.ouch_symbols import FIRM_CHARACTERS, symbols_of


class Opened(NamedTuple):
    """What a start finds."""

    ports: Ports
    after: int
    """The event behind which their streams were made again."""


def opened_ports(config: ServiceConfig, folder: Path, trail: Path, *, identity: bytes, event: int, say: Say) -> Opened:
    """All ports, with what they were told before, up to the event that is the trail's last; `identity`: of the engine.

    Raises:
        RefusedError: the trail is not intact.
        SetupError: the number of a port was another person's.
    """
    folder.mkdir(exist_ok=True)
    persons = {one.number: one.person for one in config.ports if one.person}
    keep_persons(folder, persons)
    deeds = Deeds(persons, say)
    own = _identity(config, identity)
    # A FIX port makes its orders again from their first events.
    speaks_fix = any(one.protocol == "fix" for one in config.ports)
    marks = NO_MARKS if speaks_fix else read_marks(folder, own, event)
    numbers = config.sessions.orders_max
    ouch = OuchPorts(
        (one for one in config.ports if one.protocol == "ouch"), folder, numbers, symbols_of(config.instruments),
        word(config.service.firm, FIRM_CHARACTERS), marks=marks,
    )  # fmt: skip
    others: list[JsonPort | FixPort] = [
        FixPort(one, folder, numbers, config.instruments, config.service.firm)
        if one.protocol == "fix"
        else JsonPort(one, *([deeds.ask] if one.person else []))
        for one in config.ports
        if one.protocol != "ouch"
    ]
    copies = DropCopies(config.drop_copies, folder / DROP_COPY, marks.streams.get(DROP_COPY, NO_MARK))
    ports = Ports(ouch, others, copies, deeds, Marker(folder, own, marks.event))
    for events in events_of_trail(trail, identity, marks.event):
        ports.tell(events, again=True)
    return Opened(ports, marks.event)


def _identity(config: ServiceConfig, engine: bytes) -> str:
    """Of what streams follow from, beside the events: another version may say the same in other words."""
    ports = sorted((one.number, one.protocol) for one in config.ports)
    said = version("gonogo"), ports, config.sessions.orders_max, config.service.firm, bool(config.drop_copies)
    return blake2b(engine + repr(said).encode(), digest_size=16).hexdigest()
