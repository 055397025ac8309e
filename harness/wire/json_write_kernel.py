"""Records become JSON lines: a kernel a batch. A field that is absent is left out, and a code without a name is written as its number."""

from __future__ import annotations

from typing import Any

from harness.base.kernels import compiled
from harness.wire.json_read_kernel import CLOSE, COLON, COMMA, MINUS, NEWLINE, OPEN, QUOTE, U8, ZERO, Bytes, Rows, S
from harness.wire.json_tables import NOWHERE, SIGNED, WORD, Tables

NEGATIVE = U8(2**63)


def _write(tables: Tables, rows: Rows, told: Bytes) -> Any:
    """Write a line each; how many bytes they take."""
    at: Any = S(0)
    for row in range(len(rows)):
        for field in range(len(tables.forms)):
            value = value_of(tables, rows, row, field)
            if field == 0 or value != tables.absent_values[field]:
                told[at] = OPEN if field == 0 else COMMA
                at = put_text(tables, tables.names[field], told, at + 1)
                told[at] = COLON
                at = put_value(tables, field, value, told, at + 1)
        told[at] = CLOSE
        told[at + 1] = NEWLINE
        at += 2
    return at


def _value_of(tables: Tables, rows: Rows, row: Any, field: Any) -> Any:
    place, value = tables.places[field], U8(0)
    for octet in range(tables.widths[field]):
        value |= U8(rows[row, place + octet]) << U8(8 * octet)
    return value


def _put_value(tables: Tables, field: Any, value: Any, told: Bytes, at: Any) -> Any:
    """Write a value; the place behind it."""
    if tables.forms[field] == WORD:
        text = NOWHERE if value >= U8(tables.counts[field]) else tables.words[tables.first_words[field] + S(value)]
        if text != NOWHERE:
            return put_text(tables, text, told, at)
        told[at] = QUOTE
        at = put_digits(value, told, at + 1)
        told[at] = QUOTE
        return at + 1
    if tables.forms[field] == SIGNED and value >= NEGATIVE:
        told[at] = MINUS
        return put_digits(U8(0) - value, told, at + 1)
    return put_digits(value, told, at)


def _put_text(tables: Tables, text: Any, told: Bytes, at: Any) -> Any:
    begin, length = tables.starts[text], tables.lengths[text]
    told[at] = QUOTE
    for place in range(length):
        told[at + 1 + place] = tables.texts[begin + place]
    told[at + 1 + length] = QUOTE
    return at + 2 + length


def _put_digits(value: Any, told: Bytes, at: Any) -> Any:
    end = at + 1
    rest = value // U8(10)
    while rest != U8(0):
        end += 1
        rest //= U8(10)
    place = end
    while place > at:
        place -= 1
        told[place] = ZERO + S(value % U8(10))
        value //= U8(10)
    return end


put_digits = compiled(_put_digits, inner=True)
put_text = compiled(_put_text, inner=True)
put_value = compiled(_put_value, inner=True)
value_of = compiled(_value_of, inner=True)
write = compiled(_write)
