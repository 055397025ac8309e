"""A service in this process, on loopback, of three ports, one and two of an account each, three of the account of one; one of JSON lines, an operator's, and a drop copy."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engines.service.config import ServiceConfig
from engines.service.operations.clock import ServiceClock
from engines.service.operations.logs import Log
from engines.service.operations.service import Service

PORTS = [
    {"number": 1, "username": "one", "password": "secret", "account": 11},
    {"number": 2, "username": "two", "password": "secret", "account": 12},
    {"number": 3, "username": "three", "password": "secret", "account": 11},
    {"number": 4, "username": "lines", "password": "secret", "account": 14, "protocol": "json"},
    {"number": 5, "username": "staff", "password": "secret", "protocol": "operator", "person": "Ann Example"},
]


def raw_config(ports: dict[str, Any] | None = None, **sessions: int) -> dict[str, Any]:
    """As a file would say it; `ports` is said of every port."""
    return {
        "journal": {"segment_commands": 4_096, "syncs": "none"},
        "sessions": {"orders_max": 100_000} | sessions,
        "engine": {"orders": 50_000, "self_trade": "none"},
        "instruments": [{"id": 4, "symbol": "ONE", "tick_1e9": 10_000_000, "price_max": 10_000, "qty_max": 1_000}],
        "ports": [one | (ports or {}) for one in PORTS],
        "drop_copies": [{"username": "watch", "password": "secret"}],
    }


class Served:
    """The service, and what it logged."""

    def __init__(
        self, folder: Path, config: dict[str, Any], monotonic_ns: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self._lines = io.StringIO()
        clock = ServiceClock(monotonic_ns)
        clock.calibrate()
        self.service = Service(ServiceConfig.model_validate(config), folder, clock, Log(self._lines))
        self.address = self.service.address
        self.json_address = self.service.json_address
        self.fix_address = self.service.fix_address
        self.http_address = self.service.http_address
        self.balanced: bool | None = None

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._lines.getvalue().splitlines()]

    def ends_of_connections(self) -> list[str]:
        return [line["about"] for line in self.log() if line["event"] == "disconnected"]

    def end(self) -> bool:
        self.balanced = self.service.end()
        return self.balanced


@contextmanager
def served(
    folder: Path, config: dict[str, Any] | None = None, monotonic_ns: Callable[[], int] = time.monotonic_ns
) -> Iterator[Served]:
    """Started; ended at the latest here, when its counts must balance."""
    made = Served(folder, config or raw_config(), monotonic_ns)
    made.service.start()
    try:
        yield made
    finally:
        if made.balanced is None:
            made.end()
    assert made.balanced, made.log()[-1]
