"""tape.json: a few commands that show a fault, as readable objects, with all that it takes to try them on any engine, anywhere."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path
from typing import TypeAlias

import msgspec

from harness.base.capabilities import Conventions, Instrument
from harness.base.controls import NO_CONTROLS, Controls
from harness.base.errors import EvidenceError
from harness.base.notes import Case
from harness.base.records import (
    NONE,
    Command,
    CommandKind,
    Commands,
    Flag,
    OrderType,
    Side,
    TimeInForce,
    command_rows,
    commands_of,
    empty_commands,
)
from harness.evidence.store import read_json

TAPE_SCHEMA = 1
"""Version of tape.json. 1: first."""
NAME = "tape.json"
Word: TypeAlias = str | int
"""The name of a code in lower case, or the bare code where the table does not hold it."""


class TapeCommand(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One command; a field that is not set is absent. They are numbered from 1 in their order."""

    kind: Word
    order: int = 0
    target: int = 0
    side: Word | None = None
    type: Word | None = None
    tif: Word | None = None
    flags: tuple[str, ...] | int = ()
    price: int | None = None
    stop: int | None = None
    qty: int | None = None
    min_qty: int | None = None
    display: int | None = None
    expiry_ns: int | None = None
    account: int = 0
    instrument: int = 0
    session: int = 0


class StoredTape(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of tape.json."""

    schema: int = TAPE_SCHEMA
    finding: str
    """The id of the finding that was shrunk to this."""
    engine: str
    """What names the engine that fails, on the command line."""
    check: str
    kind: str
    title: str
    expected: str
    got: str
    conventions: Conventions
    instruments: tuple[Instrument, ...]
    controls: Controls = NO_CONTROLS
    cases: tuple[Case, ...] = ()
    """The hand-made cases among the commands, for the check that judges them."""
    commands: tuple[TapeCommand, ...]

    def records(self) -> Commands:
        """The commands as records, numbered from 1.

        Raises:
            EvidenceError: a word is none of its table.
        """
        return commands_of([_row(command, number) for number, command in enumerate(self.commands, 1)])


def told(commands: Commands) -> tuple[TapeCommand, ...]:
    """The records as tape.json tells them; times and numbers are left out."""
    return tuple(map(_told, command_rows(commands)))


def read_tape(path: Path) -> StoredTape:
    """The tape of this file, or of the folder that holds it.

    Raises:
        EvidenceError: there is none, or it cannot be read.
    """
    return read_json(path / NAME if path.is_dir() else path, StoredTape, TAPE_SCHEMA)


_TABLES: dict[str, type[IntEnum]] = {"kind": CommandKind, "type": OrderType, "tif": TimeInForce, "side": Side}
_AMOUNTS = ("price", "stop", "qty", "min_qty", "display", "expiry_ns")
_ABSENT_WORD = "none"
_PLAIN = ("order", "target", "account", "instrument", "session")
_ABSENT = command_rows(empty_commands(1))[0]


def _told(row: Command) -> TapeCommand:
    known = Flag(row.flags & sum(Flag))
    flags = tuple(str(flag.name).lower() for flag in known) if known == row.flags else row.flags
    return TapeCommand(
        kind=_word(CommandKind, row.kind), order=row.order, target=row.target, side=_set(Side, row.side),
        type=_set(OrderType, row.type), tif=_set(TimeInForce, row.tif), flags=flags,
        price=_amount(row.price), stop=_amount(row.stop), qty=_amount(row.qty), min_qty=_amount(row.min_qty),
        display=_amount(row.display), expiry_ns=_amount(row.expiry_ns),
        account=row.account, instrument=row.instrument, session=row.session,
    )  # fmt: skip


def _row(command: TapeCommand, number: int) -> Command:
    codes = {field: _code(table, getattr(command, field)) for field, table in _TABLES.items()}
    amounts = {field: NONE if (value := getattr(command, field)) is None else value for field in _AMOUNTS}
    plain = {field: getattr(command, field) for field in _PLAIN}
    flags = command.flags if isinstance(command.flags, int) else sum(_code(Flag, flag) for flag in command.flags)
    return _ABSENT._replace(**codes, **amounts, **plain, flags=flags, number=number)


def _amount(value: int) -> int | None:
    return None if value == NONE else value


def _word(table: type[IntEnum], code: int) -> Word:
    return table(code).name.lower() if code in table.__members__.values() else code


def _set(table: type[IntEnum], code: int) -> Word | None:
    word = _word(table, code)
    return None if word == _ABSENT_WORD else word


def _code(table: type[IntEnum | Flag], word: Word | None) -> int:
    if isinstance(word, int):
        return word
    word = word or _ABSENT_WORD
    try:
        return int(table[word.upper()])
    except KeyError:
        known = ", ".join(name.lower() for name in table.__members__)
        raise EvidenceError(f"a command of the tape has {word!r}; there are: {known}") from None
