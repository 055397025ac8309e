"""Structured logs: one JSON object a line, on stderr, so that what reads them needs no patterns."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal, TextIO, TypeAlias

Level: TypeAlias = Literal["info", "warning", "error"]


def _now() -> datetime:
    return datetime.now(UTC)


class Log:
    """Written to by any thread."""

    def __init__(self, to: TextIO, now: Callable[[], datetime] = _now) -> None:
        self._to, self._now = to, now
        self._turn = threading.Lock()

    def say(self, event: str, level: Level = "info", **fields: int | str | bool) -> None:
        """One line, with when it was and what is known of it."""
        time = self._now().isoformat(timespec="milliseconds")
        line = json.dumps({"time": time, "level": level, "event": event, **fields})
        with self._turn:
            print(line, file=self._to, flush=True)
