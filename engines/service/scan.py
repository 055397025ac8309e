"""Reads a journal to its end and says what that end is: in good order, torn, or damaged.

A service that died leaves a tail: entries that were written and never synced, some of which the disk may hold and others not. Nobody was
told that they are safe, so the tail is cut. Damage looks alike, and to cut that would lose what somebody was told. What tells them apart:

- anything that says "durable up to P" with P beyond the last good entry: the marks of the segments, the entries behind, snapshots, the
  audit trail. Then entries are lost, and the journal is refused.
- a valid entry behind one that is neither valid nor zeros: a disk writes whole sectors or leaves zeros, so the bad one was changed later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engines.service.entries import Behind, look, open_entries
from engines.service.errors import RefusedError
from engines.service.segments import Phase, Segment, read_entries, segments
from harness.base.records import Commands


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody was told that all entries up to this one are durable."""

    durable: int
    by: str


NO_PROOF = Proof(0, "nothing")


@dataclass(frozen=True, slots=True)
class Cut:
    """What lies behind the last good entry and goes."""

    path: Path
    offset: int
    entries: int
    """How many places it takes, up to the last one that is not all zeros."""
    why: str


@dataclass(frozen=True, slots=True)
class Tail:
    """Where a journal ends."""

    last: int
    """The sequence of the last good entry, 0 where there is none."""
    proof: Proof
    clean: bool
    """Whether the service ended in good order and nothing was cut or damaged since."""
    cut: Cut | None
    notes: tuple[str, ...]
    segments: tuple[Segment, ...]


def scan(folder: Path, identity: bytes, after: int = 0, known: Proof = NO_PROOF) -> Tail:
    """The end of the journal in a folder. Entries before `after`, which a snapshot holds, are not looked at.

    Raises:
        RefusedError: entries that were durable are missing or damaged, or the journal is not of this engine.
    """
    found = segments(folder, identity)
    if not found:
        if known.durable:
            raise RefusedError(folder, 0, f"there is no journal, and {known.by} holds what entry {known.durable} did")
        return Tail(0, NO_PROOF, clean=True, cut=None, notes=(), segments=())
    start = max(after, 1)
    if found[0].first > after + 1:
        raise RefusedError(
            found[0].path, 0, f"the journal begins with entry {found[0].first}; wanted it from entry {after + 1} on"
        )
    last, proof = _last_good(found, max(start, found[0].first), _marked(found, known))
    behind = _behind(found, last + 1)
    if behind.proven > proof.durable:
        proof = Proof(behind.proven, "an entry behind it")
    cut = _judged(found, last, behind, proof)
    home = home_of(found, last)
    notes = tuple(f"the mark of {one.path.name} was damaged" for one in found if one.mark is None)
    closed = home.mark is not None and home.mark.phase == Phase.CLOSED and home.mark.durable == last
    short = home.path.stat().st_size < home.size
    if short and not cut:
        notes += (f"{home.path.name} was shorter than its header says",)
    return Tail(last, proof, closed and not cut and not notes, cut, notes, tuple(found))


def commands_between(found: Sequence[Segment], after: int, last: int) -> Iterator[tuple[int, Commands]]:
    """The commands behind `after` up to `last`, by chunks: the first one's sequence and the commands.

    Raises:
        RefusedError: an entry is not valid.
    """
    for segment in found:
        if segment.last <= after or segment.first > last:
            continue
        for first, entries in read_entries(segment, max(segment.first, after + 1)):
            wanted = min(len(entries), last - first + 1)
            if wanted < 1:
                return
            commands, count, _ = open_entries(entries[:wanted], first)
            if count < wanted:
                raise RefusedError(segment.path, segment.offset(first + count), f"entry {first + count} was damaged")
            yield first, commands


def _marked(found: list[Segment], known: Proof) -> Proof:
    """The strongest of what is known and what the marks say."""
    for one in found:
        if one.mark is not None and one.mark.durable > known.durable:
            known = Proof(one.mark.durable, f"the mark of {one.path.name}")
    return known


def _last_good(found: list[Segment], start: int, proof: Proof) -> tuple[int, Proof]:
    """The last entry of the unbroken row from `start` on; `start` - 1 where that is bad already."""
    last = min(start - 1, found[-1].last)
    for segment in found:
        if segment.last < start:
            continue
        for first, entries in read_entries(segment, max(segment.first, start)):
            _, count, proven = open_entries(entries, first)
            last = first + count - 1
            if proven > proof.durable:
                proof = Proof(proven, f"an entry before {last + 1}")
            if count < len(entries):
                return last, proof
    return last, proof


def _behind(found: list[Segment], start: int) -> Behind:
    """What lies from entry `start` on, which is not valid."""
    behind = Behind()
    for segment in found:
        if segment.last >= start:
            for first, entries in read_entries(segment, max(segment.first, start)):
                behind = look(entries, first, behind)
    return behind


def _judged(found: list[Segment], last: int, behind: Behind, proof: Proof) -> Cut | None:
    """What is to be cut, if anything; or a refusal."""
    place = home_of(found, last + 1)
    offset = min(place.offset(last + 1), place.size)
    if proof.durable > last:
        what = "is damaged" if behind.damaged or behind.valid else "is missing"
        raise RefusedError(
            place.path,
            offset,
            f"entry {last + 1} {what}, and {proof.by} says that all up to {proof.durable} were durable",
        )
    if behind.valid and behind.damaged_before:
        raise RefusedError(
            place.path,
            offset,
            f"entry {last + 1} is not valid, and {behind.valid} valid ones lie behind it: it was damaged",
        )
    if place.mark is not None and place.mark.phase == Phase.CONTINUED and place is found[-1] and last == place.last:
        raise RefusedError(
            place.path, offset, "its mark says that the journal goes on in a further segment; that is missing"
        )
    if not behind.written:
        return None
    why = "entries that were never synced" if behind.valid else "no entry: it was being written, or was damaged"
    return Cut(place.path, offset, behind.written - last, why)


def home_of(found: Sequence[Segment], sequence: int) -> Segment:
    """The segment in which an entry has its place; the last one for an entry beyond all."""
    return next((one for one in found if sequence <= one.last), found[-1])
