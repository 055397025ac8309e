"""The plain engine inside gonogo's own process."""

from __future__ import annotations

from engines.adapters._in_process import InProcess
from engines.plain.engine import PlainEngine
from engines.plain.offered import CAPABILITIES, CONVENTIONS
from harness.base.capabilities import Conventions, Instrument


class PlainInProcess(InProcess):
    """A plain engine, or another one of its make, seen through the port."""

    name = "plain"
    capabilities = CAPABILITIES
    own_conventions = CONVENTIONS

    @staticmethod
    def build(instruments: tuple[Instrument, ...], conventions: Conventions) -> PlainEngine:
        return PlainEngine(instruments, conventions)

    @staticmethod
    def counted(engine: PlainEngine) -> dict[str, int]:
        """Events told, trades made and orders live."""
        return {"events": engine.tell.engine_seq, "trades": engine.tell.matches, "live_orders": len(engine.live)}


ENGINE = PlainInProcess
