"""Decimal text <-> whole ticks and lots: exact, or not at all."""

from __future__ import annotations

import re

UNIT = 10**9
"""Ticks and lots are given times this."""
DECIMALS = 9
DECIMAL = re.compile(r"(-?)(\d*)(?:\.(\d*))?")
LARGEST = 2**63 - 1
"""What lies beyond it is no number of ours."""


def count_of(text: str, unit_1e9: int) -> int | None:
    """How many ticks or lots of this size a text says; None: no whole number of them, or no decimal."""
    found = DECIMAL.fullmatch(text)
    if found is None or not (found[2] or found[3]):
        return None
    fraction = (found[3] or "").rstrip("0")
    if len(fraction) > DECIMALS:
        return None
    count, rest = divmod(int(found[2] or 0) * UNIT + int(fraction.ljust(DECIMALS, "0")), unit_1e9)
    if rest or count > LARGEST:
        return None
    return -count if found[1] else count


def text_of(count: int, unit_1e9: int) -> str:
    """So many ticks or lots, without zeros at the end."""
    return _decimal(count * unit_1e9)


def average(value: int, count: int, tick_1e9: int) -> str:
    """The mean price of lots whose ticks add up to `value`, rounded to nine decimals; 0 of none."""
    if not count:
        return "0"
    doubled = 2 * value * tick_1e9 + count
    return _decimal(doubled // (2 * count))


def _decimal(amount_1e9: int) -> str:
    whole, fraction = divmod(abs(amount_1e9), UNIT)
    sign = "-" if amount_1e9 < 0 else ""
    decimals = f".{fraction:09}".rstrip("0").rstrip(".")
    return f"{sign}{whole}{decimals}"
