"""Ports before an engine, without sockets and without a pipeline: what they send is carried out at once."""

from __future__ import annotations

import numpy as np

from engines.reference.engine import ReferenceEngine
from engines.service.gateway.ids import parties_of
from engines.service.gateway.intake import Intake, Owner
from engines.service.gateway.replies import packets_of
from engines.service.gateway.requests import Requests
from harness.base.capabilities import Conventions, Instrument
from harness.wire import soup
from harness.wire.ouch_symbols import symbols_of
from tests.fakes.ouch_client import FIRM, heard

INSTRUMENTS = (
    Instrument(id=4, symbol="ONE", tick_1e9=10_000_000, price_max=10_000, qty_max=1_000),
    Instrument(id=2, symbol="TWO", tick_1e9=10_000_000, price_max=10_000, qty_max=1_000),
)
CONVENTIONS = Conventions(self_trade="none", replace_quantity="total", replace_keeps_place="never")


PORTS = (1, 2)


class Desk:
    """Ports 1 and 2, of accounts 11 and 12."""

    def __init__(self, folder, numbers=1_000):
        self.engine = ReferenceEngine(INSTRUMENTS, CONVENTIONS)
        self.symbols = symbols_of(INSTRUMENTS)
        self.requests = Requests(folder / "requests", numbers, PORTS)
        self.intake = Intake([Owner(port, 10 + port) for port in PORTS], FIRM, self.requests, self.symbols)
        self.refusals = []
        self.events = []

    def bring(self, port, stream):
        self.intake.bring(port, stream, soup.split(stream).packets, lambda why: self.refusals.append((port, why)))

    def commands(self, port, stream):
        self.bring(port, stream)
        return self.intake.take()

    def raw(self, port, stream):
        """What each port is told."""
        events = self.engine.submit(self.commands(port, stream))
        self.events.append(events.copy())
        return self.told(events)

    def told(self, events):
        told = packets_of(events, parties_of(events), self.requests, self.symbols)
        return dict.fromkeys(PORTS, b"") | {one.port: one.packets.tobytes() for one in told}

    def answers(self, port, stream):
        """What the port itself is told, in short."""
        return heard(self.raw(port, stream)[port])

    def all_events(self):
        return np.concatenate(self.events)
