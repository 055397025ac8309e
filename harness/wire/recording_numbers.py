"""Numbers and times of a recording, from their text to exact integers: no binary float stands between.

Each reader of a text raises ValueError, with what was wanted as its message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

DECIMALS = 9
"""An instrument's tick and lot are told in 1e-9."""
_DECIMAL = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,2}))?")
_POWERS = tuple(int(10**power) for power in range(DECIMALS + 1))
_LONGEST = 60
"""Characters of a number; one that is longer is none of a market."""
_ISO = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(?:Z|\+00:?00)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def scaled(text: str, decimals: int = DECIMALS) -> int:
    """A decimal times ten to the power of `decimals`, which must be a whole number: "61405.279" is 61405279 at 3."""
    if text.isascii() and text.isdecimal() and len(text) <= _LONGEST:
        # Most numbers of most recordings; the pattern below takes some four times as long.
        return int(text) * _POWERS[decimals]
    found = _DECIMAL.fullmatch(text) if len(text) <= _LONGEST else None
    sign, whole, part, power = found.groups("") if found else ("", "", "", "")
    if not whole + part:
        raise ValueError("a decimal such as -12.50 or 2.5e-07")
    shift = decimals - len(part) + int(power or 0)
    digits = int(sign + whole + part)
    power_of_ten: int = 10 ** abs(shift)
    if shift >= 0:
        return digits * power_of_ten
    value, rest = divmod(digits, power_of_ten)
    if rest:
        raise ValueError(f"at most {decimals} decimals" if decimals else "a whole number")
    return value


def iso_ns(text: str) -> int:
    """A time of ISO 8601 in UTC as ns since 1970, to the last digit."""
    found = _ISO.fullmatch(text)
    if found is None:
        raise ValueError("a time of ISO 8601 in UTC such as 2026-11-22T09:30:00.123456789Z")
    try:
        second = datetime.fromisoformat(f"{found[1]}+00:00")
    except ValueError as error:
        raise ValueError(f"a time that there is ({error})") from error
    return (second - _EPOCH) // timedelta(seconds=1) * 10**9 + int((found[2] or "").ljust(9, "0"))


TIMES: Mapping[str, Callable[[str], int]] = {
    "ns": lambda text: scaled(text, 0),
    "us": lambda text: scaled(text, 3),
    "ms": lambda text: scaled(text, 6),
    "s": lambda text: scaled(text, 9),
    "iso8601": iso_ns,
}
"""How the time of each unit is read as ns."""
