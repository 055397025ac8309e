"""Numbers as people read them; every report format writes its figures here and nowhere else.

Three significant digits, the unit that suits the size, and an interval in the unit of its value.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import NamedTuple

from harness.base.judgement import Measured

_SCALES: dict[str, tuple[tuple[float, str], ...]] = {
    "ns": ((1e9, " s"), (1e6, " ms"), (1e3, " µs"), (1, " ns")),
    "B": ((2**40, " TiB"), (2**30, " GiB"), (2**20, " MiB"), (2**10, " KiB"), (1, " B")),
    "B/h": ((2**30, " GiB/h"), (2**20, " MiB/h"), (2**10, " KiB/h"), (1, " B/h")),
    "1/s": ((1, "/s"),),
    "share": ((0.01, " %"),),
    "1": ((1, ""),),
}
_LIMIT = re.compile(r"\s*(<=|>=|<|>|==)\s*(\d+)(\.\d+)?\s*([^\s\d.]\S*)?\s*")
_SIGNS = {"<=": "≤", ">=": "≥", "==": "="}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FINEST_SHARE = 1e-7


class Scale(NamedTuple):
    """A factor and the unit that it is written with."""

    factor: float
    unit: str


def amount(value: float, unit: str, like: float | None = None) -> str:
    """A value with its unit: `amount(4_130_000, "ns")` gives "4.13 ms"; with `like`, in the scale that suits that value."""
    factor, name = scale(value if like is None else like, unit)
    return f"{digits(value / factor)}{name}"


def scale(value: float, unit: str) -> Scale:
    """The scale that suits the value's size; units that are not known are written as they are."""
    steps = _SCALES.get(unit, ((1, f" {unit}"),))
    size = abs(value)
    return Scale(*next((step for step in steps if size >= step[0]), steps[-1]))


def digits(value: float) -> str:
    """Three significant digits, whole from 100 on, thousands apart: 4.13, 41.3, 1,204,118."""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else "endless"
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1e15:
        return f"{value:.3g}"
    if size >= 99.95 or float(value).is_integer():
        return _minus(f"{value:,.0f}")
    places = min(max(2 - math.floor(math.log10(size)), 0), 12)
    return _minus(f"{value:.{places}f}".rstrip("0").rstrip("."))


def count(number: int) -> str:
    """1204118 gives "1,204,118"."""
    return _minus(f"{number:,}")


def counted(number: int, noun: str, plural: str = "") -> str:
    """A count with its noun: "1 violation", "3 violations"."""
    return f"{count(number)} {noun if number == 1 else plural or noun + 's'}"


def percentile(fraction: float) -> str:
    """0.999 gives "99.9": the label of a percentile, exact where three digits would round it up to 100."""
    return f"{fraction * 100:.6f}".rstrip("0").rstrip(".") or "0"


def price(value: float) -> str:
    """A price with all its digits up to the ninth decimal: 4,750.25."""
    return _minus(f"{value:,.9f}".rstrip("0").rstrip("."))


def duration(ns: float) -> str:
    """A stretch of time that a person waits for: "42 s", "38 min", "1 h 12 min"; below a second as `amount`."""
    if ns < 1e9:
        return amount(ns, "ns")
    seconds = round(ns / 1e9)
    if seconds < 120:
        return f"{seconds} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{minutes} min" if not hours else f"{count(hours)} h {minutes} min"


def share_bound(share: float) -> str:
    """The upper end of a share that was never seen, rounded up so that it is never told too low: "under 0.0009 %"."""
    percent = max(share, FINEST_SHARE) * 100
    step = 10.0 ** (math.floor(math.log10(percent)) - 1)
    return f"under {digits(math.ceil(percent / step) * step)} %"


def measured(figure: Measured) -> str:
    """The value with its interval: "4.13 ms (3.9 to 4.3)"."""
    return interval(figure.value, figure.low, figure.high, figure.unit)


def interval(value: float, low: float, high: float, unit: str) -> str:
    """A value, and its interval in the same scale where there is one."""
    told = amount(value, unit)
    if low == value == high:
        return told
    factor, _ = scale(value, unit)
    ends = digits(low / factor), digits(high / factor)
    return told if ends[0] == ends[1] else f"{told} ({ends[0]} to {ends[1]})"


def limit(text: str) -> str:
    """A limit as a reader expects it: "<10ms" gives "< 10 ms"; what is none stays as it is."""
    match = _LIMIT.fullmatch(text)
    if match is None:
        return text
    sign, whole, part, unit = match.groups(default="")
    gap = "" if unit.startswith("/") or not unit else " "
    return f"{_SIGNS.get(sign, sign)} {int(whole):,}{part}{gap}{unit.replace('us', 'µs')}"


def stat(text: str) -> str:
    """`p(99.9)` gives "p99.9"."""
    return re.sub(r"p\(([\d.]+)\)", r"p\1", text)


def moment(iso: str) -> str:
    """An ISO time in UTC as "3 Feb 2027, 14:02 UTC"; what is none stays as it is."""
    try:
        when = dt.datetime.fromisoformat(iso).astimezone(dt.UTC)
    except ValueError:
        return iso
    return f"{_day(when)}, {when:%H:%M} UTC"


def day(iso: str) -> str:
    """An ISO day as "31 Mar 2027"; what is none stays as it is."""
    try:
        return _day(dt.date.fromisoformat(iso))
    except ValueError:
        return iso


def _day(when: dt.date) -> str:
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def _minus(text: str) -> str:
    return text.replace("-", "\u2212")
