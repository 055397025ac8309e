"""The fields and words of JSON lines (`json_messages`) as the arrays that kernels read and write lines by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.records import Event, Int64Array, empty_commands, events_of
from harness.wire.json_messages import (
    CHANNELS,
    EVENTS,
    FLAGS,
    KINDS,
    REASONS,
    ROLES,
    SIDES,
    TIFS,
    TYPES,
    CommandLine,
    EventLine,
    Words,
)

WORD, UNSIGNED, SIGNED = range(3)
NOWHERE = -1
NAMES = 0
"""The set of texts that are names of fields; that of the words of a field is its number and one more."""
NUMBER_BYTES = 20
SLOTS = 1 << 10
"""Places of the hash table, several times as many as there are texts."""


class Tables(NamedTuple):
    """The lines of one direction. A field's number is its place in the line that is written; the first is the type."""

    forms: Int64Array
    """Of each field: a word, or a number with or without a sign."""
    places: Int64Array
    """Where it lies in the record."""
    widths: Int64Array
    absent: npt.NDArray[np.uint8]
    """A record in which every field is absent, as bytes."""
    absent_values: npt.NDArray[np.uint64]
    """The same, each field as the bits of its value."""
    texts: npt.NDArray[np.uint8]
    """All names and words, one after another."""
    starts: Int64Array
    """Of each text: where it begins, how long it is, which set it is of, and which field or code it names there."""
    lengths: Int64Array
    sets: Int64Array
    meanings: Int64Array
    slots: Int64Array
    """Open addressing: the number of a text at the first free place from where its hash points; NOWHERE: free."""
    names: Int64Array
    """The text that is the name of a field."""
    first_words: Int64Array
    """Where in `words` the codes of a field begin, and how many of them there are; one behind them has no name."""
    counts: Int64Array
    words: Int64Array
    """The text of a code; NOWHERE: it has none."""


class Direction(NamedTuple):
    """All that is known of the lines that go one way."""

    record: np.dtype[np.void]
    tables: Tables
    most_bytes: int
    """The longest line that is written."""


def _direction(
    line: type[CommandLine | EventLine], absent: npt.NDArray[np.void], words: Mapping[str, Words]
) -> Direction:
    """The fields in the order in which the line has them; the type comes first."""
    texts = _Texts()
    fields = line.__struct_fields__
    names = [texts.add(name, NAMES, number) for number, name in enumerate(fields)]
    first_words: list[int] = []
    by_code: list[int] = []
    for number, name in enumerate(fields):
        named = words[name].names if name in words else {}
        numbers = {code: texts.add(word, number + 1, code) for code, word in named.items()}
        first_words.append(len(by_code))
        by_code += [numbers.get(code, NOWHERE) for code in range(max(named, default=NOWHERE) + 1)]
    forms = [_form(absent.dtype, name, is_word=name in words) for name in fields]
    blank = _bytes_of(absent)
    values = [int.from_bytes(blank[one.place : one.place + one.width].tobytes(), "little") for one in forms]
    tables = Tables(
        forms=_column(one.kind for one in forms), places=_column(one.place for one in forms), widths=_column(one.width for one in forms),
        absent=blank, absent_values=np.array(values, np.uint64), texts=np.frombuffer(b"".join(texts.all), np.uint8).copy(), starts=texts.starts(),
        lengths=_column(map(len, texts.all)), sets=_column(texts.sets), meanings=_column(texts.meanings), slots=texts.slots,
        names=_column(names), first_words=_column(first_words), counts=_column(np.diff([*first_words, len(by_code)])), words=_column(by_code),
    )  # fmt: skip
    value_most = max(NUMBER_BYTES, *map(len, texts.all)) + len('""')
    return Direction(absent.dtype, tables, sum(len(name) + len('"":,') + value_most for name in fields) + len("{}\n"))


class _Form(NamedTuple):
    """A field."""

    kind: int
    place: int
    width: int


def _form(record: np.dtype[np.void], name: str, *, is_word: bool) -> _Form:
    form, place = {field: found[:2] for field, found in (record.fields or {}).items()}[_NAMED_OTHERWISE.get(name, name)]
    return _Form(WORD if is_word else UNSIGNED if form.kind == "u" else SIGNED, place, form.itemsize)


def _column(values: Iterable[int]) -> Int64Array:
    return np.fromiter(values, np.int64)


def _bytes_of(record: npt.NDArray[np.void]) -> npt.NDArray[np.uint8]:
    """The bytes of the record, with nothing in its padding."""
    clean = np.zeros(1, record.dtype)
    for name in record.dtype.names or ():
        clean[name] = record[name]
    return clean.view(np.uint8)


class _Texts:
    """Texts as they are taken in: numbered, and each with its set and what it means there."""

    def __init__(self) -> None:
        self.all: list[bytes] = []
        self.sets: list[int] = []
        self.meanings: list[int] = []
        self.slots: Int64Array = np.full(SLOTS, NOWHERE, np.int64)

    def add(self, text: str, of: int, meaning: int) -> int:
        """Take in a text of a set; its number."""
        raw = text.encode("ascii")
        at = slot_of(of, len(raw), raw[0], raw[len(raw) // 2], raw[-1])
        while self.slots[at] != NOWHERE:
            at = (at + 1) & (SLOTS - 1)
        self.slots[at] = len(self.all)
        self.all.append(raw)
        self.sets.append(of)
        self.meanings.append(meaning)
        return len(self.all) - 1

    def starts(self) -> Int64Array:
        """Where each begins, one after another."""
        return _column(accumulate(map(len, self.all[:-1]), initial=0))


def slot_of(of: Any, length: Any, first: Any, middle: Any, last: Any) -> Any:
    """Where the search for a text begins. Few bytes tell most texts apart, and whatever is found is compared whole."""
    return (of * 37 + length * 101 + first * 7 + middle * 53 + last * 211) & (SLOTS - 1)


COMMAND_WORDS = {"type": KINDS, "order_type": TYPES, "tif": TIFS, "side": SIDES, "flags": FLAGS}
EVENT_WORDS = {"type": EVENTS, "reason": REASONS, "side": SIDES, "role": ROLES, "channel": CHANNELS}
"""By field of a line."""
_NAMED_OTHERWISE = {"type": "kind", "order_type": "type"}
"""What a record calls a field of a line."""

COMMAND_LINES = _direction(CommandLine, empty_commands(1), COMMAND_WORDS)
EVENT_LINES = _direction(EventLine, events_of([Event()]), EVENT_WORDS)
