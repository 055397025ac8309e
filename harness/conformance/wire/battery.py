"""Runs the rows of the protocols that an engine speaks, one after the other, on sessions that each row leaves as it found them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.conformance.wire import fix, fix_orders, ouch, soup
from harness.conformance.wire.fix_line import FixLine
from harness.conformance.wire.line import LOGIN_S, Line
from harness.conformance.wire.ouch_line import OuchLine
from harness.conformance.wire.script import Row
from harness.conformance.wire.talk import Talk, Tried
from harness.port import Door

PATIENCE_S = 3.0
"""How long an answer may take."""
SOUP, OUCH, FIX = "SoupBinTCP", "OUCH 5.0", "FIX 4.4"
ROWS: dict[str, dict[str, tuple[Row, ...]]] = {
    "ouch": {SOUP: soup.ROWS, OUCH: ouch.ROWS},
    "fix": {FIX: (*fix.ROWS, *fix_orders.ROWS)},
}
"""By the protocol of a door: the batteries that are held against it."""
LINES: dict[str, type[Line]] = {"ouch": OuchLine, "fix": FixLine}
SESSIONS_MOST = 2
SILENT_MOST = 3
"""After so many rows in which an engine neither said anything nor closed, each further one would take all the time there is."""


class Battery:
    """The doors of one engine, all of one protocol."""

    def __init__(self, doors: Sequence[Door], patience_s: float = PATIENCE_S, login_s: float = LOGIN_S) -> None:
        self._protocol = doors[0].protocol
        self._lines = [LINES[self._protocol](door, patience_s, login_s) for door in doors[:SESSIONS_MOST]]

    def run(self) -> Iterator[Tried]:
        """All rows, in their order; of an engine that says nothing any more, no further ones."""
        silent = 0
        for name, rows in ROWS[self._protocol].items():
            for row in rows:
                if silent >= SILENT_MOST:
                    yield Tried(name, row, "not tried", f"in {SILENT_MOST} rows nothing was heard of the engine")
                    continue
                before = self._signs()
                tried = self.hold(name, row)
                is_silent = self._signs() == before and tried.state != "held"
                silent = silent + 1 if is_silent else 0
                yield tried

    def _signs(self) -> int:
        return sum(line.signs for line in self._lines)

    def hold(self, name: str, row: Row) -> Tried:
        """One row of the battery of this name."""
        if row.sessions > len(self._lines):
            return Tried(
                name, row, "not tried", f"it needs {row.sessions} sessions, and engine.toml tells of {len(self._lines)}"
            )
        lines = self._lines[: row.sessions]
        for line in lines:
            line.open()
        try:
            return Talk(name, row, lines).run()
        finally:
            for line in lines:
                line.settle()
