"""Where the orders of a FIX port stand, and what its client is told of events. The same events always give the same reports.

The engine carries out a port's requests in the order in which they came, and answers each once. So how many are answered says which of them a cancel's
answer belongs to, which the event itself does not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from engines.service.gateway.ids import NUMBER_MASK, REFUSED, Parties
from harness.base.answers import are_answers
from harness.base.reasons import Reason, reason_name
from harness.base.records import NONE, Event, EventKind, Events, event_rows
from harness.wire.fix import Fields, Message
from harness.wire.fix_codes import (
    ADDED,
    NO_ORDER,
    OTHER,
    REMOVED,
    TOO_LATE,
    ExecType,
    Status,
    cancel_code,
    order_code,
)
from harness.wire.fix_numbers import count_of, text_of
from harness.wire.fix_reports import Report, Standing, cancel_reject, execution_report, mass_cancel_report
from harness.wire.fix_requests import Listing
from harness.wire.fix_tags import Kind, Tag

Told: TypeAlias = tuple[Kind, Fields]
PRICED = ("2", "4")
MASK = int(NUMBER_MASK)
MAKER = "M"
"""Behind the ExecID of the maker's side of a trade: both sides may be one port's."""


class FixOrders:
    """Of one port; its requests are numbered from 1 on, as they came."""

    def __init__(self, port: int, listing: Listing, requests: Sequence[Message]) -> None:
        self.answered = 0
        """How many requests are answered."""
        self._port, self._listing, self._requests = port, listing, requests
        self._standing: dict[int, Standing] = {}
        """By the number of the request that the order came by, or was replaced by last."""
        self._replaced: dict[int, int] = {}
        """By a number that an order had: the one that it got."""

    def tell(self, events: Events, parties: Parties) -> list[Told]:
        """The reports of a batch, in the order of its events."""
        is_own, is_maker = parties.ports == self._port, parties.maker_ports == self._port
        rows = np.flatnonzero(is_own | is_maker)
        some = events[rows]
        answers = are_answers(some) & (some["session"] == self._port)
        told: list[Told] = []
        for event, own, maker, answer in zip(
            event_rows(some), is_own[rows].tolist(), is_maker[rows].tolist(), answers.tolist(), strict=True
        ):
            self.answered += answer
            if event.kind == EventKind.TRADE:
                told += self._trade(event, event.order, REMOVED) if own else []
                told += self._trade(event, event.maker, ADDED) if maker else []
            else:
                told += self._one(event, self._request(self.answered) if answer else None)
        return told

    def standing(self, number: int) -> Standing | None:
        """Where the order stands that came by this request, or was replaced by it; None: it never was one."""
        while number in self._replaced:
            number = self._replaced[number]
        return self._standing.get(number)

    def _request(self, number: int) -> Message | None:
        """None: it was lost with the power of the machine; nobody is told of it."""
        return self._requests[number - 1] if number <= len(self._requests) else None

    def _one(self, event: Event, request: Message | None) -> list[Told]:
        """That an order rests or is triggered has no word in FIX 4.4."""
        told: list[Told] = []
        match event.kind:
            case EventKind.ACCEPTED if request:
                told = self._accepted(event, request)
            case EventKind.REJECTED if request:
                told = self._rejected(event, request)
            case EventKind.REPLACED if request:
                told = self._changed(event, request)
            case EventKind.CANCEL_REJECTED | EventKind.REPLACE_REJECTED if request:
                told = [self._change_rejected(self.standing(event.order & MASK), request, event.reason)]
            case EventKind.CANCELED:
                told = self._canceled(event, request)
            case EventKind.EXPIRED:
                told = self._gone(event, event.order & MASK, ExecType.EXPIRED, Status.EXPIRED)
            case EventKind.DONE if request:
                order = str(event.order & MASK)
                told = [(Kind.ORDER_MASS_CANCEL_REPORT, mass_cancel_report(request, order, event.qty))]
        return told

    def _accepted(self, event: Event, request: Message) -> list[Told]:
        standing = self._asked(event.order & MASK, request)._replace(qty=event.qty, leaves=event.remaining)
        return self._report(event, event.order & MASK, standing, ExecType.NEW)

    def _rejected(self, event: Event, request: Message) -> list[Told]:
        # What no command can say went through the journal with its reason as a quantity.
        reason = event.qty if event.order & int(REFUSED) else event.reason
        number = event.order & MASK
        if request.kind == Kind.ORDER_MASS_CANCEL_REQUEST:
            why = "1" if reason == Reason.UNKNOWN_INSTRUMENT else "0" if reason == Reason.UNSUPPORTED else OTHER
            return [(Kind.ORDER_MASS_CANCEL_REPORT, mass_cancel_report(request, str(number), 0, why, reason))]
        if request.kind != Kind.NEW_ORDER_SINGLE:
            return [self._change_rejected(None, request, reason)]
        standing = self._asked(number, request)._replace(status=Status.REJECTED)
        more = ((Tag.ORD_REJ_REASON, order_code(reason)), (Tag.TEXT, reason_name(reason)))
        return [_told(event, standing, ExecType.REJECTED, more)]

    def _change_rejected(self, standing: Standing | None, request: Message, reason: int) -> Told:
        is_late = standing is not None and reason == Reason.UNKNOWN_ORDER
        code = TOO_LATE if is_late else cancel_code(reason)
        return Kind.ORDER_CANCEL_REJECT, cancel_reject(request, standing, code, reason, NO_ORDER)

    def _changed(self, event: Event, request: Message) -> list[Told]:
        before, number = self.standing(event.order & MASK), event.new_order & MASK
        if before is None:
            return []
        del self._standing[event.order & MASK]
        self._replaced[event.order & MASK] = number
        standing = before._replace(
            cl_ord_id=request.get(Tag.CL_ORD_ID) or "", price=event.price, leaves=event.remaining,
            qty=before.cum + event.remaining, status=_working(before.cum),
        )  # fmt: skip
        original = ((Tag.ORIG_CL_ORD_ID, request.get(Tag.ORIG_CL_ORD_ID) or ""),)
        return self._report(event, number, standing, ExecType.REPLACED, original)

    def _canceled(self, event: Event, request: Message | None) -> list[Told]:
        number = event.order & MASK
        standing = self._standing.get(number)
        if standing is None:
            return []
        if event.remaining > 0:
            # A part of it went, and not by its owner's wish: what he asked for is restated.
            standing = standing._replace(leaves=event.remaining, qty=standing.cum + event.remaining)
            why = ((Tag.EXEC_RESTATEMENT_REASON, OTHER), (Tag.TEXT, reason_name(event.reason)))
            return self._report(event, number, standing, ExecType.RESTATED, why)
        if request is None:
            return self._gone(event, number, ExecType.CANCELED, Status.CANCELED, ((Tag.TEXT, reason_name(event.reason)),))  # fmt: skip
        self._standing[number] = standing._replace(cl_ord_id=request.get(Tag.CL_ORD_ID) or "")
        original = ((Tag.ORIG_CL_ORD_ID, request.get(Tag.ORIG_CL_ORD_ID) or ""),)
        return self._gone(event, number, ExecType.CANCELED, Status.CANCELED, original)

    def _gone(self, event: Event, number: int, why: ExecType, status: Status, more: Fields = ()) -> list[Told]:
        standing = self._standing.get(number)
        if standing is None:
            return []
        return self._report(event, number, standing._replace(leaves=0, status=status), why, more)

    def _trade(self, event: Event, order: int, liquidity: str) -> list[Told]:
        number = order & MASK
        before = self._standing.get(number)
        if before is None or before.instrument is None:
            return []
        standing = before._replace(
            leaves=before.leaves - event.qty, cum=before.cum + event.qty, value=before.value + event.price * event.qty
        )
        standing = standing._replace(status=_working(standing.cum) if standing.leaves else Status.FILLED)
        more = (
            (Tag.LAST_QTY, text_of(event.qty, before.instrument.lot_1e9)), (Tag.LAST_PX, text_of(event.price, before.instrument.tick_1e9)),
            (Tag.SECONDARY_EXEC_ID, str(event.match)), (Tag.LAST_LIQUIDITY_IND, liquidity),
        )  # fmt: skip
        return self._report(event, number, standing, ExecType.TRADE, more, side=MAKER if liquidity == ADDED else "")

    def _report(
        self, event: Event, number: int, standing: Standing, why: ExecType, more: Fields = (), *, side: str = ""
    ) -> list[Told]:
        self._standing[number] = standing
        return [_told(event, standing, why, more, side)]

    def _asked(self, number: int, request: Message) -> Standing:
        """An order as it was asked for."""
        symbol, kind = request.get(Tag.SYMBOL) or "", request.get(Tag.ORD_TYPE) or ""
        instrument = self._listing.by_symbol.get(symbol)
        qty = price = None
        if instrument is not None:
            qty = count_of(request.get(Tag.ORDER_QTY) or "", instrument.lot_1e9)
            price = count_of(request.get(Tag.PRICE) or "", instrument.tick_1e9) if kind in PRICED else None
        return Standing(
            str(number), request.get(Tag.CL_ORD_ID) or "", instrument, symbol, request.get(Tag.SIDE) or "", kind,
            NONE if qty is None else qty, NONE if price is None else price,
        )  # fmt: skip


def _working(cum: int) -> Status:
    return Status.PARTIALLY_FILLED if cum else Status.NEW


def _told(event: Event, standing: Standing, why: ExecType, more: Fields, side: str = "") -> Told:
    report = Report(why, f"{event.engine_seq}{side}", max(event.engine_ns, 0), more)
    return Kind.EXECUTION_REPORT, execution_report(standing, report)
