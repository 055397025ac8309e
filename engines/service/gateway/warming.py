"""Has every kernel that a message passes through compiled before the first client comes, with a few orders of nobody to an engine of their own."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
import numpy as np

from engines.reference.layout import Capacities
from engines.service.configuration import Configuration
from engines.service.crc import crc_of
from engines.service.entries import seal
from engines.service.gateway.ids import parties_of
from engines.service.gateway.intake import Intake, Owner
from engines.service.gateway.replies import packets_of
from engines.service.gateway.requests import Requests
from engines.service.ring import Ring
from harness.base.records import Events
from harness.wire import ouch, soup
from harness.wire.ouch_layout import LENGTH_PRESENT, REQUEST
from harness.wire.ouch_symbols import symbols_of

PORT, NUMBERS = 1, 4


def warm(configuration: Configuration) -> Events:
    """What the engine told of them."""
    symbols = symbols_of(configuration.instruments)
    engine = msgspec.structs.replace(configuration, capacities=Capacities(64, 64)).build()
    ring = Ring(8)
    with tempfile.TemporaryDirectory() as folder:
        requests = Requests(Path(folder) / "requests", NUMBERS)
        intake = Intake(Owner(PORT, 1, 0), requests, symbols)
        stream = ouch.encode_requests(_orders(int(symbols.symbols[0])))
        commands = intake.take(stream, soup.split(stream).packets)
        ring.put(commands)
        ring.take(commands)
        ring.pending()
        crc_of(seal(commands, 1, 0).data.cast("B"))
        events = engine.submit(commands)
        soup.split(packets_of(PORT, events, parties_of(events), requests, symbols))
    ring.close()
    return events


def _orders(symbol: int) -> ouch.Records:
    """A sell and a buy that trade."""
    made = np.zeros(2, REQUEST)
    made["type"], made["present"], made["user_ref_num"], made["side"] = ord("O"), LENGTH_PRESENT, (1, 2), list(b"SB")
    made["symbol"], made["quantity"], made["price"] = symbol, 1, 0
    made["time_in_force"], made["display"], made["inter_market_sweep_eligibility"] = list(b"0"), ord("Y"), ord("N")
    made["capacity"], made["cross_type"] = ord("P"), ord("N")
    return made
