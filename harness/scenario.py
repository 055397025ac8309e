"""A scenario: what is driven how, as a value, so that a change of it reads well in a diff."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.base.capabilities import Conventions
from harness.base.controls import NO_CONTROLS, Controls
from harness.base.errors import SetupError
from harness.flows import Flow
from harness.instruments import Instrument
from harness.pacing import Pacing, Unpaced
from harness.pacing.as_recorded import AsRecorded
from harness.pacing.shapes import StatedPeak

LEAST_BYTES = 16 << 20
"""A bound under which only a handful of segments have room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One thing to run: each file in `scenarios/` binds `SCENARIO` to one."""

    about: str
    flow: Flow
    instrument: Instrument
    pacing: Pacing | StatedPeak | AsRecorded = field(default_factory=Unpaced)
    checks: tuple[str, ...] = ()
    """The checks that judge it; empty: all that apply to what it leaves."""
    probes: tuple[str, ...] = ("process",)
    conventions: Conventions | None = None
    """The conventions to set a bundled engine to; None: its own."""
    controls: Controls = NO_CONTROLS
    """What an engine with controls of its own is to hold accounts, firms and instruments to; one that has others is left out."""
    data: str = ""
    """A recorded file that the flow reads (its field `path`), looked for in the data folder; without it: not tested."""
    warm_up_ns: int = 0
    """What is due so soon after the first command is timed by no check, as while an engine loads or compiles; its answers are judged all the same."""
    history_bytes: int = 0
    """What its history may weigh on disk: for runs too long to keep. A judge beside the run then folds each stretch and drops it;
    a check that cannot keep up holds the drive up. 0: everything is kept, up to the bound of a journal."""

    def __post_init__(self) -> None:
        if self.history_bytes and self.history_bytes < LEAST_BYTES:
            raise SetupError(
                f"a history of {self.history_bytes:,} bytes is too small; wanted 0, or {LEAST_BYTES:,} or more"
            )
