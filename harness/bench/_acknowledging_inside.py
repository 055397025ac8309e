"""An engine inside gonogo without a book, as an adapter file of its own: what is left of the time is the way through the port."""

from __future__ import annotations

from typing import Self

import numpy as np

from harness.base.capabilities import Capabilities, Conventions
from harness.base.records import EVENT, Commands, Events
from harness.bench._acknowledging_object import Batch
from harness.port import EngineSetup, Snapshot


class Acknowledging:
    """Answers at once, and keeps the answers until they are asked for."""

    name, version = "acknowledging", "1"
    capabilities = Capabilities(tifs=("day", "ioc"), answers_at_once=True, reset="call")
    conventions = Conventions()

    def __init__(self, setup: EngineSetup) -> None:
        self.instruments = setup.instruments
        self._engine = Batch(None)
        self._told: Events = np.zeros(0, EVENT)

    def start(self) -> None:
        """There is nothing to bring up."""

    def session(self, account: int) -> Self:
        del account
        return self

    def send(self, commands: Commands) -> int:
        self._told = self._engine.submit_batch(commands)
        return len(commands)

    def poll(self, wait_ns: int) -> Events:
        del wait_ns
        told, self._told = self._told, self._told[:0]
        return told

    def close(self) -> None:
        """Nothing is held."""

    def stop(self, *, graceful: bool) -> None:
        """Nothing runs."""

    def reset(self) -> None:
        """It is always empty."""

    def snapshot(self) -> Snapshot | None:
        return None

    def counters(self) -> dict[str, int]:
        return {}


ENGINE = Acknowledging
