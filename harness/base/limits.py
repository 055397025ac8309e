"""Limits as people write them (`p(99)<10ms`, `>=100000/s`), read into integers of one unit, and how a figure keeps one."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

import msgspec

from harness.base.findings import Interval

Verdict: TypeAlias = Literal["pass", "unknown", "fail"]

UNITS: dict[str, tuple[str, float]] = {
    "ns": ("ns", 1), "us": ("ns", 1e3), "µs": ("ns", 1e3), "ms": ("ns", 1e6), "s": ("ns", 1e9),
    "/s": ("1/s", 1), "/min": ("1/s", 1 / 60),
    "B/h": ("B/h", 1), "KiB/h": ("B/h", 2**10), "MiB/h": ("B/h", 2**20),
    "": ("1", 1), "%": ("share", 0.01),
}  # fmt: skip
"""How each written unit becomes one of the units that metrics are kept in."""

_LIMIT = re.compile(
    r"\s*(?P<stat>p\((?P<pct>\d+(?:\.\d+)?)\)|max|min|)\s*(?P<op><=|>=|<|>|==)\s*(?P<value>\d+(?:\.\d+)?)\s*(?P<unit>[^\d\s]*)\s*"
)


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """One bound on one figure."""

    stat: str
    """`p(99)`, `max`, `min`, or empty for a metric that is a single figure."""
    fraction: float
    """The quantile as a fraction; 0 where stat is no quantile."""
    op: str
    value: float
    unit: str
    text: str
    """The bound as it was written, without the stat."""


def parse_limit(text: str) -> Limit:
    """Read one limit.

    Raises:
        ValueError: it is not of the form `[p(N)|max|min] OP NUMBER UNIT`, or the unit is not known.
    """
    match = _LIMIT.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a limit; wanted something like 'p(99)<10ms', 'max<1s' or '>=10000/s'")
    if match["unit"] not in UNITS:
        raise ValueError(f"{text!r} has the unit {match['unit']!r}; known: {', '.join(filter(None, UNITS))}")
    unit, factor = UNITS[match["unit"]]
    percent = float(match["pct"]) if match["pct"] else 0.0
    if match["pct"] and not 0 < percent < 100:
        raise ValueError(f"{text!r} asks for a percentile that is not between 0 and 100")
    return Limit(
        stat=match["stat"], fraction=percent / 100, op=match["op"], value=float(match["value"]) * factor, unit=unit,
        text=text.strip().removeprefix(match["stat"]).strip(),
    )  # fmt: skip


def keeps(limit: Limit, figure: Interval) -> Verdict:
    """Pass only where the whole interval keeps the limit, fail only where the whole interval breaks it."""
    ends = (_holds(limit, figure.low), _holds(limit, figure.high))
    if all(ends):
        return "pass"
    return "unknown" if any(ends) else "fail"


def _holds(limit: Limit, value: float) -> bool:
    match limit.op:
        case "<":
            return value < limit.value
        case "<=":
            return value <= limit.value
        case ">":
            return value > limit.value
        case ">=":
            return value >= limit.value
        case _:
            return value == limit.value
