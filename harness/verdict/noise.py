"""When a broken limit on times says nothing of the engine, since the machine was not left alone.

Others can only take time away. So a limit that is kept on a noisy machine is kept, and only one that is broken becomes unknown.
"""

from __future__ import annotations

from harness.base.judgement import Measured
from harness.evidence.fold import RunInfo
from harness.policy import Use
from harness.verdict.heard import Heard
from harness.verdict.measured import measured

OTHERS = 0.2
IDLE = 0.15
"""Others used more than OTHERS of all cores and less than IDLE was free: whoever was ready to run had to wait for a core."""


def noise(one: Heard, use: Use) -> str:
    """How the machine was beyond the limits of the use, by what the check of it heard; what it does not tell breaks none."""
    broken = [m for m in measured(one, use, {}) if m.verdict == "fail"]
    said = "; ".join(f"{m.metric} is {_in_words(m)}, wanted {m.limit}" for m in broken)
    return f"not valid: the machine was too noisy ({said})" if said else ""


def crowded(run: RunInfo) -> str:
    """How others had so much of the machine that the engine had to wait, whatever the policy says."""
    # In a run of before steal was recorded by itself, it stands within what others used.
    stolen = (run.host and run.host.steal) or 0.0
    taken = run.others_cpu + stolen
    if taken < OTHERS or run.idle_cpu > IDLE:
        return ""
    return (
        f"not valid: the machine was busy with other things ({taken:.0%} of its cores' time went to others, "
        f"{run.idle_cpu:.0%} was free)"
    )


def _in_words(measure: Measured) -> str:
    """In the units that limits are written in."""
    return f"{measure.value * 100:.3g}%" if measure.unit == "share" else f"{measure.value / 1e6:.3g}ms"
