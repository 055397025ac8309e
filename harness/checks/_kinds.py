"""The kinds of events that change an order, as plain integers.

A fold compares them some ten times an event, and to look a member up in its enum costs as much as all the rest of a
step.
"""

from __future__ import annotations

from harness.base.records import EventKind

ACCEPTED = int(EventKind.ACCEPTED)
CANCELED = int(EventKind.CANCELED)
REPLACED = int(EventKind.REPLACED)
RESTED = int(EventKind.RESTED)
TRADE = int(EventKind.TRADE)
TRIGGERED = int(EventKind.TRIGGERED)
REFUSED = frozenset({int(EventKind.REJECTED), int(EventKind.REPLACE_REJECTED)})
"""A new order or a replace that is refused; a refused cancel changes nothing."""
STARTED = frozenset({ACCEPTED, REPLACED, TRIGGERED})
"""After these an order is being matched, unless it is a stop that waits."""
