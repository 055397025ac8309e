"""Binary heaps in stretches of one array: the lowest rank first, then the earliest ticket.

The caller keeps the count. It writes a new entry behind the last one and lets it `rise`; it takes the first entry away by counting
one less and letting the last one `sink` from the top.
"""

from __future__ import annotations

from typing import Any

from harness.base.kernels import compiled
from harness.oracle.verifier.layout import Records


def _rise(entries: Records, start: int, at: int) -> None:
    """Move the entry at place `at` up to where it belongs."""
    while at > 0:
        above = (at - 1) >> 1
        if not before(entries[start + at], entries[start + above]):
            return
        swap(entries[start + at], entries[start + above])
        at = above


def _sink(entries: Records, start: int, count: int) -> None:
    """Put the entry behind the last of `count` in the place of the first, which is gone, and move it down."""
    swap(entries[start], entries[start + count])
    at, below = 0, 1
    while below < count:
        if below + 1 < count and before(entries[start + below + 1], entries[start + below]):
            below += 1
        if not before(entries[start + below], entries[start + at]):
            return
        swap(entries[start + at], entries[start + below])
        at = below
        below = 2 * at + 1


def _before(one: Any, other: Any) -> bool:
    """Whether one entry stands before another."""
    if one["rank"] != other["rank"]:
        return bool(one["rank"] < other["rank"])
    return bool(one["ticket"] < other["ticket"])


def _swap(one: Any, other: Any) -> None:
    rank, ticket, row = one["rank"], one["ticket"], one["row"]
    one["rank"], one["ticket"], one["row"] = other["rank"], other["ticket"], other["row"]
    other["rank"], other["ticket"], other["row"] = rank, ticket, row


before = compiled(_before, inner=True)
swap = compiled(_swap, inner=True)
rise = compiled(_rise, inner=True)
sink = compiled(_sink, inner=True)
