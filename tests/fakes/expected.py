"""What a hand-made case expects, as an event."""

from harness.base.reasons import Reason
from harness.base.records import Event, EventKind


def as_event(expected):
    """The event as it would be told; its absent fields are absent."""
    fields = {name: getattr(expected, name) for name in ("order", "maker", "new_order", "price", "qty", "remaining")}
    return Event(
        kind=EventKind[expected.kind.upper()],
        reason=Reason[expected.reason.upper()] if expected.reason else 0,
        **{name: value for name, value in fields.items() if value is not None},
    )
