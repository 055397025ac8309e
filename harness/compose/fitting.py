"""A scenario as it is driven: its flow fitted to the engine and its pace as the user asked for it. Who runs it and who only sends a share make the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from harness.base.capabilities import Capabilities, Conventions
from harness.base.records import NONE
from harness.compose import plugs
from harness.evidence.run import PeakRecord
from harness.flows import Flow, Timed
from harness.pacing import Pacing
from harness.pacing.as_recorded import AsRecorded
from harness.pacing.shapes import StatedPeak
from harness.policy import Peak
from harness.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the user says of the pace, over what each scenario says."""

    rate_per_s: float | None = None
    speed: float | None = None
    """Recordings are sent at their own times, so many times as fast."""
    duration_ns: int = 0
    use: str = ""
    peak: Peak | None = None
    """Stated for the use."""


class Fitted(NamedTuple):
    """What is driven."""

    flow: Flow
    pacing: Pacing
    """Without its seed."""
    peak: PeakRecord | None
    """What the pace goes by, where it goes by a stated peak."""


def flow_of(scenario: Scenario, folder: Path | None) -> Flow | str:
    """Its flow, with the recorded file that it reads where it reads one; or why that is not there. `folder` is where recorded data lies."""
    flow: Any = scenario.flow
    if not scenario.data:
        return scenario.flow
    found = plugs.data_file(scenario.data, folder)
    with_data: Flow | str = found if isinstance(found, str) else replace(flow, path=found)
    return with_data


def fitted(
    flow: Flow,
    pacing: Pacing | StatedPeak | AsRecorded,
    asked: Asked,
    capabilities: Capabilities,
    conventions: Conventions,
) -> Fitted | str:
    """The flow and its pace, or why there is none."""
    flow = flow.fitted(capabilities, conventions)
    if asked.duration_ns and isinstance(flow, Timed):
        flow = flow.looped()
    at_times = _at_own_times(asked, pacing, flow)
    paced = at_times if isinstance(at_times, str) else _paced(asked, at_times)
    return paced if isinstance(paced, str) else Fitted(flow, *paced)


def _at_own_times(asked: Asked, pacing: Pacing | StatedPeak | AsRecorded, flow: Flow) -> Pacing | StatedPeak | str:
    """The pacing that is asked for, with the times of its recording where it goes by them; or why it cannot."""
    if asked.speed is not None and isinstance(flow, Timed):
        pacing = AsRecorded(asked.speed)
    if not isinstance(pacing, AsRecorded):
        return pacing
    if not isinstance(flow, Timed):
        return "its pacing is that of a recording, and its flow is none"
    times_ns = flow.times_ns()
    if not (times_ns != NONE).any():
        return "its recording tells no times, so it cannot be sent at them"
    return pacing.paced(times_ns)


def _paced(asked: Asked, pacing: Pacing | StatedPeak) -> tuple[Pacing, PeakRecord | None] | str:
    """The pacing to drive at, with the stated peak that it goes by; or why there is none."""
    if not isinstance(pacing, StatedPeak):
        return (pacing if asked.rate_per_s is None else pacing.at_rate(asked.rate_per_s)), None
    if asked.rate_per_s is not None:
        return "it goes at a multiple of a stated peak, so --rate cannot be its rate"
    if asked.peak is None:
        return (
            f"it goes at a multiple of the peak that is stated for the use {asked.use}, and none is: "
            f"give the policy commands_per_s and source in [use.{asked.use}.peak]"
        )
    peak = PeakRecord(times=pacing.times, commands_per_s=asked.peak.commands_per_s, source=asked.peak.source)
    return pacing.paced(asked.peak.commands_per_s), peak
