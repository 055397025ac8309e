"""The order sessions and the drop copy tell the same: each event of one has its twin on the other, with the same terms.

Of a trade each side is told once on the session of its account, and both sides together once on the drop copy. Where the two differ, one of
two readers acts on what did not happen. Every other check is given the drop copy's word alone, so this one stands behind them all.

A wire like OUCH has no word for an order that rests or triggers, nor for a cancel or replace that came too late: these are not compared, and
the drop copy tells them alone. Nor is what a session leaves out of a twin, such as what remains of an order.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from copy import deepcopy
from typing import NamedTuple, TypeAlias

from harness.base.findings import Facts, FindingLog
from harness.base.records import NONE, Channel, Event, EventKind, Role, event_rows
from harness.base.words import say_event
from harness.checks import CheckPlug
from harness.evidence.fold import CHANNELS, RunInfo, Segment

_BOTH_TELL = frozenset(
    {EventKind.ACCEPTED, EventKind.REJECTED, EventKind.TRADE, EventKind.CANCELED, EventKind.REPLACED, EventKind.EXPIRED, EventKind.DONE}
)  # fmt: skip
"""What is told on both."""

Key: TypeAlias = tuple[int, int, int, int]
"""The kind, the order (of a mass cancel's end its account), the new order or the match, and the role of a trade's side."""


class _Told(NamedTuple):
    """One side of what was told, with what must be the same on both channels."""

    event: Event
    price: int
    qty: int


class ChannelsAgree:
    """What was told on one channel and not yet on the other."""

    def __init__(self, run: RunInfo) -> None:
        self._run = run
        self._log = FindingLog("channels_agree")
        self._on_sessions: dict[Key, deque[_Told]] = defaultdict(deque)
        self._on_copy: dict[Key, deque[_Told]] = defaultdict(deque)
        self._seen = self._unsaid = self._sides = 0

    def add(self, segment: Segment) -> None:
        """Pair what this stretch tells."""
        for event in event_rows(segment.events):
            if event.channel == Channel.NONE:
                self._unsaid += 1
                continue
            if event.kind not in _BOTH_TELL:
                continue
            is_copy = event.channel == Channel.DROP_COPY
            mine, other = (self._on_copy, self._on_sessions) if is_copy else (self._on_sessions, self._on_copy)
            for key, told in _sides(event):
                self._seen += 1
                self._sides += event.kind == EventKind.TRADE
                self._pair(key, told, mine, other)

    def facts(self) -> Facts:
        """The findings; what has no twin by the end of a whole run has none."""
        log = deepcopy(self._log)
        if not self._run.cut_short:
            self._tell_lone(log)
        told = {"sides of trades": f"{self._sides:,}"}
        if self._unsaid:
            told["commands that the engine's wire cannot say"] = f"{self._unsaid:,}"
        return Facts(seen=self._seen, findings=log.findings(), marks={"sides": self._sides}, told=told)

    def _pair(self, key: Key, told: _Told, mine: dict[Key, deque[_Told]], other: dict[Key, deque[_Told]]) -> None:
        waiting = other.get(key)
        if not waiting:
            mine[key].append(told)
            return
        twin = waiting.popleft()
        if not waiting:
            del other[key]
        if not (_same(told.price, twin.price) and _same(told.qty, twin.qty)):
            session, copy = (twin, told) if mine is self._on_copy else (told, twin)
            self._log.add(
                "differs", "an order session and the drop copy tell the same event otherwise", command=session.event.command,
                orders=_orders(session.event), expected=f"as on the drop copy: {say_event(copy.event)}",
                got=f"on the session: {say_event(session.event)}",
            )  # fmt: skip

    def _tell_lone(self, log: FindingLog) -> None:
        for told in _left(self._on_sessions):
            log.add(
                "only_on_session", "an order session told an event that the drop copy did not", command=told.event.command,
                orders=_orders(told.event), expected=f"on the drop copy too, once: {say_event(told.event)}", got="it is not there",
            )  # fmt: skip
        for told in _left(self._on_copy):
            log.add(
                "only_on_drop_copy", "the drop copy told an event that no order session did", command=0,
                orders=_orders(told.event), expected=f"on the session of its account too, once: {say_event(told.event)}",
                got="it is not there",
            )  # fmt: skip


def _sides(event: Event) -> Iterator[tuple[Key, _Told]]:
    """An event as often as sessions must tell it."""
    told = _Told(event, event.price, event.qty)
    if event.kind == EventKind.TRADE:
        if event.role != Role.MAKER:
            yield (event.kind, event.order, event.match, Role.TAKER), told
        if event.role != Role.TAKER:
            yield (event.kind, event.maker, event.match, Role.MAKER), told
    elif event.kind == EventKind.DONE:
        yield (event.kind, event.account, 0, 0), told
    else:
        yield (event.kind, event.order, event.new_order, 0), told


def _same(one: int, other: int) -> bool:
    """Whether two channels agree on a price or a quantity; what one of them leaves out is no difference."""
    return one == other or NONE in (one, other)


def _left(waiting: dict[Key, deque[_Told]]) -> Iterator[_Told]:
    for queue in waiting.values():
        yield from queue


def _orders(event: Event) -> tuple[int, ...]:
    return tuple(dict.fromkeys(filter(None, (event.order, event.maker, event.new_order))))


CHECK = CheckPlug(
    about="each event of an order session is on the drop copy too, once and with the same terms, and the other way round",
    start=ChannelsAgree,
    needs=(CHANNELS,),
    marks=("sides",),
    least=1_000,
)
