"""The plain engine behind the readable stage of controls, inside gonogo's own process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engines.adapters._in_process import InProcess
from engines.guarded.engine import GuardedEngine
from engines.guarded.offered import CAPABILITIES, CONVENTIONS
from harness.base.capabilities import Conventions, Instrument
from harness.base.controls import Controls
from harness.port import EngineSetup

NOTHING = Controls()


class GuardedInProcess(InProcess):
    """A guarded engine, or another one of its make, seen through the port."""

    name = "guarded"
    capabilities = CAPABILITIES
    own_conventions = CONVENTIONS

    def __init__(self, setup: EngineSetup) -> None:
        super().__init__(setup)
        self.controls = setup.controls

    @staticmethod
    def build(
        instruments: tuple[Instrument, ...], conventions: Conventions, controls: Controls = NOTHING
    ) -> GuardedEngine:
        return GuardedEngine(instruments, conventions, controls)

    def made(self, build: Callable[..., Any]) -> Any:
        return build(self.instruments, self.conventions, self.controls)

    @staticmethod
    def counted(engine: GuardedEngine) -> dict[str, int]:
        """Events told, trades made and orders live."""
        return {"events": engine.tell.engine_seq, "trades": engine.tell.matches, "live_orders": len(engine.engine.live)}


ENGINE = GuardedInProcess
