"""What an engine keeps beyond its end holds each fill that it told, once and with the same terms, and no other.

An engine that is `durable` can be asked, once it was told to end, whether what it keeps is whole, and which fills are in it. A fill that a
client heard of and that the trail lacks went out beside it or was lost on the way to the disk: the client holds a position that nobody
can prove. One that the trail holds and nobody heard of is a position that its owner does not know. Fills are known by their match.

An engine that was emptied since, to be driven anew, keeps something else by then: of such a scenario nothing is compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.ending import FILL, Fills
from harness.base.findings import Facts, FindingLog
from harness.base.records import NONE, EventKind
from harness.checks import CheckPlug
from harness.evidence.fold import RunInfo, Segment

MOST = 1 << 23
"""Fills that are remembered; 400 MB."""

Flags: TypeAlias = npt.NDArray[np.bool_]


class _Fill(NamedTuple):
    """A fill as it was told, and where; of one that is kept, the latter is absent."""

    match: int
    price: int
    qty: int
    command: int = 0
    order: int = 0
    maker: int = 0

    def __str__(self) -> str:
        return f"match {self.match}, {self.qty} at {self.price}"


HEARD = np.dtype([(name, "<i8" if name in ("price", "qty") else "<u8") for name in _Fill._fields])


class AuditTrail:
    """The fills that were told."""

    def __init__(self, run: RunInfo) -> None:
        self._run = run
        self._heard: list[Fills] = []
        self._count = 0

    def add(self, segment: Segment) -> None:
        """Remember the fills of this stretch."""
        trades = segment.events[segment.events["kind"] == EventKind.TRADE]
        self._count += len(trades)
        if not len(trades) or self._count > MOST:
            return
        heard = np.zeros(len(trades), HEARD)
        for name in _Fill._fields:
            heard[name] = trades[name]
        self._heard.append(heard)

    def facts(self) -> Facts:
        """Hold what is kept against what was told."""
        ending = self._run.ending
        if ending is None or not ending.verified:
            return Facts(seen=0, told={"what the engine keeps": "was not looked at"})
        log = FindingLog("audit_trail")
        if ending.damaged:
            log.add(
                "damaged", "what the engine keeps beyond its end is not whole", command=0,
                expected="files that are whole, as the engine's own tool says", got=ending.damaged,
            )  # fmt: skip
        kept = self._run.kept()
        if kept is None:
            return Facts(seen=0, findings=log.findings(), told={"fills that the engine keeps": "are not compared"})
        if self._count > MOST:
            why = f"more than {MOST:,} fills were told: too many to be compared"
            return Facts(seen=0, findings=log.findings(), unknown=why)
        heard = np.concatenate([np.zeros(0, HEARD), *self._heard], dtype=HEARD)
        self._compare(heard, np.sort(kept, order="match", kind="stable"), log)
        return Facts(seen=len(heard), findings=log.findings(), told={"fills that the engine keeps": f"{len(kept):,}"})

    def _compare(self, heard: Fills, kept: Fills, log: FindingLog) -> None:
        """`kept` is in the order of its matches."""
        # A fill that no match has stands for the twin of one that is behind all that is kept.
        twins = np.append(kept, np.zeros(1, FILL))[np.searchsorted(kept["match"], heard["match"])]
        is_kept = twins["match"] == heard["match"]
        for one in _each(heard[~is_kept]):
            log.add(
                "not_kept", "a fill was told and the engine does not keep it", command=one.command, orders=_orders(one),
                expected=f"in the audit trail too: {one}", got="it is not there",
            )  # fmt: skip
        differs = is_kept & (_differ(heard["price"], twins["price"]) | _differ(heard["qty"], twins["qty"]))
        for one, twin in zip(_each(heard[differs]), _each(twins[differs]), strict=True):
            log.add(
                "differs", "the engine keeps a fill with other terms than it told", command=one.command, orders=_orders(one),
                expected=f"as it was told: {one}", got=f"as it is kept: {twin}",
            )  # fmt: skip
        for one in _each(kept[1:][kept["match"][1:] == kept["match"][:-1]]):
            log.add(
                "twice", "the engine keeps a fill twice", command=0, expected=f"in the audit trail once: {one}",
                got="it is there again",
            )  # fmt: skip
        if self._run.cut_short:
            return
        for one in _each(kept[~np.isin(kept["match"], heard["match"])]):
            log.add(
                "never_told", "the engine keeps a fill that it told nobody", command=0,
                expected="a fill of the audit trail told to its owners", got=f"nobody was told of {one}",
            )  # fmt: skip


def _each(fills: Fills) -> Iterator[_Fill]:
    return (_Fill(*row) for row in fills.tolist())


def _orders(one: _Fill) -> tuple[int, ...]:
    return tuple(filter(None, (one.order, one.maker)))


def _differ(heard: npt.NDArray[np.int64], kept: npt.NDArray[np.int64]) -> Flags:
    """Where two columns differ; what one side leaves out is no difference."""
    differ: Flags = (heard != kept) & (heard != NONE) & (kept != NONE)
    return differ


CHECK = CheckPlug(
    about="What the engine keeps beyond its end holds each fill that it told, once and with the same terms, and no other.",
    start=AuditTrail,
    needs=("durable", "match", "price", "qty"),
    least=1_000,
)
