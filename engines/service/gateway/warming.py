"""Has every kernel that a message passes through compiled or loaded before the first client comes, with orders of nobody between ports of nobody.

They pass what clients' orders pass: the same ports, the ring, the journal's entries and an engine of their own. What that leaves out would
be compiled in the middle of somebody's first order; tests/contract/test_warm.py watches for it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np

from engines.reference.layout import Capacities
from engines.service.config import DropCopy
from engines.service.config import Port as Settings
from engines.service.configuration import Configuration
from engines.service.crc import crc_of
from engines.service.entries import seal
from engines.service.gateway.drop_copy import DropCopies
from engines.service.gateway.ids import parties_of
from engines.service.gateway.json_port import JsonPort
from engines.service.gateway.ports import OuchPorts
from engines.service.ring import Ring
from harness.base.errors import SetupError
from harness.base.records import Commands, Events
from harness.wire import soup
from harness.wire.ouch import Records, encode_requests
from harness.wire.ouch_layout import LENGTH_PRESENT, REQUEST
from harness.wire.ouch_symbols import symbols_of

NUMBERS = 4
FOLDER = "warming"
NONE_KNOWS = "none"
OUCH = Settings(number=1, username="OUCH", password=NONE_KNOWS, account=1)
LINES = Settings(number=2, username="LINES", password=NONE_KNOWS, account=2, protocol="json")
COPY = DropCopy(username="COPY", password=NONE_KNOWS)


class _Nobody:
    """Is connected by JSON lines."""

    def hear(self, lines: bytes) -> None:
        """And does not listen."""


def warm(configuration: Configuration, data: Path) -> list[Events]:
    """What the engine told of them. For the while there is a folder of theirs among the service's data."""
    symbols = symbols_of(configuration.instruments)
    engine = msgspec.structs.replace(configuration, capacities=Capacities(64, 64)).build()
    with _passing(data / FOLDER) as folder:
        ouch, lines, copies = (
            OuchPorts([OUCH], folder, NUMBERS, symbols, 0),
            JsonPort(LINES),
            DropCopies([COPY], folder / "copy"),
        )
        lines.listener = _Nobody()
        port = ouch.by_number[OUCH.number]
        stream = encode_requests(_orders(int(symbols.symbols[0])))
        port.bring(stream.tobytes(), soup.split(stream).packets, _fail)
        orders, cancel = ouch.intake.take(), lines.take(_line(configuration)).commands
        told = [engine.submit(_journaled(commands)) for commands in (orders, cancel)]
        for events in told:
            parties = parties_of(events)
            ouch.tell(events, parties)
            lines.tell(events, parties)
            copies.tell(events)
        ouch.close()
        copies.stream.close()
    return told


@contextmanager
def _passing(folder: Path) -> Iterator[Path]:
    """An empty folder that goes again; what one left that was killed goes first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _fail(why: str) -> None:
    raise SetupError(f"orders of nobody were refused: {why}")


def _journaled(commands: Commands) -> Commands:
    """Through a ring and into an entry of a journal that nobody keeps."""
    ring = Ring(8)
    ring.put(commands)
    taken = np.zeros_like(commands)
    ring.take(taken)
    ring.pending()
    ring.spin(1)
    ring.close()
    crc_of(seal(taken, 1, 0).data.cast("B"))
    return taken


def _orders(symbol: int) -> Records:
    """A sell and a buy that trade."""
    made = np.zeros(2, REQUEST)
    made["type"], made["present"], made["user_ref_num"], made["side"] = ord("O"), LENGTH_PRESENT, (1, 2), list(b"SB")
    made["symbol"], made["quantity"], made["price"] = symbol, 1, 0
    made["time_in_force"], made["display"], made["inter_market_sweep_eligibility"] = list(b"0"), ord("Y"), ord("N")
    made["capacity"], made["cross_type"] = ord("P"), ord("N")
    return made


def _line(configuration: Configuration) -> bytes:
    """A cancel of what was never there."""
    return msgspec.json.encode({"type": "cancel", "target": 1, "instrument": configuration.instruments[0].id}) + b"\n"
