"""Commands in, events out: sequenced, journaled, matched, made durable, put into the trail, bundled and published, in that order.

One thread writes: it numbers and stamps what lies in the ring, hands it to the journal, has the engine carry it out, and holds the events
back until the journal says that their commands are durable. A second thread does nothing but make durable: while the disk works, the next
commands are matched already, and all that came meanwhile is made durable in one go (group commit). Nothing is told before it would survive.

The shape is that of the LMAX architecture (Thompson et al., "Disruptor", 2011). Rings are bounded: whoever finds no room comes again.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from engines.service.backoff import Backoff
from engines.service.bundles import Bundler
from engines.service.ring import Ring
from engines.service.stages import StageCounts
from harness.base.records import COMMAND, EVENT, Commands, Events


class Matcher(Protocol):
    """What carries commands out."""

    def submit(self, commands: Commands) -> Events: ...

    def due_ns(self) -> int | None:
        """The stamp at which it wants a tick, such as the end of a pause; None: it wants none."""
        ...


class Journal(Protocol):
    """Where commands become durable."""

    @property
    def synced(self) -> int:
        """The number of the last command that is as durable as the policy asks."""
        ...

    @property
    def durable(self) -> int:
        """The number of the last command that is on the disk."""
        ...

    def append(self, first: int, commands: Commands) -> None:
        """Take in commands; their numbers run from `first`. Raises OSError."""
        ...

    def commit(self) -> None:
        """Make what was appended durable, as the policy asks. Called from a thread of its own. Raises OSError."""
        ...

    def sync(self) -> None:
        """Make it durable whatever the policy. Called from that thread too. Raises OSError."""
        ...


class Trail(Protocol):
    """Where every event goes before anybody hears of it."""

    def append(self, events: Events, last_command: int, durable: int) -> None:
        """Take in the events of commands up to the last one, and up to which command the journal is on the disk. Raises OSError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineSettings:
    """How much may wait where, and how events are bundled."""

    ring_commands: int = 1 << 14
    ring_events: int = 1 << 16
    batch: int = 2048
    """Commands that are carried out in one go at the most."""
    waiting_events: int = 1 << 17
    """Events that may wait for the disk, or for room behind it; beyond that no command is taken."""
    bundle_events: int = 16
    bundle_ns: int = 100_000
    commit_again_ns: int = 1_000_000
    """How long after a commit the next is made where something still waits for the disk, as under a policy of intervals."""


class _Held(NamedTuple):
    """Events that wait until the command of this number is durable."""

    number: int
    events: Events
    brought: int
    """How many commands had been taken from the ring by then."""


class _Answered(NamedTuple):
    """Once so many events are heard, so many of the commands that were brought are answered."""

    events: int
    brought: int


class Pipeline:
    """The service between its gateway and its engine."""

    def __init__(
        self, engine: Matcher, journal: Journal, trail: Trail, settings: PipelineSettings, *, first: int = 1, stamp_ns: int = 0,
        now_ns: Callable[[], int] = time.monotonic_ns, tick: Commands | None = None, published: Callable[[], None] = lambda: None,
        between: Callable[[int, int], None] = lambda *_: None,
    ) -> None:  # fmt: skip
        """`first` is the number of the next command and `stamp_ns` the last stamp given, which no later one is below.

        Called from the writing thread: `published` after events were put into `events`; `between` between two batches, with the last command that
        was carried out and the last one whose events the trail holds.
        """
        self.commands = Ring(settings.ring_commands)
        self.events = Ring(settings.ring_events)
        self.counts = StageCounts()
        self.failure: Exception | None = None
        """What the service died of. From then on it takes nothing and tells nothing."""
        self._engine, self._journal, self._trail, self._settings = engine, journal, trail, settings
        self._now_ns, self._tick, self._published, self._between = now_ns, tick, published, between
        self._bundler = Bundler(settings.bundle_events, settings.bundle_ns, now_ns)
        self._batch = np.zeros(settings.batch, COMMAND)
        self._next = first
        self._trailed = first - 1
        self._stamp_ns = stamp_ns
        self._held: deque[_Held] = deque()
        self._held_events = 0
        self._answers: deque[_Answered] = deque()
        self._brought = self._answered = 0
        self._to_publish = np.zeros(0, EVENT)
        self._open = threading.Event()
        self._draining = threading.Event()
        self._ended = threading.Event()
        self._appended = threading.Event()
        # None of a service's threads keeps its process alive: where its start or its end raises, it ends and says so, and the journal holds all.
        self._threads = [
            threading.Thread(target=self._guarded, args=(loop,), name=name, daemon=True)
            for loop, name in ((self._write, "gonogo-writer"), (self._sync, "gonogo-sync"))
        ]

    def start(self) -> None:
        """Take commands."""
        self._open.set()
        for thread in self._threads:
            thread.start()

    def offer(self, commands: Commands) -> int:
        """Bring commands, in order; how many found room. From one thread only."""
        if not self._open.is_set():
            return 0
        count = self.commands.put(commands)
        self.counts.offered += count
        self.counts.turned_back += len(commands) - count
        return count

    def answered(self, events: int) -> int:
        """How many of the commands that were offered are answered for who has taken so many events. For the taker."""
        while self._answers and self._answers[0].events <= events:
            self._answered = self._answers.popleft().brought
        return self._answered

    def snapshot_counts(self) -> StageCounts:
        """The counts with what waits where; they balance when the writer is at rest."""
        counts = self.counts
        counts.in_ring = self.commands.pending()
        counts.unsynced = self._held_events
        counts.in_bundles = self._bundler.counts.events_in - self._bundler.counts.events_out + len(self._to_publish)
        counts.synced = self._journal.synced
        return counts

    def drain(self, timeout_ns: int) -> bool:
        """Take nothing more, carry out and publish all that was taken, and end; whether that was done in time.

        Whoever takes from `events` must go on taking.
        """
        self._open.clear()
        self._draining.set()
        self._appended.set()
        self.commands.nudge()
        done = self._ended.wait(timeout_ns / 1e9)
        self.stop()
        return done and self.failure is None

    def stop(self) -> None:
        """End at once; what was not durable was never told."""
        self._open.clear()
        self._ended.set()
        self._appended.set()
        self.commands.nudge()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    # The writing thread.

    def _write(self) -> None:
        backoff = Backoff(self.commands.spin, self._rest)
        while not self._ended.is_set():
            # Both, always: what is durable goes out while more comes in.
            worked = self._take_in()
            worked = self._give_out() or worked
            self._between(self._next - 1, self._trailed)
            if worked:
                backoff.reset()
            elif self._draining.is_set() and self._is_empty():
                self._ended.set()
            else:
                backoff.wait()
        backoff.reset()

    def _take_in(self) -> bool:
        """Sequence, journal and match what lies in the ring."""
        if self.counts.told - self.counts.published >= self._settings.waiting_events:
            return False
        count = self.commands.take(self._batch)
        self._brought += count
        if count:
            commands = self._batch[:count]
        elif self._tick is not None and (due_ns := self._engine.due_ns()) is not None and self._now_ns() >= due_ns:
            commands, count = self._tick.copy(), 1
            self.counts.own += 1
        else:
            return False
        self._stamp_ns = max(self._now_ns(), self._stamp_ns)
        commands["number"] = np.arange(self._next, self._next + count)
        commands["sent_ns"] = self._stamp_ns
        self._journal.append(self._next, commands)
        self._appended.set()
        self._next += count
        self.counts.sequenced += count
        events = self._engine.submit(commands)
        self.counts.matched += count
        self.counts.told += len(events)
        self._held.append(_Held(self._next - 1, events, self._brought))
        self._held_events += len(events)
        return True

    def _give_out(self) -> bool:
        """Put what is durable into the trail and into bundles, and publish those."""
        synced = self._journal.synced
        while self._held and self._held[0].number <= synced:
            last, events, brought = self._held.popleft()
            self._held_events -= len(events)
            self._trail.append(events, last, self._journal.durable)
            self._trailed = last
            self.counts.trailed += len(events)
            self._bundler.add(events)
            self.counts.bundled += len(events)
            self._answers.append(_Answered(self.counts.bundled, brought))
        if not len(self._to_publish):
            drained = self._draining.is_set() and not self._held and not self.commands.pending()
            self._to_publish = self._bundler.take(flush=drained)
        count = self.events.put(self._to_publish) if len(self._to_publish) else 0
        self._to_publish = self._to_publish[count:]
        self.counts.published += count
        if count:
            self._published()
        return count > 0

    def _is_empty(self) -> bool:
        waiting = self.commands.pending() + len(self._held) + len(self._to_publish)
        return not waiting and self._bundler.due_in_ns() is None

    def _rest(self, timeout_ns: int) -> None:
        """Sleep until commands come or the disk is done, or something held falls due."""
        due_ns = self._bundler.due_in_ns()
        engine_ns = self._engine.due_ns() if self._tick is not None else None
        waits = [timeout_ns, *([] if due_ns is None else [due_ns])]
        waits += [] if engine_ns is None else [max(engine_ns - self._now_ns(), 0)]
        self.commands.block(min(waits))

    # The syncing thread.

    def _sync(self) -> None:
        while not self._ended.is_set():
            before = self._journal.synced
            self._appended.wait(self._settings.commit_again_ns / 1e9 if before < self._next - 1 else None)
            self._appended.clear()
            if self._draining.is_set():
                self._journal.sync()
            else:
                self._journal.commit()
            if self._journal.synced != before:
                self.commands.nudge()

    def _guarded(self, loop: Callable[[], None]) -> None:
        try:
            loop()
        except Exception as error:
            # Whatever it is: what cannot be journaled or carried out must not be told.
            self.failure = self.failure or error
        finally:
            self._open.clear()
            self._ended.set()
            self._appended.set()
            self.commands.nudge()
