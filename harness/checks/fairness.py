"""Fairness: whether accounts that trade as they always did are served worse than others while one account floods the engine.

The slowest twentieth of all commands, by response from their due times, is shared out by account. Where an engine serves everybody alike,
each account has a twentieth of its own commands among them; one that is served behind others has more. A share is steadier than a
quotient of 99th percentiles: a hiccup of the machine that slows all accounts for a moment may lift one percentile and not the other.
Those stand beside it, since they are what users feel. Only stretches of the flood count, so that all are held against the same load.

Only so many accounts are kept by name, and the rest as one, so that memory is bounded whatever a flow draws.
"""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.findings import Facts, Interval
from harness.base.histogram import Histogram, bucket_of
from harness.base.records import NONE, Int64Array
from harness.base.stats import CONFIDENCE, quantile, share
from harness.checks import CheckPlug
from harness.checks._answers import Waiting
from harness.evidence.fold import Metric, RunInfo, Segment

MOST = 64
"""Accounts kept by name; those that come later are counted together, as one."""
LEAST = 100
"""Commands of an account under which nothing can be said of a hundredth of them."""
SLOW = 0.95
"""From this quantile of all responses on a command is among the slowest. From 0.99 on, accounts that are served alike with a thousand commands
each could not be told from one that is served three times worse."""
STRETCH = 256
"""So many commands in a row count where the account that floods has half of them or more."""
FELT = 0.99
"""The quantile of its own responses that is told of an account."""
COARSE = 8
"""Buckets of a histogram taken together: a value is told within 0.8 %, and 65 accounts take 4 MB."""
BUCKETS = -(-len(Histogram().counts) // COARSE)


Flags: TypeAlias = npt.NDArray[np.bool_]


class Served(NamedTuple):
    """How one account was served."""

    name: str
    commands: int
    slow: Interval
    """The share of its commands that were among the slowest of all."""
    p99: Interval
    """Of its responses, in ns."""


class Fairness:
    """A histogram of responses an account."""

    def __init__(self, run: RunInfo) -> None:
        self._floods = run.notes.floods
        self._waiting = Waiting()
        self._rows: dict[int, int] = {self._floods: 0}
        self._counts = np.zeros((MOST + 2, BUCKETS), np.int64)

    def add(self, segment: Segment) -> None:
        """Count the responses of this stretch of history."""
        commands, answers = self._waiting.first_answers(segment)
        timed = (commands["due_ns"] != NONE) & (answers["received_ns"] != NONE)
        timed &= _in_half(commands["account"] == self._floods)
        took_ns = answers["received_ns"][timed] - commands["due_ns"][timed]
        accounts, place = np.unique(commands["account"][timed], return_inverse=True)
        rows = np.array([self._row(account) for account in accounts.tolist()], np.int64)[place]
        np.add.at(self._counts.reshape(-1), rows * BUCKETS + bucket_of(took_ns) // COARSE, 1)

    def facts(self) -> Facts:
        """How often the account that is served worst was among the slowest, against all; and how the accounts were served."""
        totals: Int64Array = self._counts.sum(axis=1)
        flood = int(totals[0])
        marks = {"flood": flood}
        seen = int(totals.sum()) - flood
        if not seen:
            return Facts(
                seen=0, marks=marks, unknown=f"while account {self._floods} flooded, no command of another was answered"
            )
        often, served = self._served(totals)
        if not served:
            why = f"while account {self._floods} flooded, no other sent {LEAST} commands that were answered"
            return Facts(seen=seen, marks=marks, unknown=why)
        worst, middle = served[-1], served[(len(served) - 1) // 2]
        told = {"served worst": _said(worst), "in the middle": _said(middle)}
        felt = sorted((one.p99 for one in served), key=lambda p99: p99.value)
        measures = {"fairness.worst_p99": felt[-1], "fairness.median_p99": felt[(len(felt) - 1) // 2]}
        if flood:
            told["flooding"] = f"account {self._floods}, {flood:,} commands"
            measures["fairness.flood_p99"] = quantile(_histogram(self._counts[0]), FELT)
        # The intervals hold together, so the one of the worst reaches from the highest low end to the highest high one.
        low, high = max(one.slow.low for one in served), max(one.slow.high for one in served)
        measures["fairness.worst_account"] = Interval(worst.slow.value / often, low / often, high / often)
        return Facts(seen=seen, marks=marks, told=told, measures=measures)

    def _row(self, account: int) -> int:
        """The row that its responses are counted in; the last is of all that have none of their own."""
        if account not in self._rows and len(self._rows) <= MOST:
            self._rows[account] = len(self._rows)
        return self._rows.get(account, MOST + 1)

    def _served(self, totals: Int64Array) -> tuple[float, list[Served]]:
        """The share of all commands that are among the slowest, and how each account that does not flood was served, the worst last."""
        together = np.cumsum(self._counts.sum(axis=0))
        # Of several equal values at the bound all are among the slowest, so that the bound favours none.
        bound = int(np.searchsorted(together, math.ceil(SLOW * together[-1])))
        slow = self._counts[:, bound:].sum(axis=1)
        names = {row: f"account {account}" for account, row in self._rows.items()}
        names[MOST + 1] = "the accounts that came last"
        rows = [row for row in np.flatnonzero(totals >= LEAST).tolist() if row]
        # So sure of each that they hold all together (Bonferroni).
        confidence = 1 - (1 - CONFIDENCE) / max(len(rows), 1)
        served = [
            Served(
                names[row], int(totals[row]), share(int(slow[row]), int(totals[row]), confidence),
                quantile(_histogram(self._counts[row]), FELT),
            )
            for row in rows
        ]  # fmt: skip
        served.sort(key=lambda one: one.slow.value)
        return int(slow.sum()) / int(together[-1]), served


def _in_half(flags: Flags) -> Flags:
    """Whether each stands in a stretch of which half or more are set."""
    starts = np.arange(0, len(flags), STRETCH)
    lengths = np.diff(starts, append=len(flags))
    set_in = np.add.reduceat(flags, starts, dtype=np.int64) if len(flags) else starts
    found: Flags = np.repeat(2 * set_in >= lengths, lengths)
    return found


def _histogram(counts: Int64Array) -> Histogram:
    """The coarse counts as a histogram: each value at the highest that its bucket may hold, so that none is told too low."""
    made = Histogram()
    made.counts[COARSE - 1 :: COARSE] = counts
    made.low, made.high = 0, 2**63 - 1
    return made


def _said(one: Served) -> str:
    return f"{one.name}, {one.commands:,} commands, {one.slow.value:.2%} of them among the slowest of all"


CHECK = CheckPlug(
    about="While one account floods the engine, no other account is served worse than all together.",
    start=Fairness,
    needs=("pace", "times", "flood"),
    marks=("flood",),
    least=1_000,
    metrics=(
        Metric(
            name="fairness.worst_account", unit="1",
            about="How many times as often as all commands together those of the account that is served worst were among the slowest twentieth; the one that floods left aside.",
        ),
        Metric(name="fairness.worst_p99", unit="ns", about="The highest 99th percentile of response of an account that does not flood."),
        Metric(name="fairness.median_p99", unit="ns", about="The 99th percentile of the account in the middle of them."),
        Metric(name="fairness.flood_p99", unit="ns", about="The 99th percentile of the account that floods."),
    ),
)  # fmt: skip
