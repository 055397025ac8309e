"""What gonogo's own judges say of all that a service ever did, by its journal and its trail alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from engines.service.config import ServiceConfig
from engines.service.gateway.retelling import events_of_trail
from engines.service.recovery import JOURNAL, TRAIL
from engines.service.scan import commands_between, scan
from harness.base.notes import FlowNotes
from harness.base.records import COMMAND, EVENT
from harness.checks import breaker, kill_switch, legal, reject_cause, risk_limits
from tests.fakes.history import folded, info, segments
from tests.fakes.told import SERVICE

CHECKS = (breaker, kill_switch, legal, reject_cause, risk_limits)


def judged(folder: Path, config: dict[str, Any]) -> dict[str, Any]:
    """The facts of each check."""
    configuration = ServiceConfig.model_validate(config).configuration()
    identity = configuration.identity()
    tail = scan(folder / JOURNAL, identity)
    commands = [found for _, found in commands_between(tail.segments, 0, tail.last)]
    events = list(events_of_trail(folder / TRAIL, identity))
    history = segments(
        np.concatenate([np.zeros(0, COMMAND), *commands], dtype=COMMAND),
        np.concatenate([np.zeros(0, EVENT), *events], dtype=EVENT),
    )
    run = info(
        capabilities=SERVICE, conventions=configuration.conventions, instruments=configuration.instruments, controls=configuration.controls,
        notes=FlowNotes(least_accepted=0),
    )  # fmt: skip
    return {module.__name__.rpartition(".")[2]: folded(module.CHECK.start(run), history) for module in CHECKS}
