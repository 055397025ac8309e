"""The share of a flow that is of some accounts: their commands, with the number and the due time that each has in the whole."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from harness.base.bits import digest
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.notes import FlowNotes
from harness.base.records import Commands, Int64Array
from harness.base.seeds import Seed
from harness.flows import Flow, first_commands, numbered
from harness.load.first_use import FirstUse
from harness.load.messages import Seats
from harness.pacing import LATEST_NS, Pacing

FIRST = 1 << 18
"""Commands of the whole that are looked at for who trades in it."""
COMPARED = 1 << 12
"""Commands of the whole by which workers show that they draw the same."""


class Whole(NamedTuple):
    """A flow at its pace: the flow is fitted, the pace has its seed."""

    flow: Flow
    pacing: Pacing
    seed: Seed
    most: int
    """Commands that it has at the most."""
    until_ns: int
    """Nothing that is due then or later is sent; 0: no such bound."""

    def accounts(self) -> tuple[int, ...]:
        """Who trades in it, by its first commands."""
        drawn = first_commands(self.flow.batches(self.seed), min(self.most, FIRST))
        found = np.unique(drawn["account"]).tolist()
        return tuple(account for account in found if account)

    def fingerprint(self) -> str:
        """What its first commands and their due times are, as a digest."""
        drawn = first_commands(self.flow.batches(self.seed), min(self.most, COMPARED))
        drawn["due_ns"] = self.pacing.due_ns(1, len(drawn))
        return digest(drawn)


class Part(NamedTuple):
    """Some commands of the share."""

    numbers: Int64Array
    due_ns: Int64Array


class Share:
    """The commands of some seats, as a flow and a pace of their own: due when they are due in the whole.

    Whoever drives it numbers its commands from 1; `numbers` tells which they are in the whole.
    """

    def __init__(self, whole: Whole, seats: Seats) -> None:
        self._whole = whole
        self._accounts = np.array(seats.accounts, np.int64)
        self._others = np.array(seats.others, np.int64)
        self._takes_rest = seats.takes_rest
        self._drawn: deque[Part] = deque()
        """Those whose due times nobody has asked for yet."""
        self._numbers: list[Int64Array] = []
        self._ids = FirstUse()
        self._count = 0
        self._strange: Int64Array = np.zeros(0, np.int64)
        """The commands of the share, as whoever drives it numbers them, that give an order an id of somebody else's."""
        self.drawn_out = 0
        """How many commands the whole had, once it came to its end."""

    def fitted(self, capabilities: Capabilities, conventions: Conventions) -> Self:
        """The whole is fitted before it is shared."""
        del capabilities, conventions
        return self

    def instruments(self) -> tuple[Instrument, ...]:
        """Those of the whole."""
        return self._whole.flow.instruments()

    def notes(self) -> FlowNotes:
        """Those of the whole."""
        return self._whole.flow.notes()

    def batches(self, seed: Seed) -> Iterator[Commands]:
        """The commands in order; the seed is that of the whole."""
        del seed
        last = 0
        for batch in numbered(self._whole.flow.batches(self._whole.seed), self._whole.most):
            due_ns = self._whole.pacing.due_ns(int(batch["number"][0]), len(batch))
            if self._whole.until_ns and int(due_ns[0]) >= self._whole.until_ns:
                # Some accounts may have no command for long, so nobody else would end this.
                return
            last = int(batch["number"][-1])
            are_mine = self._are_mine(batch["account"].astype(np.int64))
            mine = np.flatnonzero(are_mine)
            strange = self._ids.strange(batch, are_mine)
            if len(mine):
                numbers = batch["number"][mine].astype(np.int64)
                self._strange = np.concatenate((self._strange, self._count + 1 + np.flatnonzero(strange[mine])))
                self._count += len(mine)
                self._drawn.append(Part(numbers, due_ns[mine]))
                self._numbers.append(numbers)
                yield batch[mine]
        self.drawn_out = last

    def are_strange(self, numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
        """Which commands, by their numbers here, give an order an id that a command of another share gave before."""
        places = np.searchsorted(self._strange, numbers.astype(np.int64))
        found: npt.NDArray[np.bool_] = np.append(self._strange, -1)[places] == numbers.astype(np.int64)
        return found

    def numbers(self, count: int) -> Int64Array:
        """The numbers in the whole of the first so many commands."""
        return np.concatenate([np.zeros(0, np.int64), *self._numbers])[:count]

    @property
    def rate_per_s(self) -> float:
        """Of the whole: a share has a pace where that has one."""
        return self._whole.pacing.rate_per_s

    @property
    def span_ns(self) -> int:
        """Of the whole."""
        return self._whole.pacing.span_ns

    def due_ns(self, first: int, count: int) -> Int64Array:
        """Of the next batch that was drawn: they are asked for one after another. Behind the last nothing is due in this life."""
        del first
        return self._drawn.popleft().due_ns[:count] if self._drawn else np.full(count, LATEST_NS)

    def asked_by(self, elapsed_ns: int) -> float:
        """Of the whole: what of it is this share's only the flow knows."""
        return self._whole.pacing.asked_by(elapsed_ns)

    def seeded(self, seed: Seed) -> Self:
        """The pace has its seed before it is shared."""
        del seed
        return self

    def at_rate(self, rate_per_s: float) -> Self:
        """The pace has its rate before it is shared."""
        del rate_per_s
        return self

    def _are_mine(self, accounts: Int64Array) -> npt.NDArray[np.bool_]:
        mine: npt.NDArray[np.bool_] = np.isin(accounts, self._accounts)
        if self._takes_rest:
            mine |= ~np.isin(accounts, self._others)
        return mine
