"""A desk in front of a started engine: lines of commands go in, and what comes back is heard until the rules say that it is whole.

Several tests sit at one desk, one after another, since to start an engine takes seconds. Each gets ids of its own, and what it leaves
resting is canceled behind it; where that fails, the engine is started anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from harness.base.bits import BookRows, joined
from harness.base.errors import EngineError
from harness.base.records import EVENT, Command, Commands, EventKind, Events, commands_of, event_rows
from harness.evidence.fold import Segment
from harness.evidence.one_order import ordering, unsaid
from harness.oracle.verifier.verifier import Verifier
from harness.port import Engine, Session
from tests.fakes.lines import commands
from tests.fakes.rebuilt import resting

ANSWER_S = 20.0
"""How long an engine behind any wire may take for a few answers, on a machine that does much else."""
QUIET_NS = 50_000_000
"""For how long nothing comes any more on any channel."""
IDS = 10_000
"""How far the ids of two tests are apart."""
UNSAID = "unsaid"
"""What is told of a command that the wire cannot say."""
NOTHING = np.zeros(0, EVENT)


class Desk:
    """One engine, and all that was said with it since it was started."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._ready = False
        self.base = 0
        """What the ids of the present test are above those in its lines."""

    def start(self) -> None:
        """An empty engine."""
        self.engine.start()
        self.begin()

    def begin(self) -> None:
        """The engine is empty, and nothing was said yet."""
        engine = self.engine
        self._order = ordering(engine.capabilities)
        self._verifier = Verifier(engine.instruments, engine.conventions, engine.capabilities)
        self._number = 0
        self._open: set[int] = set()
        self._unsaid: set[int] = set()

    @contextmanager
    def taken(self) -> Iterator[Desk]:
        """The desk for one test."""
        if not self._ready:
            self.start()
        self._ready, self.base = False, self.base + IDS
        yield self
        self._ready = self._is_cleared()
        assert self._ready, f"the engine cannot be left empty: {self.wrong()}"

    def say(self, lines: str, session: Session | None = None) -> list[str]:
        """Send the lines; for each of them the kinds of the events that answered it, in their order."""
        first = self._number + 1
        told = self.exchange(commands(lines), session)
        kinds: dict[int, list[str]] = {number: [] for number in range(first, self._number + 1)}
        for number in kinds:
            kinds[number] += [UNSAID] * (number in self._unsaid)
        for event in event_rows(told):
            kinds[event.command].append(EventKind(event.kind).name.lower())
        return [" ".join(found) for found in kinds.values()]

    def exchange(self, rows: list[Command], session: Session | None = None) -> Events:
        """Send the commands and hear all that answers them, in one order, with the ids of this test."""
        flow = commands_of(rows)
        for field in ("order", "target"):
            flow[field][flow[field] > 0] += np.uint64(self.base)
        events = self.heard(flow, session or self.engine.session(int(flow["account"][0])))
        for field in ("order", "new_order", "maker"):
            events[field][events[field] > self.base] -= np.uint64(self.base)
        return events

    def heard(self, flow: Commands, session: Session) -> Events:
        """The same for commands with the engine's own ids."""
        flow["number"] = np.arange(self._number + 1, self._number + 1 + len(flow))
        self._number += len(flow)
        self._open |= set(flow["number"].tolist())
        events, taken = [self._take(flow, NOTHING)], 0
        give_up = time.monotonic() + ANSWER_S
        while (taken < len(flow) or not self.is_whole()) and time.monotonic() < give_up:
            taken += session.send(flow[taken:]) if taken < len(flow) else 0
            events.append(self._take(flow[:0], self.engine.poll(1_000_000)))
        # What is told on other channels may come behind it, and nothing may be told twice.
        give_up = time.monotonic() + ANSWER_S
        while time.monotonic() < give_up and len(more := self.engine.poll(QUIET_NS)):
            events.append(self._take(flow[:0], more))
        return joined(events, EVENT)

    def is_whole(self) -> bool:
        """Whether every command is answered, and by the rules nothing more may come."""
        return not self._open and self._verifier.unfinished() is None

    def wrong(self) -> list[str]:
        """What of all that was told the rules do not allow."""
        late = [f"no answer to command {number}" for number in sorted(self._open)]
        return [*(str(one) for one in (*self._verifier.breaches, *filter(None, (self._verifier.unfinished(),)))), *late]

    def _take(self, flow: Commands, events: Events) -> Events:
        never = set(unsaid(events).tolist()) if not self._says_all() else set()
        ordered = self._order.of(Segment(flow, events))
        self._verifier.follow(ordered)
        self._unsaid |= never
        self._open -= never | set(ordered.events["command"].tolist())
        return ordered.events

    def _says_all(self) -> bool:
        return self.engine.capabilities.says_all and len(self.engine.capabilities.channels) == 1

    def _is_cleared(self) -> bool:
        """Cancel what still rests; whether nothing does then, and nothing was wrong."""
        try:
            if not self.wrong() and len(left := resting(self._verifier)):
                self.heard(self._cancels(left), self.engine.session(1))
        except EngineError:
            return False
        return not self.wrong() and not len(resting(self._verifier))

    def _cancels(self, left: BookRows) -> Commands:
        orders, cancel = self._verifier._books.orders, commands("cancel #1")[0]
        owners = [int(orders["account"][orders["id"] == order][0]) for order in left["order"].tolist()]
        return commands_of([
            cancel._replace(target=order, instrument=instrument, account=account, session=account)
            for (instrument, _, _, _, order, _), account in zip(left.tolist(), owners, strict=True)
        ])  # fmt: skip
