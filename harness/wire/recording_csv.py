"""Recordings as CSV, one line a record, read as a column map says (`harness.wire.recording_map`)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple, NoReturn, TextIO, TypeVar

from harness.base.errors import SetupError
from harness.wire.recording import Action, Recording, Told, reading, recorded
from harness.wire.recording_map import (
    ActionColumn,
    ColumnMap,
    EventColumn,
    IdColumn,
    NumberColumn,
    SideColumn,
    TimeColumn,
)
from harness.wire.recording_numbers import DECIMALS, TIMES, scaled

Value = TypeVar("Value")
_ABOUT_AN_ORDER = (Action.ADD, Action.CANCEL, Action.MODIFY, Action.FILL, Action.EXECUTE)
_SHOWN = 120
"""Characters of a line or a header that a message shows."""


def read(path: Path, columns: ColumnMap | None = None, symbol: str = "") -> Recording:
    """All records of a file, in its order; without a map it is market by order.

    Raises:
        SetupError: the file is missing, cut or not as the map says; told with line, column, what came and what was wanted.
    """
    with reading(path) as text:
        lines = _with_ends(_Reader(path, columns or mbo(), text).records())
        return recorded(path, symbol or path.name.split(".")[0], lines)


@cache
def mbo() -> ColumnMap:
    """Market by order as exchanges' feeds are normalised: nine implied decimals, and a flag of 128 in the last record of an event."""
    return ColumnMap(
        time=TimeColumn(column="ts_event", unit="ns"),
        action=ActionColumn(
            column="action", add=["A"], cancel=["C"], modify=["M"], trade=["T"], fill=["F"], clear=["R"]
        ),
        side=SideColumn(column="side", buy=["B"], sell=["A"], none=["N"]),
        price=NumberColumn(column="price_1e9", implied_decimals=9, none=["9223372036854775807"]),
        size=NumberColumn(column="size", implied_decimals=0),
        id=IdColumn(column="order_id"),
        event=EventColumn(column="flags", last_bit=7),
    )


class _Line(NamedTuple):
    """A record, and what it has in common with the others of its event; None: it says itself whether it is the last."""

    told: Told
    event: str | int | None


def _with_ends(lines: Iterator[_Line]) -> Iterator[Told]:
    """The records, each with whether it ends its event: the next one tells."""
    before = next(lines, None)
    while before is not None:
        line = next(lines, None)
        if before.event is None:
            yield before.told
        else:
            yield before.told._replace(last=line is None or line.event != before.event)
        before = line


class _Reader:
    """The fields of a line by the names of their columns, and how each is read."""

    def __init__(self, path: Path, columns: ColumnMap, text: TextIO) -> None:
        self._path = path
        self._columns = columns
        self._lines = csv.reader(text, delimiter=columns.delimiter, strict=True)
        names = [name.strip() for name in columns.header or self._next() or ()]
        if missing := [name for name in columns.columns() if name not in names]:
            came = columns.delimiter.join(names)[:_SHOWN]
            raise SetupError(f"{path}, line 1: the column {', '.join(missing)} is missing; came: {came!r}")
        if twice := [name for name in columns.columns() if names.count(name) > 1]:
            raise SetupError(f"{path}, line 1: the column {twice[0]} is there twice; wanted each that is read once")
        self._at = {name: names.index(name) for name in columns.columns()}
        self._width = max(self._at.values()) + 1
        self._actions = columns.action.meanings()
        self._sides = columns.side.meanings()
        self._time_ns = TIMES[columns.time.unit]
        self._numbers: dict[str, int] = {}
        """The number of each id that is a text."""

    def records(self) -> Iterator[_Line]:
        """The records of all lines but those that the map lets be."""
        while (fields := self._next()) is not None:
            if len(fields) < self._width:
                line = self._columns.delimiter.join(fields)[:_SHOWN]
                self._refuse(f"{len(fields)} columns came: {line!r}; wanted at least {self._width}")
            action = self._word(fields, self._columns.action.column, self._actions)
            if action is not None:
                yield self._line(fields, action)

    def _next(self) -> list[str] | None:
        """The fields of the next line, if there is one."""
        try:
            return next(self._lines, None)
        except csv.Error as error:
            self._refuse(f"it is no CSV: {error}")

    def _line(self, fields: list[str], action: Action) -> _Line:
        columns = self._columns
        ns = self._read(fields, columns.time.column, self._time_ns)
        event: str | int | None = ns
        last = False
        if columns.event is not None and columns.event.last_bit is not None:
            event, last = None, bool(self._read(fields, columns.event.column, _flags) >> columns.event.last_bit & 1)
        elif columns.event is not None:
            event = fields[self._at[columns.event.column]]
        told = Told(
            place=f"line {self._lines.line_num}", ns=ns, action=action,
            side=self._word(fields, columns.side.column, self._sides),
            price_1e9=self._number(fields, columns.price), size_1e9=self._number(fields, columns.size),
            order=self._order(fields) if action in _ABOUT_AN_ORDER else 0, last=last,
        )  # fmt: skip
        return _Line(told, event)

    def _order(self, fields: list[str]) -> int:
        column = self._columns.id.column
        if self._columns.id.kind == "number":
            return self._read(fields, column, _id)
        text = fields[self._at[column]]
        if not text:
            self._refuse_field(column, text, "the id of an order")
        return self._numbers.setdefault(text, len(self._numbers) + 1)

    def _number(self, fields: list[str], column: NumberColumn) -> int | None:
        """A price or a size, times 1e9."""
        text = fields[self._at[column.column]]
        if not text or text in column.none:
            return None
        if column.implied_decimals is None:
            return self._read(fields, column.column, scaled)
        units_1e9: int = 10 ** (DECIMALS - column.implied_decimals)
        return self._read(fields, column.column, _whole) * units_1e9

    def _word(self, fields: list[str], column: str, meanings: Mapping[str, Value]) -> Value:
        """What a word of the file means."""
        text = fields[self._at[column]]
        if text not in meanings:
            self._refuse_field(column, text, f"one of {', '.join(word for word in meanings if word)}")
        return meanings[text]

    def _read(self, fields: list[str], column: str, read_text: Callable[[str], Value]) -> Value:
        text = fields[self._at[column]]
        try:
            return read_text(text)
        except ValueError as error:
            self._refuse_field(column, text, str(error))

    def _refuse_field(self, column: str, came: str, wanted: str) -> NoReturn:
        self._refuse(f"column {column}: came {came[:_SHOWN]!r}, wanted {wanted}")

    def _refuse(self, why: str) -> NoReturn:
        raise SetupError(f"{self._path}, line {self._lines.line_num}, {why}")


def _whole(text: str) -> int:
    return scaled(text, 0)


def _id(text: str) -> int:
    number = scaled(text, 0)
    if not 0 < number < 2**63:
        raise ValueError('a whole number from 1 to 2**63 - 1; a map may say kind = "text" of any other id')
    return number


def _flags(text: str) -> int:
    number = scaled(text, 0)
    if number < 0:
        raise ValueError("a whole number not below 0")
    return number
