"""A user's Python object in its own process: how it is found and made, and how what it says becomes events.

It needs nothing of gonogo: it is called with each command and gives its answers as dicts of words and numbers, or as `Event` and arrays of
events where it imports these.
"""

from __future__ import annotations

import importlib
import operator
import struct
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import numpy as np

from engines.adapters._python_memory import DONE, Memory
from harness.base.bits import BOOK_ROW, BookRows, book_rows
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.records import EVENT, Command, Commands, Event
from harness.wire.json_messages import CHANNELS, EVENTS, REASONS, ROLES, SIDES

WORDS = {"kind": EVENTS, "reason": REASONS, "side": SIDES, "role": ROLES, "channel": CHANNELS}
"""The fields that may be told by name."""


class Setup(msgspec.Struct, frozen=True):
    """What an object is made for."""

    instruments: tuple[Instrument, ...]
    conventions: Conventions | None = None
    """Those that a scenario asks for; None: the object's own."""


class About(msgspec.Struct, frozen=True):
    """What an object says of itself."""

    version: str = ""
    capabilities: Capabilities = Capabilities()
    conventions: Conventions = Conventions()


class UnfitError(Exception):
    """What the object is or gave cannot be used, in words."""


class Object(NamedTuple):
    """An object, and how it is called."""

    it: Any
    submit: Callable[[Command], Any] | None
    submit_batch: Callable[[Commands], Any] | None
    """For whole arrays; where there is one, it alone is called."""

    def about(self) -> About:
        """What it says of itself, by attributes; a table may be a dict."""
        told = {name: found for name in About.__struct_fields__ if (found := getattr(self.it, name, None)) is not None}
        try:
            return msgspec.convert(told, About, from_attributes=True)
        except msgspec.ValidationError as error:
            raise UnfitError(f"what it says of itself cannot be: {error}") from error

    def carry_out(self, count: int, memory: Memory) -> None:
        """Have it carry out so many commands; each event is told at once."""
        if self.submit_batch is not None:
            memory.tell_all(_array(self.submit_batch(memory.commands(count))))
            memory.words[DONE] = count
        elif self.submit is not None:
            for done, command in enumerate(memory.command_rows(count), 1):
                for said in _several(self.submit(command)):
                    _tell(memory, _event(said, command))
                memory.words[DONE] = done

    def tell_book(self, memory: Memory) -> None:
        """Its book, where it has one: the number of its last event (0: not told), and its rows."""
        told = self.it.snapshot()
        try:
            engine_seq, rows = told
            memory.tell_book(engine_seq, rows if getattr(rows, "dtype", None) == BOOK_ROW else _book(rows))
        except (TypeError, ValueError, OverflowError) as error:
            raise UnfitError(f"snapshot gave {_shown(told)}; wanted (engine_seq, rows): {error}") from error

    def counters(self) -> dict[str, int]:
        """What it counts; nothing where it does not."""
        told = self.it.counters() if hasattr(self.it, "counters") else {}
        try:
            return msgspec.convert(told, dict[str, int])
        except msgspec.ValidationError as error:
            raise UnfitError(f"counters gave {_shown(told)}: {error}") from error


def found(name: str, path: list[str]) -> Callable[[Setup], Any]:
    """What makes the object: `module:attribute`, looked for behind what is installed."""
    sys.path += path
    module, _, attribute = name.partition(":")
    make: Any = importlib.import_module(module)
    for part in attribute.split("."):
        make = getattr(make, part)
    if not callable(make):
        raise UnfitError(f"{name} is {_shown(make)}; wanted a class, or a function that makes the engine")
    maker: Callable[[Setup], Any] = make
    return maker


def made(make: Callable[[Setup], Any], setup: Setup) -> Object:
    """The object, with the way in which it is called."""
    it = make(setup)
    submit, submit_batch = getattr(it, "submit", None), getattr(it, "submit_batch", None)
    if submit is None and submit_batch is None:
        raise UnfitError(f"{_shown(it)} has neither submit(command) nor submit_batch(commands)")
    return Object(it, submit, submit_batch)


def _tell(memory: Memory, event: Event) -> None:
    try:
        memory.tell(event)
    except struct.error as error:
        raise UnfitError(f"submit gave {event}, which no record holds: {error}") from error


def _several(said: Any) -> Any:
    """What can be walked: an object that gives a single event, or nothing, is told so."""
    if type(said) in {type(None), dict, Event, str}:
        raise UnfitError(f"submit gave {_shown(said)}; wanted a list of events")
    return said


def _event(said: Any, command: Command) -> Event:
    """One of them, as the answer to its command; the command's number and instrument need not be said."""
    event = said if isinstance(said, Event) else _of_words(said)
    if event.command and event.instrument:
        return event
    return event._replace(command=event.command or command.number, instrument=event.instrument or command.instrument)


def _of_words(said: Any) -> Event:
    if not isinstance(said, dict) or "kind" not in said:
        raise UnfitError(f"submit gave {_shown(said)} for an event; wanted an Event, or a dict with its kind")
    if strange := [name for name in said if name not in Event._fields]:
        raise UnfitError(f"submit gave an event with {', '.join(map(repr, strange))}; there are: {', '.join(Event._fields)}")  # fmt: skip
    return Event(**{name: _code(name, value) for name, value in said.items() if value is not None})


def _code(name: str, value: Any) -> Any:
    """A word's code. What is no word stands for itself: whether it is a number is seen once it is put into its record."""
    if not isinstance(value, str):
        return value
    if name not in WORDS or value not in WORDS[name].codes:
        raise UnfitError(f"submit gave an event with {name} = {value!r}, which is no word of it (docs/json-lines.md)")
    return WORDS[name].codes[value]


def _book(rows: Any) -> BookRows:
    # Whole numbers, six a row: numpy would make a row of a single one.
    whole: list[Any] = [tuple(map(operator.index, row)) for row in rows]
    return book_rows(whole)


def _array(told: Any) -> np.ndarray:
    if not isinstance(told, np.ndarray) or told.dtype.names != EVENT.names:
        raise UnfitError(f"submit_batch gave {_shown(told)}; wanted an array of harness.base.records.EVENT")
    return np.ascontiguousarray(told, EVENT)


def _shown(value: object) -> str:
    words = repr(value)
    return words if len(words) < 80 else f"{words[:77]}..."
