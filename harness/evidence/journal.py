"""Writes one scenario's history, bounded, in segments that survive the death of gonogo."""

from __future__ import annotations

import math
import time
from pathlib import Path

import msgspec

from harness.base.bits import BookRows, digest
from harness.base.records import Commands, Events
from harness.evidence.fold import RepeatMark, StateMark
from harness.evidence.segment import Sealed, SegmentWriter
from harness.evidence.store import write_bytes

SEGMENT_COMMANDS = 1 << 14
"""Commands a segment: small enough that a fold holds one in memory with all its events."""
FLUSH_NS = 200_000_000
LIMIT_BYTES = 2 << 30
"""What one scenario's history may weigh before its instrument must end."""


class IndexLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of history/index.jsonl."""

    file: str
    first: int
    count: int
    blake2b: str
    kept: bool = True


class DigestLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of digests.jsonl: the engine's book after a command, or a block of events of a repeated run."""

    kind: str
    """`state` or `repeat`."""
    first: int
    digest: str
    engine_seq: int = 0
    repeat: int = 0
    count: int = 0


class Journal:
    """The history of one scenario, written as it happens."""

    def __init__(
        self, folder: Path, *, limit_bytes: int = LIMIT_BYTES, segment_commands: int = SEGMENT_COMMANDS
    ) -> None:
        self.folder = folder
        self.sent = 0
        """How many commands were written."""
        self.received = 0
        """How many events were written."""
        self._limit_bytes = limit_bytes
        self._segment_commands = segment_commands
        self._sealed = 0
        self._flushed_ns = time.monotonic_ns()
        self._closed = False
        (folder / "history").mkdir(parents=True)
        self._index = (folder / "history" / "index.jsonl").open("ab")
        self._digests = (folder / "digests.jsonl").open("ab")
        self._commands, self._events = self._open_pair()

    @property
    def full(self) -> bool:
        """Whether the history has reached its bound: the instrument then ends, and the run tells so."""
        return (self.sent + self.received) * 112 >= self._limit_bytes

    def commands(self, records: Commands) -> None:
        """Write commands that are being sent; call before the events that answer them."""
        if self._commands.count >= self._segment_commands:
            self._roll()
        self._commands.append(records)
        self.sent += len(records)

    def events(self, records: Events) -> None:
        """Write events as received."""
        self._events.append(records)
        self.received += len(records)
        now_ns = time.monotonic_ns()
        if now_ns - self._flushed_ns > FLUSH_NS:
            self._flushed_ns = now_ns
            self._commands.flush()
            self._events.flush()

    def state(self, number: int, engine_seq: int, rows: BookRows) -> None:
        """Write the engine's book as it shows it after command `number`."""
        write_bytes(self.folder / "snapshots" / f"{number}.book", rows.tobytes())
        self._mark(DigestLine(kind="state", first=number, engine_seq=engine_seq, digest=digest(rows)))

    def repeat(self, mark: RepeatMark) -> None:
        """Write the digest of a block of events of a further run of the same flow."""
        self._mark(
            DigestLine(kind="repeat", first=mark.first, count=mark.count, repeat=mark.repeat, digest=mark.digest)
        )

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
        """Seal what is open; safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._seal()
        self._index.close()
        self._digests.close()

    def _mark(self, line: DigestLine) -> None:
        self._digests.write(msgspec.json.encode(line) + b"\n")
        self._digests.flush()

    def _open_pair(self) -> tuple[SegmentWriter, SegmentWriter]:
        name = f"{self._sealed + 1:06d}"
        history = self.folder / "history"
        return (
            SegmentWriter(history / f"{name}.commands", "commands", self.sent + 1),
            SegmentWriter(history / f"{name}.events", "events", self.received + 1),
        )

    def _roll(self) -> None:
        self._seal()
        self._commands, self._events = self._open_pair()

    def _seal(self) -> None:
        for writer in (self._commands, self._events):
            self._index.write(msgspec.json.encode(_line(writer.seal())) + b"\n")
        self._index.flush()
        self._sealed += 1


def _line(sealed: Sealed) -> IndexLine:
    return IndexLine(file=sealed.path.name, first=sealed.first, count=sealed.count, blake2b=sealed.blake2b)


def state_mark(line: DigestLine) -> StateMark:
    """The line of an engine's book, as folds take it."""
    return StateMark(number=line.first, engine_seq=line.engine_seq, digest=line.digest)


def repeat_mark(line: DigestLine) -> RepeatMark:
    """The line of a repeated run, as folds take it."""
    return RepeatMark(repeat=line.repeat, first=line.first, count=line.count, digest=line.digest)
