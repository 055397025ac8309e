"""Commands that were due and never sent: in an open loop nothing may go missing in silence.

Whoever drives sends everything that is due, however late. So commands are missing only where a drive ended before its time: since the flow
had no more of them, since it was so far behind its pace that a bound ended it, or since the engine failed. How many were due by then, the
last line of samples.csv tells.
"""

from __future__ import annotations

import csv
from pathlib import Path

from harness.evidence.run import ScenarioRecord

ASKED, SENT = "asked_commands", "sent_commands"


def dropped(record: ScenarioRecord, samples: Path) -> int | None:
    """How many commands the pace asked for that were not sent; None where nothing says. What a user ended was asked for no longer."""
    if record.short is not None and record.rate_per_s:
        return max(record.short.asked - record.short.sent, 0)
    # A pace without an end asks for more while the last answers are waited for: only a duration says when it was over.
    is_over = record.status == "bound reached" and not record.settings.get("duration_ns", 0)
    if not record.rate_per_s or record.status in ("finished", "interrupted") or is_over:
        return 0
    return _missing(samples)


def _missing(samples: Path) -> int | None:
    """By the last sample."""
    try:
        with samples.open(encoding="ascii", newline="") as file:
            last = list(csv.DictReader(file, restval=""))[-1]
        return max(round(float(last[ASKED]) - float(last[SENT])), 0)
    except (OSError, LookupError, ValueError):
        return None
