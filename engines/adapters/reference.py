"""The reference engine inside gonogo's own process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engines.adapters._in_process import InProcess
from engines.reference.offered import CAPABILITIES, CONVENTIONS
from harness.base.capabilities import Conventions, Instrument
from harness.base.records import COMMAND

if TYPE_CHECKING:
    from engines.reference.engine import ReferenceEngine


class ReferenceInProcess(InProcess):
    """A reference engine seen through the port."""

    name = "reference"
    capabilities = CAPABILITIES
    own_conventions = CONVENTIONS

    @staticmethod
    def build(instruments: tuple[Instrument, ...], conventions: Conventions) -> ReferenceEngine:
        from engines.reference.engine import ReferenceEngine  # noqa: PLC0415 - numba, half a second, only when one is built

        engine = ReferenceEngine(instruments, conventions)
        # Its kernels are loaded, or compiled, before the first command is due.
        engine.submit(np.zeros(0, COMMAND))
        return engine

    @staticmethod
    def counted(engine: ReferenceEngine) -> dict[str, int]:
        return engine.counters()


ENGINE = ReferenceInProcess
