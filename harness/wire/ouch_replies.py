"""Events as OUCH replies, for the venue, and replies as events, for who drives it.

No state: which request an order came by, and what a UserRefNum stands for, comes as tables with a row for each event or reply.

Of our events OUCH does not tell: that an order rests or was triggered; that a cancel was refused, or a replace whose original is not live;
halts and phases; a trade that was busted, whose reason ours do not carry. A replace that is refused for another reason is told as
Rejected, since the order stays as it was. What self-trade prevention takes is told as Canceled with its reason, not as AIQ Canceled, whose
strategies the document does not list. A mass cancel is answered when it is done, behind what it canceled. An order is always accepted
as live: if it dies at once, Canceled says so.

Of OUCH's replies our events do not tell: system events, cancels that are pending, modifications, disabling and enabling, account
queries. A reply carries no remaining quantity (but Replaced, which tells what is open), no account, and of a trade one side only, whose
event leaves the other side's order at 0. Side stands where the reply has one, and the command where a number is its own: accepted,
replaced, rejected and done. An order that died when it was accepted gives two events, the second `canceled` for the reason OTHER.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.records import EVENT, Event, Events, Int64Array, events_of
from harness.wire.ouch import Records
from harness.wire.ouch_echoes import ECHOES
from harness.wire.ouch_hear_kernel import Hearing, hear
from harness.wire.ouch_layout import REPLY, REQUEST
from harness.wire.ouch_symbols import Symbols
from harness.wire.ouch_tell_kernel import Telling, tell
from harness.wire.ouch_terms import ASKED, Entered
from harness.wire.ouch_words import CANCEL_OF_REASON, REASON_OF_CANCEL, REASON_OF_REJECT, REJECT_OF_REASON, ROLE_OF_FLAG

_ABSENT = events_of([Event()])


class Told(NamedTuple):
    """Events as replies."""

    replies: Records
    owners: Int64Array
    """The request that each reply belongs to, by its row."""
    untold: npt.NDArray[np.uint8]
    """An `Untold` an event."""


class Heard(NamedTuple):
    """Replies as events."""

    events: Events
    sources: Int64Array
    """The reply that each event came by, by its row."""
    untold: npt.NDArray[np.uint8]
    """An `Untold` a reply. One about an order that was never sent, or at a price that is none, is the venue's fault."""


def to_replies(events: Events, entered: Entered, symbols: Symbols) -> Told:
    """The events as replies, in their order; of a trade the taker's first. Their times must be those of the venue, since midnight."""
    _check_rows(len(events), len(entered.requests), entered.orders, entered.makers)
    requests = np.ascontiguousarray(entered.requests, REQUEST)
    most = 2 * len(events)
    replies, owners = np.zeros(most, REPLY), np.empty(most, np.int64)
    untold = np.zeros(len(events), np.uint8)
    count = tell(
        Telling(
            np.ascontiguousarray(events, EVENT), symbols, requests, _rows(requests), entered.orders, entered.makers, replies, _rows(replies), owners, untold, ECHOES,
            REJECT_OF_REASON, CANCEL_OF_REASON,
        )
    )  # fmt: skip
    return Told(replies[:count], owners[:count], untold)


def to_events(replies: Records, asked: Records, rows: Int64Array, symbols: Symbols) -> Heard:
    """The replies of one session as events, in their order.

    `asked` holds an `ASKED` record for each UserRefNum that was sent, and `rows` says which of them is that of each reply, -1 for a number
    that was never sent. Sequence numbers and times of receipt are the caller's to fill in.
    """
    _check_rows(len(replies), len(asked), rows)
    most = 2 * len(replies)
    events: Events = np.repeat(_ABSENT, most)
    sources, untold = np.empty(most, np.int64), np.zeros(len(replies), np.uint8)
    count = hear(
        Hearing(
            np.ascontiguousarray(replies, REPLY), symbols, np.ascontiguousarray(asked, ASKED), rows, events, sources, untold, REASON_OF_REJECT, REASON_OF_CANCEL,
            ROLE_OF_FLAG,
        )
    )  # fmt: skip
    return Heard(events[:count], sources[:count], untold)


def _check_rows(count: int, most: int, *columns: Int64Array) -> None:
    for rows in columns:
        if len(rows) != count or (count and rows.max() >= most):
            raise ValueError(f"{len(rows)} rows up to {rows.max(initial=-1)}; wanted {count}, each below {most}")


def _rows(records: Records) -> npt.NDArray[np.uint8]:
    return records.view(np.uint8).reshape(len(records), records.dtype.itemsize)
