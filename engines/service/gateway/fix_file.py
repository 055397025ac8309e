"""What a FIX port must remember beyond connections and restarts: the numbers of both sides, and what was sent, for who asks for it again.

Reports are made again from the audit trail at each start, in the same order. How many of them were numbered before says from which one on they are
new: so nothing is numbered twice, and nothing that the engine told is left out.
"""

from __future__ import annotations

import mmap
import os
import struct
from array import array
from bisect import bisect_left
from pathlib import Path
from typing import NamedTuple

from engines.service.gateway.fix_log import FixLog
from harness.wire.fix import Fields, Message, encode, split
from harness.wire.fix_codes import ExecType
from harness.wire.fix_store import Kept
from harness.wire.fix_tags import Kind, Tag

HEADER = struct.Struct("<4Q")
HEADER_BYTES = mmap.PAGESIZE
REPORTS = (Kind.EXECUTION_REPORT, Kind.ORDER_CANCEL_REJECT, Kind.ORDER_MASS_CANCEL_REPORT)
PART = ".part"


class Numbers(NamedTuple):
    """The header of the file."""

    next_in: int = 1
    next_out: int = 1
    reports_before: int = 0
    """Reports that were numbered before the numbers last began again at 1."""
    requests_before: int = 0
    """Requests that came before."""


class FixFile:
    """The memory of one port, as `harness.wire.fix_store` wants it."""

    def __init__(self, path: Path) -> None:
        self.requests = 0
        """How many came so far; whoever counts them says so."""
        self._path = path
        if not path.exists():
            _begin(path, Numbers())
        self._open()

    @property
    def next_in(self) -> int:
        """The number that the client's next message must have."""
        return self._numbers.next_in

    @next_in.setter
    def next_in(self, number: int) -> None:
        self._set(self._numbers._replace(next_in=number))

    @property
    def next_out(self) -> int:
        """The number that the next message gets."""
        return self._numbers.next_out

    @next_out.setter
    def next_out(self, number: int) -> None:
        self._set(self._numbers._replace(next_out=number))

    @property
    def reports(self) -> int:
        """How many reports were ever numbered."""
        return self._numbers.reports_before + self._reports

    @property
    def requests_before(self) -> int:
        """How many requests came before the numbers last began again at 1."""
        return self._numbers.requests_before

    def keep(self, kind: str, sent: str, body: Fields) -> int:
        """Number a message and write it down."""
        number = self.next_out
        fields = ((Tag.MSG_SEQ_NUM, str(number)), (Tag.SENDING_TIME, sent), *body)
        self._log.append(encode(kind, fields))
        self._enter(number, Message(kind, fields))
        self.next_out = number + 1
        return number

    def kept(self, begin: int, end: int, most: int) -> list[Kept]:
        """What was kept of these numbers."""
        first = bisect_left(self._kept, begin)
        rows = range(first, min(first + most, bisect_left(self._kept, end + 1)))
        return [self._read(row) for row in rows]

    def reset(self) -> None:
        """Begin again at 1: the file is a new one, whole or not at all."""
        _begin(self._path, Numbers(reports_before=self.reports, requests_before=self.requests))
        self.close()
        self._open()

    def close(self) -> None:
        """Give the file back."""
        self._header.close()
        self._log.close()

    def _open(self) -> None:
        file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        self._header = mmap.mmap(file, HEADER_BYTES)
        os.close(file)
        self._numbers = Numbers._make(HEADER.unpack_from(self._header))
        self._log = FixLog(self._path, HEADER_BYTES)
        self._kept = array("Q")
        self._reports = 0
        for row in range(len(self._log)):
            (message,) = split(self._log.read(row)).messages
            self._enter(message.number() or 0, message)
        if self._kept and self._kept[-1] >= self.next_out:
            # It was written, and the process died before the number was.
            self.next_out = self._kept[-1] + 1

    def _enter(self, number: int, message: Message) -> None:
        self._kept.append(number)
        self._reports += message.kind in REPORTS and message.get(Tag.EXEC_TYPE) != ExecType.ORDER_STATUS

    def _read(self, row: int) -> Kept:
        (message,) = split(self._log.read(row)).messages
        body = tuple(field for field in message.fields if field[0] not in (Tag.MSG_SEQ_NUM, Tag.SENDING_TIME))
        return Kept(self._kept[row], message.get(Tag.SENDING_TIME) or "", message.kind, body)

    def _set(self, numbers: Numbers) -> None:
        self._numbers = numbers
        HEADER.pack_into(self._header, 0, *numbers)


def _begin(path: Path, numbers: Numbers) -> None:
    part = path.with_name(path.name + PART)
    part.write_bytes(HEADER.pack(*numbers).ljust(HEADER_BYTES, b"\0"))
    os.replace(part, path)
