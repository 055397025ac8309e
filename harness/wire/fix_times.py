"""UTCTimestamp: nanoseconds since 1970 <-> `YYYYMMDD-HH:MM:SS.sss`. FIX 4.4 has no finer times than milliseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

TIMESTAMP = re.compile(r"(\d{4})(\d\d)(\d\d)-(\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MS = 1_000_000
LEAP_SECOND = 60


def timestamp(at_ns: int) -> str:
    """A time as FIX writes it; parts of a millisecond are left out."""
    at = EPOCH + timedelta(milliseconds=at_ns // MS)
    return f"{at:%Y%m%d-%H:%M:%S}.{at.microsecond // 1000:03}"


def time_ns(text: str) -> int | None:
    """The time that a text says; None: it is none."""
    found = TIMESTAMP.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    # A leap second is counted as the first second behind it, as UTC clocks of computers have it.
    is_leap = second == LEAP_SECOND
    try:
        at = datetime(year, month, day, hour, minute, second - is_leap, tzinfo=UTC) + timedelta(seconds=is_leap)
    except ValueError:
        return None
    return ((at - EPOCH) // timedelta(milliseconds=1) + int(found[7] or 0)) * MS
