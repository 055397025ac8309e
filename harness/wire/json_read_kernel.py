"""JSON lines become records: a kernel reads lines up to the first that is not in the common form, and leaves that one to a whole reader of JSON.

Common is a line of known fields, in any order and with any spaces, whose words all have names and whose numbers fit. Whatever else a line may
be, right or wrong, this says of none: so there is one place that tells what is wrong.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.wire.json_tables import NAMES, NOWHERE, SIGNED, SLOTS, UNSIGNED, WORD, Tables, slot_of

Bytes = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.uint8]
"""Records as their bytes, shape (n, bytes of a record)."""
S, U8 = np.int64, np.uint64
QUOTE, COLON, COMMA, OPEN, CLOSE, NEWLINE, MINUS, ZERO, NINE, BACKSLASH = map(ord, '":,{}\n-09\\')
SPACE, TAB, RETURN = map(ord, " \t\r")
SAFE_DIGITS = 19
"""So many digits fit into 64 bits, whatever they are."""
TENTH_MOST, LAST_MOST = U8((2**64 - 1) // 10), U8((2**64 - 1) % 10)
SIGNED_MOST, SHORT_MOST, SHORT_BYTES = U8(2**63 - 1), U8(2**32 - 1), 4


class Reading(NamedTuple):
    """What is read, and where the records go."""

    tables: Tables
    stream: Bytes
    rows: Rows


def _read(work: Reading, at: Any, count: Any) -> tuple[Any, Any]:
    """Read lines from a place on into the rows behind those that are there: how many are there then, and where the first odd line begins.

    The stream ends with a newline. Nothing that is read here holds one, so every step stops there at the latest.
    """
    while at < len(work.stream):
        for place in range(work.rows.shape[1]):
            work.rows[count, place] = work.tables.absent[place]
        end = read_line(work, at, count)
        if end == NOWHERE:
            break
        at = end
        count += 1
    return count, at


def _read_line(work: Reading, at: Any, row: Any) -> Any:
    """The place behind the line; NOWHERE: it is an odd one."""
    stream = work.stream
    at = behind_spaces(stream, at)
    if stream[at] != OPEN:
        return NOWHERE
    has_type = False
    while stream[at] != CLOSE:
        # At the brace, or at a comma.
        name = behind_spaces(stream, at + 1)
        end = end_of_text(stream, name)
        field = NOWHERE if end == NOWHERE else meaning_of(work.tables, NAMES, stream, name + 1, end)
        if field == NOWHERE:
            return NOWHERE
        at = behind_spaces(stream, end + 1)
        if stream[at] != COLON:
            return NOWHERE
        at = read_value(work, behind_spaces(stream, at + 1), row, field)
        if at == NOWHERE:
            return NOWHERE
        has_type |= field == 0
        at = behind_spaces(stream, at)
        if stream[at] not in (COMMA, CLOSE):
            return NOWHERE
    at = behind_spaces(stream, at + 1)
    return at + 1 if has_type and stream[at] == NEWLINE else NOWHERE


def _read_value(work: Reading, at: Any, row: Any, field: Any) -> Any:
    """Take in the value of a field; the place behind it, or NOWHERE."""
    tables, stream = work.tables, work.stream
    form = tables.forms[field]
    if form == WORD:
        end = end_of_text(stream, at)
        code = NOWHERE if end == NOWHERE else meaning_of(tables, field + 1, stream, at + 1, end)
        if code == NOWHERE:
            return NOWHERE
        put(work, row, field, U8(code))
        return end + 1
    is_negative = stream[at] == MINUS
    start = at + 1 if is_negative else at
    end, value = read_digits(stream, start)
    if end == NOWHERE or (is_negative and (form == UNSIGNED or value == U8(0))):
        return NOWHERE
    if (form == SIGNED and value > SIGNED_MOST) or (tables.widths[field] == SHORT_BYTES and value > SHORT_MOST):
        return NOWHERE
    put(work, row, field, U8(0) - value if is_negative else value)
    return end


def _read_digits(stream: Bytes, start: Any) -> tuple[Any, Any]:
    """The place behind a number and the number; NOWHERE: there is none, or none of JSON, or one of more than 64 bits."""
    at, value = start, U8(0)
    while ZERO <= stream[at] <= NINE:
        digit = U8(S(stream[at]) - ZERO)
        if at - start >= SAFE_DIGITS and (value > TENTH_MOST or (value == TENTH_MOST and digit > LAST_MOST)):
            return NOWHERE, value
        value = value * U8(10) + digit
        at += 1
    is_number = at > start and (stream[start] != ZERO or at == start + 1)
    return (at if is_number else NOWHERE), value


def _put(work: Reading, row: Any, field: Any, value: Any) -> None:
    place = work.tables.places[field]
    for octet in range(work.tables.widths[field]):
        work.rows[row, place + octet] = (value >> U8(8 * octet)) & U8(0xFF)


def _meaning_of(tables: Tables, of: Any, stream: Bytes, start: Any, end: Any) -> Any:
    """What a text means in a set; NOWHERE: nothing."""
    length = end - start
    if length == 0:
        return NOWHERE
    at = slot(of, length, S(stream[start]), S(stream[start + length // 2]), S(stream[end - 1]))
    while tables.slots[at] != NOWHERE:
        text = tables.slots[at]
        if tables.sets[text] == of and tables.lengths[text] == length and is_text(tables, text, stream, start):
            return tables.meanings[text]
        at = (at + 1) & (SLOTS - 1)
    return NOWHERE


def _is_text(tables: Tables, text: Any, stream: Bytes, start: Any) -> Any:
    begin, length, same = tables.starts[text], tables.lengths[text], 0
    while same < length and stream[start + same] == tables.texts[begin + same]:
        same += 1
    return same == length


def _end_of_text(stream: Bytes, at: Any) -> Any:
    """Where the quote stands that ends a text; NOWHERE: none begins here, or one that does not say itself letter by letter."""
    if stream[at] != QUOTE:
        return NOWHERE
    at += 1
    while stream[at] != QUOTE:
        if stream[at] in (NEWLINE, BACKSLASH):
            return NOWHERE
        at += 1
    return at


def _behind_spaces(stream: Bytes, at: Any) -> Any:
    while stream[at] in (SPACE, TAB, RETURN):
        at += 1
    return at


slot = compiled(slot_of, inner=True)
behind_spaces = compiled(_behind_spaces, inner=True)
end_of_text = compiled(_end_of_text, inner=True)
is_text = compiled(_is_text, inner=True)
meaning_of = compiled(_meaning_of, inner=True)
put = compiled(_put, inner=True)
read_digits = compiled(_read_digits, inner=True)
read_value = compiled(_read_value, inner=True)
read_line = compiled(_read_line, inner=True)
read = compiled(_read)
