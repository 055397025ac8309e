"""What a ResendRequest is answered with: application messages and rejects again as they were, and all else filled over by a SequenceReset."""

from __future__ import annotations

from typing import NamedTuple

from harness.wire.fix import Fields
from harness.wire.fix_store import Store
from harness.wire.fix_tags import YES, Kind, Tag

AT_ONCE = 256
"""Messages that are made in one go: who asks for a whole day is not answered at once."""


class Again(NamedTuple):
    """A message that goes out under an old number."""

    number: int
    sent: str | None
    """When it was sent first; None: it is a gap fill, made now."""
    kind: str
    body: Fields


class Batch(NamedTuple):
    """A stretch of them."""

    messages: list[Again]
    next: int
    """The number behind them."""


def again(store: Store, begin: int, end: int) -> Batch:
    """The messages from number `begin` on that go out now; `end` is the last that is due."""
    kept = store.kept(begin, end, AT_ONCE)
    messages: list[Again] = []
    at = begin
    for one in kept:
        if one.number > at:
            messages.append(_fill(at, one.number))
        messages.append(Again(one.number, one.sent, one.kind, one.body))
        at = one.number + 1
    if len(kept) < AT_ONCE and at <= end:
        messages.append(_fill(at, end + 1))
        at = end + 1
    return Batch(messages, at)


def _fill(begin: int, following: int) -> Again:
    body = ((Tag.GAP_FILL_FLAG, YES), (Tag.NEW_SEQ_NO, str(following)))
    return Again(begin, None, Kind.SEQUENCE_RESET, body)
