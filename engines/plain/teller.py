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
        self._tell(EventKind.ACCEPTED, order, order.id, price=order.price, qty=order.open_qty, remaining=order.open_qty)

    def rested(self, order: Order) -> None:
        self._tell(EventKind.RESTED, order, order.id, price=order.price, remaining=order.open_qty)

    def triggered(self, stop: Order) -> None:
        self._tell(
            EventKind.TRIGGERED, stop, stop.id, price=stop.stop, qty=stop.open_qty, remaining=stop.open_qty
        )  # fmt: skip

    def canceled(self, order: Order, qty: int, reason: Reason) -> None:
        """`qty` is what went, the order holds what stays."""
        self._tell(
            EventKind.CANCELED, order, order.id, price=order.price, qty=qty, remaining=order.open_qty, reason=reason
        )

    def replaced(self, target: int, order: Order) -> None:
        """`target` is the id that the order had before."""
        self._tell(
            EventKind.REPLACED, order, target,
            new_order=order.id, price=order.price, qty=order.open_qty, remaining=order.open_qty,
        )  # fmt: skip

    def trade(self, taker: Order, maker: Order, price: int, qty: int) -> None:
        """One event tells both sides, in the taker's words."""
        self.matches += 1
        self._tell(
            EventKind.TRADE, taker, taker.id,
            maker=maker.id, match=self.matches, price=price, qty=qty, remaining=taker.open_qty, role=Role.BOTH,
        )  # fmt: skip

    def refused(self, command: Command, kind: EventKind, reason: Reason) -> None:
        """A refusal echoes what the command said: the order that it names need not exist, nor be its sender's."""
        order = command.order if kind is EventKind.REJECTED else command.target
        new_order = command.order if kind is EventKind.REPLACE_REJECTED else 0
        self._tell(kind, command, order, new_order=new_order, price=command.price, qty=command.qty, reason=reason)

    def done(self, command: Command, count: int) -> None:
        """The end of a mass cancel that took `count` orders."""
        self._tell(EventKind.DONE, command, command.order, qty=count)

    def _tell(
        self, kind: EventKind, about: Order | Command, order: int, *, new_order: int = 0, maker: int = 0, match: int = 0,
        price: int = NONE, qty: int = NONE, remaining: int = NONE, reason: int = 0, role: int = 0,
    ) -> None:  # fmt: skip
        """Instrument, account and side are those of what the event is about; `take` sets what is left open here."""
        # The fields stand by their place: `Event(command=..., ...)` would take twice as long, in the busiest line of all.
        self._events.append(
            Event._make((
                self._number, order, new_order, maker, match, price, qty, remaining, 0, NONE, NONE,
                about.instrument, about.account, self._session, reason, kind, about.side, role, 0,
            ))
        )  # fmt: skip
