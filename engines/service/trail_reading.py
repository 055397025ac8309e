"""Reads an audit trail: as far as recovery needs it to go on, or from its first event to its last to say whether it is intact."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from engines.service.errors import RefusedError
from engines.service.trail_files import Broken, Head, Position, batches, files, read_head


@dataclass(frozen=True, slots=True)
class Ending:
    """The last batches of a trail."""

    positions: tuple[Position, ...]
    """Between them, in order; one at least."""
    durable: int
    """Up to which command they prove that the journal was durable."""
    broken: Broken | None
    """What lies behind them and is no whole batch."""

    def before(self, command: int) -> Position | None:
        """The last position up to a command, if it is one of these."""
        return next((at for at in reversed(self.positions) if at.command <= command), None)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a trail is worth that was read from its first event to its last."""

    batches: int
    """So many from the first one on are whole and chained."""
    events: int
    hash: str
    wrong: str
    """Which batch is wrong, where and how; empty where the trail is intact."""


def ending(folder: Path, identity: bytes, up_to: int | None = None) -> Ending:
    """The end of the trail: its last file, those before it as far as their batches may not be durable, and as far as there is none up to the command `up_to`.

    Raises:
        RefusedError: what was synced is missing or damaged, or the trail is not of this engine.
    """
    head = read_head(folder)
    synced = head.synced if head else 0
    found = Ending((_start(folder, identity),), 0, None)
    for start in reversed(files(folder, identity)):
        its = _up_to_a_gap(_read(start), found.positions[0])
        # What lies behind a batch that is not whole does not count.
        found = its if its.broken else _joined(its, found)
        if start.batch <= synced and len(its.positions) > 1 and (up_to is None or found.before(up_to)):
            break
    _compare(found, head)
    return found


def verify(folder: Path, identity: bytes) -> Verified:
    """Work out all hashes again. Batches that are cut off at the end are missed by the head, unless that was changed with them.

    Raises:
        RefusedError: a file is no audit trail of this engine.
    """
    head = read_head(folder)
    at = _start(folder, identity)
    at_head = at.hash if head and head.batch == 0 else None
    for start in files(folder, identity):
        if start[:4] != at[:4]:
            return _wrong(at, f"{start.path} does not go on from batch {at.batch}: a file is missing or was changed")
        its = _read(start)
        if head:
            at_head = next((one.hash for one in its.positions if one.batch == head.batch), at_head)
        at = its.positions[-1]
        if its.broken:
            broken = its.broken
            return _wrong(at, f"batch {broken.batch}, {broken.path} at byte {broken.offset}: {broken.why}")
    return _wrong(at, _against_head(at, head, at_head))


def _start(folder: Path, identity: bytes) -> Position:
    """Where a trail begins that has no file yet."""
    return Position(0, 0, 0, identity, folder, 0)


def _read(start: Position) -> Ending:
    """The batches of one file."""
    positions, durable = [start], 0
    for found in batches(start):
        if isinstance(found, Broken):
            return Ending(tuple(positions), durable, found)
        positions.append(found.behind)
        durable = max(durable, found.batch.durable)
    return Ending(tuple(positions), durable, None)


def _up_to_a_gap(its: Ending, following: Position) -> Ending:
    """A file that a machine lost the end of may end between two batches; then the next file, if there is one, does not go on there."""
    last = its.positions[-1]
    if its.broken or not following.offset or last[:4] == following[:4]:
        return its
    why = f"it is missing; the next file goes on behind batch {following.batch}"
    return replace(its, broken=Broken(last.path, last.offset, last.batch + 1, why))


def _joined(its: Ending, behind: Ending) -> Ending:
    """Two neighbouring parts of a trail as one."""
    later = behind.positions if behind.positions[0].offset else ()
    return Ending(its.positions + later, max(its.durable, behind.durable), behind.broken)


def _compare(found: Ending, head: Head | None) -> None:
    """Refuse where batches are gone that were durable."""
    last = found.positions[-1]
    if head is not None and head.synced > last.batch:
        path, offset = (found.broken.path, found.broken.offset) if found.broken else (last.path, last.offset)
        why = found.broken.why if found.broken else "nothing follows"
        raise RefusedError(
            path,
            offset,
            f"batch {last.batch + 1} of the audit trail: {why}; its head says that {head.synced} were durable",
        )


def _against_head(at: Position, head: Head | None, at_head: bytes | None) -> str:
    """What the head holds against a trail that is whole so far; `at_head` is the trail's own hash of the head's batch."""
    if head is None:
        return "the head is missing or was damaged: whether batches were cut off at the end cannot be told"
    if at_head is None:
        return f"batch {at.batch + 1}: it is missing; the head says that there are {head.batch}"
    if at_head != head.hash:
        return f"batch {head.batch}: its hash is not the one that the head holds"
    return ""


def _wrong(at: Position, why: str) -> Verified:
    """The trail up to there, and what is wrong behind it, if anything."""
    return Verified(at.batch, at.event, at.hash.hex(), why)
