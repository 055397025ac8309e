"""Turns what happened into events: the one place of the plain engine that knows how an event is laid out.

Each method tells one kind of event in answer to the command at hand. `harness/base/records.py` says what each kind means.
"""

from __future__ import annotations

import numpy as np

from engines.plain.book import Order
from harness.base.reasons import Reason
from harness.base.records import NONE, Channel, Command, Event, EventKind, Events, Role, events_of


class Teller:
    """Collects the events of a batch of commands and numbers them."""

    def __init__(self) -> None:
        self.engine_seq = 0
        """The number of the last event that was taken."""
        self.matches = 0
        """The number of the last match."""
        self._events: list[Event] = []
        self._number = 0
        self._session = 0

    def answer(self, command: Command) -> None:
        """What is told from now on answers this command."""
        self._number = command.number
        self._session = command.session

    def take(self) -> Events:
        """All that was told since the last time, numbered in the order it was told."""
        events = events_of(self._events)
        self._events.clear()
        events["engine_seq"] = np.arange(self.engine_seq + 1, self.engine_seq + 1 + len(events), dtype=np.uint64)
        events["channel"] = Channel.ORDER
        self.engine_seq += len(events)
        return events

    def accepted(self, order: Order) -> None:
        self._about(order, EventKind.ACCEPTED, order.open_qty)

    def rested(self, order: Order) -> None:
        self._about(order, EventKind.RESTED, NONE)

    def canceled(self, order: Order, qty: int, reason: Reason) -> None:
        """`qty` is what went, the order holds what stays."""
        self._about(order, EventKind.CANCELED, qty, reason)

    def trade(self, taker: Order, maker: Order, price: int, qty: int) -> None:
        """One event tells both sides, in the taker's words."""
        self.matches += 1
        self._events.append(
            Event(
                command=self._number, order=taker.id, maker=maker.id, match=self.matches, price=price, qty=qty,
                remaining=taker.open_qty, instrument=taker.instrument, account=taker.account, session=self._session,
                kind=EventKind.TRADE, side=taker.side, role=Role.BOTH,
            )
        )  # fmt: skip

    def replaced(self, target: int, order: Order) -> None:
        """`target` is the id that the order had before."""
        self._events.append(
            Event(
                command=self._number, order=target, new_order=order.id, price=order.price, qty=order.open_qty,
                remaining=order.open_qty, instrument=order.instrument, account=order.account, session=self._session,
                kind=EventKind.REPLACED, side=order.side,
            )
        )  # fmt: skip

    def refused(self, command: Command, kind: EventKind, reason: Reason) -> None:
        """A refusal echoes what the command said: the order that it names need not exist, nor be its sender's."""
        by_target = kind is not EventKind.REJECTED
        self._events.append(
            Event(
                command=self._number, order=command.target if by_target else command.order, price=command.price,
                new_order=command.order if kind is EventKind.REPLACE_REJECTED else 0, qty=command.qty,
                instrument=command.instrument, account=command.account, session=self._session, reason=reason,
                kind=kind, side=command.side,
            )
        )  # fmt: skip

    def done(self, command: Command, count: int) -> None:
        """The end of a mass cancel that took `count` orders."""
        self._events.append(
            Event(
                command=self._number, order=command.order, qty=count, instrument=command.instrument,
                account=command.account, session=self._session, kind=EventKind.DONE, side=command.side,
            )
        )  # fmt: skip

    def _about(self, order: Order, kind: EventKind, qty: int, reason: Reason = Reason.NONE) -> None:
        self._events.append(
            Event(
                command=self._number, order=order.id, price=order.price, qty=qty, remaining=order.open_qty,
                instrument=order.instrument, account=order.account, session=self._session, reason=reason, kind=kind,
                side=order.side,
            )
        )  # fmt: skip
