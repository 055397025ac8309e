"""A line is one JSON object with its time, its level and what is known."""

import io
import json
from datetime import UTC, datetime

from engines.service.operations.logs import Log


def test_a_line_is_an_object():
    to = io.StringIO()
    log = Log(to, lambda: datetime(2026, 1, 2, 3, 4, 5, 678_900, UTC))
    log.say("drained", "error", gaps='{"a": 1}\n', count=3, in_time=False)
    log.say("ready")
    first, second = map(json.loads, to.getvalue().splitlines())
    assert first == {
        "time": "2026-01-02T03:04:05.678+00:00", "level": "error", "event": "drained", "gaps": '{"a": 1}\n', "count": 3, "in_time": False,
    }  # fmt: skip
    assert (second["level"], second["event"]) == ("info", "ready")
