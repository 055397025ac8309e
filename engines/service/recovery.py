"""From what lies on the disk to an engine that may go on: the newest usable snapshot, and the commands behind it.

Judging comes first and changes nothing: it says up to which command the service is complete, or refuses. Then the commands are replayed, and
the events that the audit trail lacks are told again on the way, which they can be, since the same commands give the same events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from engines.service.configuration import Configuration
from engines.service.errors import RefusedError
from engines.service.risk.engine import GuardedReference
from engines.service.scan import NO_PROOF, Cut, Proof, Tail, commands_between, scan
from engines.service.snapshots import Broken, Snapshot, load, stored
from engines.service.trail_files import Position
from engines.service.trail_reading import Ending, ending
from harness.base.records import Events

JOURNAL, SNAPSHOTS, TRAIL = "journal", "snapshots", "trail"
Tell: TypeAlias = Callable[[Events, int], None]
"""Takes the events of further commands, up to a sequence."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is on the disk and how an engine is made of it."""

    configuration: Configuration
    tail: Tail
    snapshot: Snapshot | None
    passed_over: tuple[Broken, ...]
    """Newer snapshots that cannot be used."""
    trail: Position
    """Behind this the trail is made again."""
    trail_cut: str
    """Why there is something in the trail behind that; empty where there is nothing."""

    @property
    def complete(self) -> int:
        """The last command that is recovered."""
        return self.tail.last

    @property
    def clean(self) -> bool:
        """Whether the service ended in good order and its files are as it left them."""
        whole = self.trail.command == self.complete and not self.trail_cut
        return self.tail.clean and whole and not self.passed_over

    @property
    def cut(self) -> Cut | None:
        """What is cut off the journal."""
        return self.tail.cut

    def stamp_ns(self) -> int:
        """When the last command was stamped, which no later one may precede; 0 where there is none."""
        stamps = [
            commands["sent_ns"][-1]
            for _, commands in commands_between(self.tail.segments, self.complete - 1, self.complete)
        ]
        return int(stamps[-1]) if stamps else 0

    def said(self) -> str:
        """`clean`, or `complete up to N` with all that is known of why."""
        notes = [f"{self.cut.entries} places cut: {self.cut.why}"] if self.cut else []
        notes += self.tail.notes
        notes += [f"{one.path.name} passed over: {one.why}" for one in self.passed_over]
        notes += [f"trail cut: {self.trail_cut}"] if self.trail_cut else []
        if self.trail.command < self.complete:
            notes.append(f"events of {self.complete - self.trail.command} commands told again")
        return "clean" if self.clean else "; ".join([f"complete up to {self.complete}", *notes])


def judge(folder: Path, configuration: Configuration) -> Plan:
    """Read all that is needed and decide; nothing on the disk is changed.

    Raises:
        RefusedError: something that was durable is missing or damaged, or belongs to another engine.
    """
    identity = configuration.identity()
    trail = ending(folder / TRAIL, identity)
    at = trail.positions[-1]
    snapshot, newest, passed_over = _usable(folder, identity, at.command)
    known = max(NO_PROOF, Proof(trail.durable, "the audit trail"), newest, key=lambda proof: proof.durable)
    tail = scan(folder / JOURNAL, identity, snapshot.sequence if snapshot else 0, known)
    trail_cut = trail.broken.why if trail.broken else ""
    if at.command > tail.last:
        # Under the policy "none" a machine that goes down may keep more of the trail than of the journal.
        trail_cut = f"it goes on to command {at.command}, the journal does not"
        at = _trail_within(folder, identity, trail, tail.last)
        snapshot, _, _ = _usable(folder, identity, at.command)
    return Plan(configuration, tail, snapshot, passed_over, at, trail_cut)


def rebuild(plan: Plan) -> GuardedReference:
    """The engine after the last command whose events the trail holds; nothing on the disk is changed.

    Raises:
        RefusedError: an entry is not valid, or the trail does not fit the journal.
    """
    engine = plan.configuration.build()
    after = 0
    if plan.snapshot:
        engine.load(plan.snapshot.image)
        after = plan.snapshot.sequence
    for _, commands in commands_between(plan.tail.segments, after, plan.trail.command):
        engine.submit(commands)
    if engine.engine_seq != plan.trail.event:
        raise RefusedError(
            plan.trail.path,
            plan.trail.offset,
            f"the audit trail tells {plan.trail.event} events of {plan.trail.command} commands; "
            f"the journal's commands give {engine.engine_seq}",
        )
    return engine


def tell_again(plan: Plan, engine: GuardedReference, tell: Tell) -> None:
    """Carry out the rest of the commands and hand on their events, which the trail lacks."""
    for first, commands in commands_between(plan.tail.segments, plan.trail.command, plan.complete):
        tell(engine.submit(commands), first + len(commands) - 1)


def _usable(folder: Path, identity: bytes, last: int) -> tuple[Snapshot | None, Proof, tuple[Broken, ...]]:
    """The newest whole snapshot up to a command, what the newest whole one proves, and the broken ones that are newer."""
    broken: list[Broken] = []
    proof = NO_PROOF
    for path in stored(folder / SNAPSHOTS):
        found = load(path, identity)
        if isinstance(found, Broken):
            broken.append(found)
            continue
        if found.sequence > proof.durable:
            proof = Proof(found.sequence, f"the snapshot {path.name}")
        if found.sequence <= last:
            return found, proof, tuple(broken)
    return None, proof, tuple(broken)


def _trail_within(folder: Path, identity: bytes, trail: Ending, last: int) -> Position:
    """The end of the part of the trail that tells of commands up to `last` only."""
    within = trail.before(last) or ending(folder / TRAIL, identity, up_to=last).before(last)
    if within is None:
        raise RefusedError(trail.positions[0].path, 0, f"no part of the audit trail ends at command {last} or before")
    return within
