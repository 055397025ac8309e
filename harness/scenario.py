"""A scenario: what is driven how, as a value, so that a change of it reads well in a diff."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.base.capabilities import Conventions
from harness.flows import Flow
from harness.instruments import Instrument
from harness.pacing import Pacing, Unpaced


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One thing to run: each file in `scenarios/` binds `SCENARIO` to one."""

    about: str
    flow: Flow
    instrument: Instrument
    pacing: Pacing = field(default_factory=Unpaced)
    checks: tuple[str, ...] = ()
    """The checks that judge it; empty: all that apply to what it leaves."""
    probes: tuple[str, ...] = ("process",)
    conventions: Conventions | None = None
    """The conventions to set a bundled engine to; None: its own."""
    data: str = ""
    """A recorded file that the flow reads (its field `path`), looked for in the data folder; without it: not tested."""
