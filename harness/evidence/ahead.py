"""Reads one item ahead: while a segment is judged, the next one is read and hashed by a thread, which holds no interpreter lock meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items in the same order; what an item's making raises is raised where the item would have come."""
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        following = pool.submit(_taken, items)
        while taken := following.result():
            following = pool.submit(_taken, items)
            yield from taken


def _taken(items: Iterator[T]) -> tuple[T, ...]:
    """The next item, or nothing at the end."""
    for item in items:
        return (item,)
    return ()
