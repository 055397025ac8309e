"""A judge beside a run: folds each segment as it is sealed, and drops what is no longer needed, so that history stays bounded.

It is a process of its own, since a fold in Python would hold the generator up: `python -P -m harness.compose.following RUN
SCENARIO`, started by `beside.py`. The two meet only on disk; through its standard input it hears that the scenario has ended,
and by the end of that pipe that gonogo is gone: then it writes down what it knows and ends too.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from queue import Empty, SimpleQueue

import msgspec

from harness.base.bits import digest, timeless
from harness.compose import folding
from harness.evidence import spare
from harness.evidence.archive import Archive
from harness.evidence.fold import KNOWN_LATE, Segment
from harness.evidence.history import read_sealed
from harness.evidence.index import NAME, IndexLine, Tail, append_lines, weight_bytes
from harness.evidence.room import FULL, HIGH, Drop, Pair, to_drop
from harness.evidence.segment import HEADER, Records
from harness.evidence.store import write_json

READY, ENDED = b"ready\n", b"ended\n"
"""What is said through the pipes."""
GONE = b""
LOOK_S = 0.02
"""How long is slept while there is nothing to fold."""
LAST_S = 10.0
"""How long it may go on once gonogo is gone: a check that hangs must not leave a process behind."""


def main(arguments: list[str]) -> int:
    """Follow the scenario to its end."""
    follower = Follower(Archive(Path(arguments[0])), arguments[1])
    told: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(told,), daemon=True).start()
    os.write(sys.stdout.fileno(), READY)
    ended = False
    while True:
        busy = follower.take()
        if ended and not busy:
            follower.finish()
            return 0
        heard = _heard(told, 0 if busy or ended else LOOK_S)
        if heard == GONE:
            follower.finish("gonogo died while it drove: what came last was not judged")
            return 1
        ended |= heard == ENDED


def _listen(told: SimpleQueue[bytes]) -> None:
    """Pass on what comes through the pipe; see that the process ends after it."""
    while line := os.read(sys.stdin.fileno(), len(ENDED)):
        told.put(line)
    told.put(GONE)
    threading.Event().wait(LAST_S)
    os._exit(1)


def _heard(told: SimpleQueue[bytes], wait_s: float) -> bytes | None:
    try:
        return told.get(timeout=wait_s) if wait_s else told.get_nowait()
    except Empty:
        return None


class Follower:
    """The folds of one scenario, and what is left of the history that they have seen."""

    def __init__(self, archive: Archive, scenario: str) -> None:
        self._archive = archive
        self._place = archive.folder / "scenarios" / scenario
        self._history = self._place / "history"
        self._info = archive.info(scenario)
        record = archive.scenario(scenario)
        self._limit_bytes = record.history_bytes
        chosen = folding.applying(record.checks, self._info)
        self._live = [
            folding.start(name, plug, self._info) for name, plug in chosen.items() if not {*plug.needs} & {*KNOWN_LATE}
        ]
        self._feeding = folding.Feeding(self._live, self._info)
        self._tail = Tail(self._history)
        self._waiting: list[IndexLine] = []
        self._pairs: dict[int, Pair] = {}
        """What was folded and is not dropped whole."""
        self._lines: dict[Drop, IndexLine] = {}
        """What the index will say of a segment of these once it is dropped."""

    def take(self) -> bool:
        """Fold the next pair that was sealed, if there is one."""
        self._waiting += self._tail.lines()
        if len(self._waiting) < 2:
            self._make_room(FULL)
            return False
        commands, events = self._waiting[:2]
        del self._waiting[:2]
        segment = Segment(self._read(commands), self._read(events))
        self._feeding.add(segment)
        self._remember(commands, events, segment)
        self._make_room(HIGH)
        return True

    def finish(self, broken: str = "") -> None:
        """Write down what was found out; `broken` is why that is not all."""
        spare.clear(self._history)
        self._feeding.end()
        self._info.end(self._archive.info(self._info.scenario))
        for one in self._live:
            write_json(self._place / "facts" / f"{one.name}.json", folding.facts(one, self._info, broken))

    def _read(self, line: IndexLine) -> Records:
        return read_sealed(self._history / line.file, line, line.first, fresh=True)

    def _remember(self, commands: IndexLine, events: IndexLine, segment: Segment) -> None:
        number = int(commands.file.partition(".")[0])
        told = digest(timeless(segment.commands))
        self._lines[Drop(number, "commands")] = msgspec.structs.replace(commands, kept=False, timeless=told)
        self._lines[Drop(number, "events")] = msgspec.structs.replace(events, kept=False)
        self._pairs[number] = Pair(
            number, commands.first, HEADER.size + segment.commands.nbytes, HEADER.size + segment.events.nbytes
        )

    def _make_room(self, share: float) -> None:
        """Drop what can be dropped, if so much of the bound is taken."""
        weight = weight_bytes(self._history)
        if weight < share * self._limit_bytes:
            return
        found = [folding.facts(one, self._info).findings for one in self._live]
        first = [finding.first_command for findings in found for finding in findings if finding.first_command]
        self._waiting += self._tail.lines()
        behind = len(self._waiting) > 1
        for drop in to_drop(list(self._pairs.values()), first, weight, self._limit_bytes, behind=behind):
            line = self._lines.pop(drop)
            # The index first: should this process die in between, a segment too many is there, and none is missing.
            with (self._history / NAME).open("ab", buffering=0) as index:
                append_lines(index, line)
            spare.lay_by(self._history / line.file)
            self._forget(drop)

    def _forget(self, drop: Drop) -> None:
        pair = self._pairs.pop(drop.number)
        left = pair._replace(commands_bytes=0) if drop.kind == "commands" else pair._replace(events_bytes=0)
        if left.commands_bytes or left.events_bytes:
            self._pairs[drop.number] = left


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
