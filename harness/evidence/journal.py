"""Writes one scenario's history, bounded, in segments that survive the death of gonogo."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from harness.base.bits import BookRows, digest
from harness.base.records import RECORD_BYTES, Commands, Events
from harness.evidence.fold import RepeatMark, StateMark
from harness.evidence.scribe import Scribe
from harness.evidence.store import write_bytes

SEGMENT_COMMANDS = 1 << 14
"""Commands a segment: small enough that a fold holds one in memory with all its events."""
SEGMENT_EVENTS = 1 << 17
"""Events a segment, where few commands have many; eight a command are more than any flow has on average. 15 MB."""
FLUSH_NS = 200_000_000
LIMIT_BYTES = 2 << 30
"""What one scenario's history may weigh before its instrument must end."""


class DigestLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of digests.jsonl: the engine's book after a command, or a block of events of a repeated run."""

    kind: str
    """`state`, `repeat`, or `relation` for a run that a relation changed."""
    first: int
    digest: str
    engine_seq: int = 0
    repeat: int = 0
    count: int = 0
    relation: str = ""
    why: str = ""


class Journal:
    """The history of one scenario, written as it happens.

    With `followed`, which tells whether a live judge is at work, the bound holds for what lies on disk: the judge drops what it
    has folded, and whoever writes faster waits for it. Without a judge, or once it is gone, the history ends at the bound.
    """

    def __init__(
        self, folder: Path, *, limit_bytes: int = LIMIT_BYTES, segment_commands: int = SEGMENT_COMMANDS,
        segment_events: int = SEGMENT_EVENTS, followed: Callable[[], bool] | None = None,
    ) -> None:  # fmt: skip
        self.folder = folder
        self.sent = 0
        """How many commands were written."""
        self.received = 0
        """How many events were written."""
        self._limit_bytes = limit_bytes
        self._segment_commands, self._segment_events = segment_commands, segment_events
        self._followed = followed
        self._commands_in_segment = self._events_in_segment = 0
        self._flushed_ns = time.monotonic_ns()
        self._closed = False
        (folder / "history").mkdir(parents=True)
        self._digests = (folder / "digests.jsonl").open("ab")
        self._scribe = Scribe(folder / "history", limit_bytes, followed)
        self._stretch = self._scribe.blank()

    @property
    def full(self) -> bool:
        """Whether the history has reached its bound: the instrument then ends, and the run tells so."""
        weight_bytes = (self.sent + self.received) * RECORD_BYTES - self._scribe.freed_bytes
        return weight_bytes >= self._limit_bytes and not (self._followed and self._followed())

    def commands(self, records: Commands) -> None:
        """Write commands that are being sent; call before the events that answer them. The array stays the caller's.

        Raises:
            OSError: what was given before could not be written.
        """
        if self._commands_in_segment >= self._segment_commands:
            self._end_segment()
        taken = self._stretch.commands.take(records)
        while taken < len(records):
            self._pass_on()
            taken += self._stretch.commands.take(records[taken:])
        self._commands_in_segment += len(records)
        self.sent += len(records)
        self._flush()

    def events(self, records: Events) -> None:
        """Write events as received. The array stays the caller's.

        Raises:
            OSError: as above.
        """
        if self._events_in_segment >= self._segment_events:
            self._end_segment()
        taken = self._stretch.events.take(records)
        while taken < len(records):
            self._pass_on()
            taken += self._stretch.events.take(records[taken:])
        self._events_in_segment += len(records)
        self.received += len(records)
        self._flush()

    def state(self, number: int, engine_seq: int, rows: BookRows) -> None:
        """Write the engine's book as it shows it after command `number`."""
        write_bytes(self.folder / "snapshots" / f"{number}.book", rows.tobytes())
        self._mark(DigestLine(kind="state", first=number, engine_seq=engine_seq, digest=digest(rows)))

    def repeat(self, mark: RepeatMark) -> None:
        """Write the digest of a block of events of a further run of the same flow, or that there was none and why."""
        self._mark(
            DigestLine(
                kind="relation" if mark.relation else "repeat", relation=mark.relation, why=mark.why,
                first=mark.first, count=mark.count, repeat=mark.repeat, digest=mark.digest,
            )
        )  # fmt: skip

    def sample(self, now_ns: int, columns: tuple[str, ...], values: tuple[float, ...]) -> None:
        """Write what a probe read; the first row of the file names the columns."""
        path = self.folder / "samples.csv"
        with path.open("a", encoding="ascii") as file:
            if not file.tell():
                file.write(",".join(("now_ns", *columns)) + "\n")
            file.write(
                ",".join((str(now_ns), *(f"{value:g}" if math.isnan(value) else f"{value:.10g}" for value in values)))
                + "\n"
            )

    def close(self) -> None:
        """Seal what is open; safe to call twice.

        Raises:
            OSError: as above.
        """
        if self._closed:
            return
        self._closed = True
        self._digests.close()
        self._stretch.ends = True
        self._scribe.write(self._stretch)
        self._scribe.close()

    def _mark(self, line: DigestLine) -> None:
        self._digests.write(msgspec.json.encode(line) + b"\n")
        self._digests.flush()

    def _flush(self) -> None:
        """Hand over what there is, often enough that the death of gonogo costs little."""
        now_ns = time.monotonic_ns()
        if now_ns - self._flushed_ns > FLUSH_NS:
            self._flushed_ns = now_ns
            self._pass_on()

    def _end_segment(self) -> None:
        self._pass_on(ends=True)
        self._commands_in_segment = self._events_in_segment = 0

    def _pass_on(self, *, ends: bool = False) -> None:
        """Hand the stretch over and begin a blank one; `ends` the segment with it."""
        self._stretch.ends = ends
        self._scribe.write(self._stretch)
        self._stretch = self._scribe.blank()


def state_mark(line: DigestLine) -> StateMark:
    """The line of an engine's book, as folds take it."""
    return StateMark(number=line.first, engine_seq=line.engine_seq, digest=line.digest)


def repeat_mark(line: DigestLine) -> RepeatMark:
    """The line of a repeated run, as folds take it."""
    return RepeatMark(
        relation=line.relation, why=line.why, repeat=line.repeat, first=line.first, count=line.count, digest=line.digest
    )
