"""Market-by-order records as CSV, plain or gzipped: what an exchange's order-by-order feed looks like after normalising.

One line a record with the columns of `MBO`; further columns are let be. The well-formed file is read by numpy at once; only a file
that fails is walked line by line, to say where.
"""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.errors import SetupError

MBO = np.dtype(
    [
        ("ts_event", "<i8"), ("ts_recv", "<i8"), ("sequence", "<i8"), ("action", "S1"), ("side", "S1"),
        ("price_1e9", "<i8"), ("size", "<i8"), ("order_id", "<u8"), ("flags", "u1"), ("channel_id", "<i8"),
    ]
)  # fmt: skip
"""One record. Times are ns UTC; a price is times 1e9; the side is that of the order, or the aggressor's in a trade."""

ADD, CANCEL, MODIFY, TRADE, FILL, CLEAR = b"A", b"C", b"M", b"T", b"F", b"R"
BID, ASK, NO_SIDE = b"B", b"A", b"N"
NO_PRICE = 2**63 - 1
LAST, SNAPSHOT = 128, 32
"""Flags: the last record of its event; a record of a snapshot."""

Records: TypeAlias = npt.NDArray[np.void]
"""An array of `MBO` records, shape (n,)."""

_ALLOWED = {"action": "ACMTFR", "side": "BAN"}
_WHOLE = re.compile(r"-?[0-9]+")
_GZIP = b"\x1f\x8b"


def read(path: Path) -> Records:
    """All records of a file, in its order.

    Raises:
        SetupError: the file is missing, cut or not of this format; told with line, column, what came and what was wanted.
    """
    header, *lines = _text(path).splitlines() or [""]
    columns = _columns(path, header)
    # One byte more than the field has, so that a longer text is seen and not cut off in silence.
    wide = np.dtype([(name, "S2" if name in _ALLOWED else MBO[name]) for name in MBO.names or ()])
    rows = np.zeros(0, wide)
    try:
        if lines:
            rows = np.loadtxt(lines, wide, comments=None, delimiter=",", usecols=columns, ndmin=1)
    except (ValueError, DeprecationWarning) as error:
        raise _first_wrong(path, lines, columns) or SetupError(f"{path} cannot be read: {error}") from error
    letters_right = all(np.isin(rows[name], [*map(str.encode, _ALLOWED[name])]).all() for name in _ALLOWED)
    if len(rows) != len(lines) or not letters_right:
        raise _first_wrong(path, lines, columns) or SetupError(f"{path} cannot be read as lines of this format")
    records: Records = rows.astype(MBO)
    _check_times(path, records)
    return records


def write(records: Records, path: Path) -> None:
    """Write the records; gzipped, the same bytes each time, where the name ends in .gz."""
    lines = [",".join(MBO.names or ())]
    columns = [records[name].astype(str).tolist() for name in MBO.names or ()]
    lines += [",".join(row) for row in zip(*columns, strict=True)]
    body = "\n".join([*lines, ""]).encode("ascii")
    path.write_bytes(gzip.compress(body, mtime=0) if path.suffix == ".gz" else body)


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SetupError(f"cannot read {path}: {error.strerror}") from error
    try:
        return (gzip.decompress(raw) if raw.startswith(_GZIP) else raw).decode("ascii")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SetupError(f"{path} is a gzip file that was cut or damaged: {error}; get it again") from error
    except UnicodeDecodeError as error:
        raise SetupError(
            f"{path} is no text: byte {error.start} is {error.object[error.start]:#x}; wanted ASCII CSV"
        ) from error


def _columns(path: Path, header: str) -> list[int]:
    """Where each field of `MBO` stands in a line."""
    names = [name.strip() for name in header.split(",")]
    missing = [name for name in MBO.names or () if name not in names]
    if missing:
        raise SetupError(
            f"{path}, line 1: the column {missing[0]} is missing; came: {header[:120]!r}; wanted: {','.join(MBO.names or ())}"
        )
    return [names.index(name) for name in MBO.names or ()]


def _first_wrong(path: Path, lines: list[str], columns: list[int]) -> SetupError | None:
    """The first field that cannot be, by walking the file."""
    for number, line in enumerate(lines, 2):
        fields = line.split(",")
        if len(fields) <= max(columns):
            return SetupError(
                f"{path}, line {number}: {len(fields)} columns came: {line[:120]!r}; wanted {max(columns) + 1}"
            )
        for name, column in zip(MBO.names or (), columns, strict=True):
            if wanted := _wanted_instead(name, fields[column]):
                return SetupError(f"{path}, line {number}, column {name}: came {fields[column]!r}, wanted {wanted}")
    return None


def _wanted_instead(name: str, text: str) -> str:
    """What was wanted, in words, or nothing where the text is right."""
    if allowed := _ALLOWED.get(name):
        return "" if len(text) == 1 and text in allowed else f"one of {', '.join(allowed)}"
    bounds = np.iinfo(MBO[name])
    right = _WHOLE.fullmatch(text) is not None and bounds.min <= int(text) <= bounds.max
    return "" if right else f"a whole number from {bounds.min} to {bounds.max}"


def _check_times(path: Path, records: Records) -> None:
    back = np.flatnonzero(records["ts_recv"][1:] < records["ts_recv"][:-1])
    if len(back):
        at = int(back[0]) + 1
        came, before = (int(records["ts_recv"][row]) for row in (at, at - 1))
        raise SetupError(
            f"{path}, line {at + 2}, column ts_recv: came {came}, wanted at least {before}, the line before"
        )
