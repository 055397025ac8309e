"""An entry of the journal: 128 bytes for one command, and the kernels that seal entries, open them and look behind a bad one.

| words | what |
|---|---|
| 0 | the command's input sequence, counted from 1 without gaps |
| 1 | CRC-32C of the other 124 bytes; above it how far behind this entry the journal was durable when it was written |
| 2 to 15 | the command, its padding zero |

Four entries fill a sector, so that a sector that was never written leaves whole entries of zeros. The second half of word 1 is what
tells a torn tail from damage: an entry that says "durable up to 40" proves that entry 40 was there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engines.reference.asked import FLAGS, asked_of
from engines.reference.machine import ONE, ZERO, Number, U
from engines.service.crc import START, TABLES, Words, advance
from harness.base.kernels import compiled
from harness.base.records import COMMAND, RECORD_BYTES, Commands

ENTRY_BYTES = 128
ENTRY_WORDS = ENTRY_BYTES // 8
COMMAND_WORDS = RECORD_BYTES // 8
SEQUENCE, CHECKED, BODY = 0, 1, 2
LOW, HALF = U(0xFFFFFFFF), U(32)
UNSAID = 0xFFFFFFFF
"""How far behind the journal was durable, where that was further than can be told."""
FLAGS_USED = U(0xFF)
"""The byte of the command's last word that is a field; numpy leaves chance bytes in the rest."""

# What `look` counts.
VALID, DAMAGED, DAMAGED_BEFORE, PROVEN, WRITTEN = range(5)


class Behind(NamedTuple):
    """What lies behind the first entry that is not valid, that one included."""

    valid: int = 0
    damaged: int = 0
    """Neither valid nor all zeros."""
    damaged_before: int = 0
    """Those with a valid entry behind them."""
    proven: int = 0
    """The highest sequence that a valid one says was durable."""
    written: int = 0
    """The highest sequence whose place is not all zeros."""


def seal(commands: Commands, first: int, durable: int) -> Words:
    """The entries of commands that get the sequences `first` and on; the journal is durable up to `durable` now."""
    entries = np.empty((len(commands), ENTRY_WORDS), np.uint64)
    seal_words(asked_of(commands).words, entries, U(first), U(durable), TABLES)
    return entries


def open_entries(entries: Words, first: int) -> tuple[Commands, int, int]:
    """The commands of the valid entries up to the first that is not, how many, and the highest sequence that they say was durable."""
    asked = np.empty((len(entries), COMMAND_WORDS), np.uint64)
    found = np.zeros(2, np.uint64)
    open_words(entries, asked, U(first), TABLES, found)
    count = int(found[0])
    return asked[:count].reshape(-1).view(COMMAND), count, int(found[1])


def look(entries: Words, first: int, before: Behind) -> Behind:
    """What lies in further entries, the first of which would be number `first`, added to what lay before them."""
    found = np.array(before, np.uint64)
    look_words(entries, U(first), TABLES, found)
    return Behind(*found.tolist())


def _crc_of_entry(entries: Words, row: Number, tables: Words) -> Number:
    """The checksum that belongs into the entry; its own place counts as zero."""
    crc = advance(START, entries[row, SEQUENCE], tables)
    crc = advance(crc, entries[row, CHECKED] & ~LOW, tables)
    column = U(BODY)
    while column < U(ENTRY_WORDS):
        crc = advance(crc, entries[row, column], tables)
        column += ONE
    return crc ^ START


crc_of_entry = compiled(_crc_of_entry, inner=True)


def _seal_words(asked: Words, entries: Words, first: Number, durable: Number, tables: Words) -> None:
    row = ZERO
    while row < U(asked.shape[0]):
        column = ZERO
        while column < U(COMMAND_WORDS):
            entries[row, column + U(BODY)] = asked[row, column]
            column += ONE
        entries[row, U(BODY + FLAGS)] &= FLAGS_USED
        sequence = first + row
        entries[row, SEQUENCE] = sequence
        entries[row, CHECKED] = min(sequence - durable, U(UNSAID)) << HALF
        entries[row, CHECKED] |= crc_of_entry(entries, row, tables)
        row += ONE


seal_words = compiled(_seal_words)


def _is_valid(entries: Words, row: Number, sequence: Number, tables: Words) -> Number:
    """Whether it is the entry that was sealed under this sequence."""
    its = entries[row, SEQUENCE] == sequence
    return its and (entries[row, CHECKED] & LOW) == crc_of_entry(entries, row, tables)


is_valid = compiled(_is_valid, inner=True)


def _durable_at(entries: Words, row: Number) -> Number:
    """Up to where the journal was durable when a valid entry was written; 0 where it does not say."""
    behind = entries[row, CHECKED] >> HALF
    return ZERO if behind == U(UNSAID) else entries[row, SEQUENCE] - behind


durable_at = compiled(_durable_at, inner=True)


def _open_words(entries: Words, asked: Words, first: Number, tables: Words, found: Words) -> None:
    """Count of valid entries and what they prove go to `found`."""
    row = ZERO
    while row < U(entries.shape[0]) and is_valid(entries, row, first + row, tables):
        column = ZERO
        while column < U(COMMAND_WORDS):
            asked[row, column] = entries[row, column + U(BODY)]
            column += ONE
        found[1] = max(found[1], durable_at(entries, row))
        row += ONE
    found[0] = row


open_words = compiled(_open_words)


def _look_words(entries: Words, first: Number, tables: Words, found: Words) -> None:
    row = ZERO
    while row < U(entries.shape[0]):
        any_bit = ZERO
        column = ZERO
        while column < U(ENTRY_WORDS):
            any_bit |= entries[row, column]
            column += ONE
        if any_bit != ZERO:
            found[WRITTEN] = first + row
            if is_valid(entries, row, first + row, tables):
                found[VALID] += ONE
                found[DAMAGED_BEFORE] = found[DAMAGED]
                found[PROVEN] = max(found[PROVEN], durable_at(entries, row))
            else:
                found[DAMAGED] += ONE
        row += ONE


look_words = compiled(_look_words)
