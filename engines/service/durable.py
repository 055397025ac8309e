"""The engine with its durability: the one way in for commands and the one way out for events.

A command is journaled before the engine sees it; an event goes out when its command may be answered by the journal's policy, and through
the audit trail. The engine itself is out of reach, so that nothing can go beside them.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engines.service.audit_trail import FILE_BYTES, AuditTrail
from engines.service.configuration import Configuration
from engines.service.disk import Disk, locked
from engines.service.imaging import Words
from engines.service.journal import BY_BATCH, ROOM, Journal, Policy
from engines.service.recovery import JOURNAL, SNAPSHOTS, TRAIL, judge, rebuild, tell_again
from engines.service.snapshots import KEPT, Snapshot, store
from harness.base.bits import BookRows, joined
from harness.base.clock import Clock
from harness.base.records import EVENT, Commands, Events


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is kept where, and how often the engine is."""

    room: int = ROOM
    """Entries of a segment of the journal."""
    trail_bytes: int = FILE_BYTES
    """After which the trail goes on in a further file."""
    snapshot_every: int = 100_000
    """Commands."""
    snapshots: int = KEPT


DEFAULT = Sizes()


class Times(NamedTuple):
    """What a recovery took."""

    judge_ns: int
    rebuild_ns: int
    """From the snapshot to the end of the trail."""
    open_ns: int
    """To cut and sync what needs it, and to make room."""
    tell_ns: int
    """To replay what the trail lacks."""


class Answer(NamedTuple):
    """The events of some commands, until the journal lets them go out."""

    events: Events
    last: int
    """The last of the commands."""


class DurableEngine:
    """An engine that recovers from its folder when it is made. One process at a time may have the folder."""

    def __init__(
        self,
        folder: Path,
        configuration: Configuration,
        *,
        disk: Disk,
        executor: Executor,
        clock: Clock,
        policy: Policy = BY_BATCH,
        sizes: Sizes = DEFAULT,
    ) -> None:
        self._folder, self._disk, self._sizes = folder, disk, sizes
        self._identity = identity = configuration.identity()
        moments_ns = [clock.now_ns()]
        with ExitStack() as opened:
            opened.enter_context(locked(folder))
            plan = self.recovered = judge(folder, configuration)
            moments_ns.append(clock.now_ns())
            self._engine = rebuild(plan)
            moments_ns.append(clock.now_ns())
            self._journal = Journal(
                folder / JOURNAL, identity, plan.tail,
                disk=disk, executor=executor, clock=clock, policy=policy, room=sizes.room,
            )  # fmt: skip
            opened.callback(self._journal.abandon)
            self._trail = AuditTrail(
                folder / TRAIL, identity, plan.trail, disk=disk, executor=executor, file_bytes=sizes.trail_bytes
            )
            opened.callback(self._trail.abandon)
            moments_ns.append(clock.now_ns())
            tell_again(plan, self._engine, self._tell)
            moments_ns.append(clock.now_ns())
            self._opened = opened.pop_all()
        self.times = Times._make(np.diff(moments_ns).tolist())
        self._waiting: deque[Answer] = deque()
        self._snapshot_at = plan.snapshot.sequence if plan.snapshot else 0

    @property
    def sequence(self) -> int:
        """Of the last command that was taken."""
        return self._journal.sequence

    @property
    def durable(self) -> int:
        """Up to which command the journal is on the disk."""
        return self._journal.durable

    @property
    def synced(self) -> int:
        """Up to which command the events went out."""
        return self._journal.synced

    def submit(self, commands: Commands) -> Events:
        """Journal the commands and carry them out; the events that may go out now, which may be of earlier ones."""
        self._journal.append(self.sequence + 1, commands)
        self._journal.commit()
        if len(commands):
            self._waiting.append(Answer(self._engine.submit(commands), self.sequence))
        if self.sequence - self._snapshot_at >= self._sizes.snapshot_every:
            return self.keep()
        return self._released()

    def settle(self) -> Events:
        """Sync, whatever the policy; the events that waited for it."""
        self._journal.sync()
        return self._released()

    def keep(self) -> Events:
        """Store a snapshot of what is durable then; the events that waited for that."""
        told = self.settle()
        # Recovery tells no event again that lies before a snapshot, so those must be safe.
        self._trail.sync()
        snapshot = Snapshot(self._journal.durable, self._engine.engine_seq, self._engine.state())
        store(self._disk, self._folder / SNAPSHOTS, self._identity, snapshot, self._sizes.snapshots)
        self._snapshot_at = snapshot.sequence
        return told

    def book(self) -> BookRows:
        """The resting orders and waiting stops of all instruments, in digest order."""
        return self._engine.snapshot()

    def state(self) -> Words:
        """All that the engine and its controls hold."""
        return self._engine.state()

    def close(self) -> Events:
        """End in good order; the events that still waited."""
        with self._opened:
            told = self.settle()
            self._trail.close()
            self._journal.close()
        return told

    def abandon(self) -> None:
        """Leave everything as the death of the process would."""
        self._opened.close()

    def _released(self) -> Events:
        """What may go out goes through the trail first."""
        told: list[Events] = []
        while self._waiting and self._waiting[0].last <= self._journal.synced:
            answer = self._waiting.popleft()
            self._tell(*answer)
            told.append(answer.events)
        return joined(told, EVENT)

    def _tell(self, events: Events, last: int) -> None:
        self._trail.append(events, last, self._journal.durable)
