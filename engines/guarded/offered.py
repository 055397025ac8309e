"""What the guarded engine offers: all that the plain one does, the controls of the stage before it, and what operators may ask."""

from __future__ import annotations

import msgspec

from engines.plain.offered import CAPABILITIES as PLAIN
from engines.plain.offered import CONVENTIONS
from harness.base.capabilities import STAGE_CONTROLS

__all__ = ["CAPABILITIES", "CONVENTIONS"]

CAPABILITIES = msgspec.structs.replace(
    PLAIN,
    commands=(*PLAIN.commands, "kill_account", "enable", "halt", "resume", "limit", "tick"),
    controls=(*PLAIN.controls, *STAGE_CONTROLS),
    carries=(*PLAIN.carries, "engine_ns"),
)
