"""A recorded market, order by order, in ticks and lots: what every reader of a recording makes of its file.

A reader tells what it reads as `Told`, in exact numbers of 1e-9; here all of it becomes one `Recording`. Its tick and its lot are the
greatest that all prices and all sizes are whole multiples of, so that no value is rounded on its way into integers.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import math
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import IO, NamedTuple, TextIO, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from harness.base.errors import SetupError
from harness.base.records import NONE, Int64Array, Side

RECORD = np.dtype(
    [
        ("ns", "<i8"), ("action", "u1"), ("side", "u1"), ("price", "<i8"), ("size", "<i8"), ("order", "<u8"), ("last", "?"),
    ]
)  # fmt: skip
"""One record: ns since 1970 (NONE: the recording has no times), ticks, lots; `last` ends its event. What is absent is NONE."""

Records: TypeAlias = npt.NDArray[np.void]
"""An array of `RECORD` records, shape (n,)."""

UNIT_1E9 = 10**9
_AT_ONCE = 65_536
"""Records that are Python objects at one time."""
_COMPRESSED: dict[bytes, Callable[[Path, str], object]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}
"""How a compressed file begins, and what reads it."""
_ZSTANDARD = b"\x28\xb5\x2f\xfd"


class Action(IntEnum):
    """What a record does to the book."""

    ADD = 1
    CANCEL = 2
    """Takes `size` from its order; all of it where the size is absent or 0."""
    MODIFY = 3
    """Gives its order a new price and size."""
    TRADE = 4
    """Tells what an aggressor did; what that did to the book follows as other records."""
    FILL = 5
    """Tells that a resting order was filled; what that did to the book follows as a cancel or a modify."""
    CLEAR = 6
    """Takes all orders away."""
    EXECUTE = 7
    """Takes `size` from its order, since somebody traded with it; no other record tells of that trade."""


class Row(NamedTuple):
    """One record as Python integers."""

    ns: int
    action: int
    side: int
    price: int
    size: int
    order: int
    last: bool


class Told(NamedTuple):
    """One record as its file tells it: prices and sizes times 1e9, exact however great; None where they are absent."""

    place: str
    """Where it stands in the file, such as "line 3"."""
    ns: int
    action: Action
    side: Side
    price_1e9: int | None
    size_1e9: int | None
    order: int
    last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A whole file, read and checked."""

    symbol: str
    records: Records
    tick_1e9: int
    lot_1e9: int

    @property
    def timed(self) -> bool:
        """Whether its records have times."""
        return len(self.records) > 0 and int(self.records["ns"][0]) != NONE

    def rows(self, first: int = 0, end: int | None = None) -> Iterator[Row]:
        """The records `first` to before `end`, counted from 0, as named tuples, in order."""
        records = self.records[first:end]
        for at in range(0, len(records), _AT_ONCE):
            yield from map(Row._make, records[at : at + _AT_ONCE].tolist())


def recorded(path: Path, symbol: str, lines: Iterable[Told]) -> Recording:
    """All that a reader tells, in ticks and lots.

    Raises:
        SetupError: an order without what an order needs, or a time before the one before, told with its place; or a number too great.
    """
    ns, orders = array("q"), array("Q")
    actions, sides, lasts = bytearray(), bytearray(), bytearray()
    prices_1e9: list[int | None] = []
    sizes_1e9: list[int | None] = []
    for one in _checked(path, lines):
        # Columns, not tuples: a day of a busy market has tens of millions of records.
        ns.append(one.ns)
        orders.append(one.order)
        actions.append(one.action)
        sides.append(one.side)
        lasts.append(one.last)
        prices_1e9.append(one.price_1e9)
        sizes_1e9.append(one.size_1e9)
    records = np.zeros(len(ns), RECORD)
    records["ns"], records["order"] = ns, orders
    records["action"], records["side"], records["last"] = actions, sides, lasts
    records["price"], tick_1e9 = _whole(path, "price", prices_1e9)
    records["size"], lot_1e9 = _whole(path, "size", sizes_1e9)
    return Recording(symbol=symbol, records=records, tick_1e9=tick_1e9, lot_1e9=lot_1e9)


@contextmanager
def reading(path: Path) -> Iterator[TextIO]:
    """The text of a file, plain or compressed (gzip, bzip2, xz, told by its first bytes); whatever is wrong with it is told in words."""
    try:
        with path.open("rb") as file:
            begin = file.read(6)
        if begin.startswith(_ZSTANDARD):
            raise SetupError(
                f"{path} is compressed by zstd, which is not read here: unpack it, or use gzip, bzip2 or xz"
            )
        unpack = next((unpack for magic, unpack in _COMPRESSED.items() if begin.startswith(magic)), open)
        raw = cast("IO[bytes]", unpack(path, "rb"))
        with raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
            yield text
    except (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError) as error:
        raise SetupError(f"{path} is a compressed file that was cut or damaged: {error}; get it again") from error
    except UnicodeDecodeError as error:
        raise SetupError(f"{path} is no text: the byte {error.object[error.start]:#x} is no UTF-8") from error
    except OSError as error:
        raise SetupError(f"cannot read {path}: {error.strerror or error}") from error


def _checked(path: Path, lines: Iterable[Told]) -> Iterator[Told]:
    """The same lines, each held to what all recordings must keep."""
    before_ns = NONE
    for one in lines:
        if one.ns < before_ns:
            raise SetupError(
                f"{path}, {one.place}: the time {one.ns} ns came, wanted at least {before_ns}, that of the record before"
            )
        if one.ns >= 2**63:
            raise SetupError(
                f"{path}, {one.place}: the time {one.ns} ns came, wanted one before the year 2262: is its unit right?"
            )
        before_ns = one.ns
        if one.size_1e9 is not None and one.size_1e9 < 0:
            raise SetupError(f"{path}, {one.place}: a size below 0 came")
        if one.action in (Action.ADD, Action.MODIFY) and (
            one.price_1e9 is None or one.side == Side.NONE or not one.size_1e9
        ):
            came = ", ".join(_said(one))
            raise SetupError(
                f"{path}, {one.place}: wanted an order with a price, a side and a size above 0, came {came}"
            )
        if one.action == Action.EXECUTE and not one.size_1e9:
            raise SetupError(f"{path}, {one.place}: wanted an execution with a size above 0")
        # A feed that deletes whole orders writes no size, or 0.
        yield one._replace(size_1e9=None) if one.action == Action.CANCEL and not one.size_1e9 else one


def _said(one: Told) -> tuple[str, ...]:
    """What matters of an order, in words."""
    numbers = {"price": one.price_1e9, "size": one.size_1e9}
    values = (f"{name} {'none' if value is None else value / UNIT_1E9}" for name, value in numbers.items())
    return (one.action.name.lower(), f"side {one.side.name.lower()}", *values)


def _whole(path: Path, what: str, values_1e9: list[int | None]) -> tuple[Int64Array, int]:
    """The values as whole multiples of the greatest unit that they allow, and that unit; NONE where there is no value."""
    unit_1e9 = math.gcd(*(value for value in values_1e9 if value is not None)) or UNIT_1E9
    if unit_1e9 >= 2**63:
        raise SetupError(f"{path}: the least {what} is {unit_1e9}e-9, which no market has; are its decimals implied?")
    try:
        return np.array([NONE if value is None else value // unit_1e9 for value in values_1e9], np.int64), unit_1e9
    except OverflowError:
        greatest = max(abs(value) for value in values_1e9 if value is not None)
        raise SetupError(
            f"{path}: the {what} {greatest}e-9 is {greatest // unit_1e9} times {unit_1e9}e-9, the greatest unit that all are whole multiples "
            "of; wanted below 2**63 times"
        ) from None
