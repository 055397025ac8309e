"""The column map of a recording: a TOML file that says what stands where in somebody's own CSV file, and in which words.

What its fields mean is told, with an example, in docs/recordings.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from harness.base.records import Side
from harness.base.written import Strict, read_written
from harness.wire.recording import Action

SCHEMA = 1
Name: TypeAlias = Annotated[str, Field(min_length=1)]
Words: TypeAlias = Annotated[list[str], Field(min_length=1)]


class TimeColumn(Strict):
    """When a record came: since 1970 in a unit, decimals allowed, or as ISO 8601 in UTC."""

    column: Name
    unit: Literal["ns", "us", "ms", "s", "iso8601"]


class ActionColumn(Strict):
    """What a record does, by the file's own words for it."""

    column: Name
    add: Words
    cancel: list[str] = []
    modify: list[str] = []
    trade: list[str] = []
    fill: list[str] = []
    execute: list[str] = []
    clear: list[str] = []
    ignore: list[str] = []
    """Records that are let be."""

    def meanings(self) -> Mapping[str, Action | None]:
        """What each word means; None for what is let be."""
        return {word: action for action in (*Action, None) for word in self._words(action)}

    def _words(self, action: Action | None) -> list[str]:
        words: list[str] = getattr(self, action.name.lower() if action else "ignore")
        return words

    @model_validator(mode="after")
    def _each_word_means_one_thing(self) -> ActionColumn:
        _check_once([word for action in (*Action, None) for word in self._words(action)])
        return self


class SideColumn(Strict):
    """Whose an order is; in a trade, whose the aggressor's."""

    column: Name
    buy: Words
    sell: Words
    none: list[str] = []
    """Words for neither; an empty field always is."""

    def meanings(self) -> Mapping[str, Side]:
        """What each word means."""
        named = {Side.NONE: ["", *self.none], Side.BUY: self.buy, Side.SELL: self.sell}
        return {word: side for side, words in named.items() for word in words}

    @model_validator(mode="after")
    def _each_word_means_one_thing(self) -> SideColumn:
        _check_once([*self.buy, *self.sell, *self.none])
        return self


class NumberColumn(Strict):
    """Prices or sizes: decimals, or whole numbers with implied decimals."""

    column: Name
    implied_decimals: Annotated[int, Field(ge=0, le=9)] | None = None
    """The column holds whole numbers, which are so many times ten times the value; None: it holds decimals."""
    none: list[str] = []
    """Words for an absent value; an empty field always is."""


class IdColumn(Strict):
    """Which order a record is about."""

    column: Name
    kind: Literal["number", "text"] = "number"
    """Whole numbers below 2**63 are kept as they are; texts are numbered in the order in which they first come."""


class EventColumn(Strict):
    """Which records belong to one event of the venue; without it, those of one time do."""

    column: Name
    last_bit: Annotated[int, Field(ge=0, le=63)] | None = None
    """The bit, from 0, that the last record of an event has; None: the records of one event hold the same there."""


class ColumnMap(Strict):
    """Where everything stands in a line."""

    time: TimeColumn
    action: ActionColumn
    side: SideColumn
    price: NumberColumn
    size: NumberColumn
    id: IdColumn
    event: EventColumn | None = None
    delimiter: Annotated[str, Field(pattern=r"^[^\n\r\"]$")] = ","
    header: Annotated[list[str], Field(min_length=1)] | None = None
    """The names of the columns, where the first line does not say them."""

    def columns(self) -> list[str]:
        """The columns that are read."""
        parts = (self.time, self.action, self.side, self.price, self.size, self.id, self.event)
        return [part.column for part in parts if part is not None]

    @model_validator(mode="after")
    def _has_its_columns(self) -> ColumnMap:
        if self.header is not None and (missing := [name for name in self.columns() if name not in self.header]):
            raise ValueError(f"header does not name {', '.join(map(repr, missing))}")
        return self


class RecordingFile(ColumnMap):
    """A whole file: the map, and the file that it is of."""

    schema_: Annotated[int, Field(alias="schema", ge=1, le=SCHEMA)]
    file: Path
    """From the folder of the map."""
    symbol: str = ""
    """Empty: the name of the file."""


def read_map(path: Path) -> RecordingFile:
    """The map of a recording.

    Raises:
        SetupError: it is missing, no TOML, or says something that cannot be; the message tells every mistake.
    """
    return read_written(path, RecordingFile, "recording's map")[0]


def _check_once(words: list[str]) -> None:
    """A word that means two things would mean the one that was looked at last."""
    twice = [word for word, count in Counter(words).items() if count > 1]
    if twice:
        raise ValueError(f"each word can mean one thing only, and once; twice: {', '.join(map(repr, twice))}")
