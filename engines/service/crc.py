"""CRC-32C over 64-bit words, and blocks of a disk's sector that carry it.

The polynomial is Castagnoli's, as in iSCSI (RFC 3720, appendix B.4): it sees every change of up to five bits in a block of up to 655
bytes, and every burst of up to 32. Eight tables take a word at a time, so that a batch is checked in one call and no record costs one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engines.reference.machine import ONE, ZERO, Number, U
from harness.base.kernels import compiled

Words = npt.NDArray[np.uint64]
POLYNOMIAL = 0x82F63B78
"""Castagnoli's, lowest power in the highest bit."""
START = U(0xFFFFFFFF)
SECTOR_BYTES = 512
"""What a disk writes whole or not at all."""
_BODY_BYTES = SECTOR_BYTES - 8


def _tables() -> Words:
    """Row k: what a byte does to the checksum when k bytes follow it in its word."""
    rows = np.zeros((8, 256), np.uint64)
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ (POLYNOMIAL if crc & 1 else 0)
        rows[0, byte] = crc
    for row in range(1, 8):
        rows[row] = rows[row - 1] >> U(8) ^ rows[0][rows[row - 1] & U(0xFF)]
    return rows


TABLES = _tables()


def _advance(crc: Number, word: Number, tables: Words) -> Number:
    """The checksum after eight more bytes."""
    low = word ^ crc
    byte = U(0xFF)
    return (
        tables[7, low & byte]
        ^ tables[6, (low >> U(8)) & byte]
        ^ tables[5, (low >> U(16)) & byte]
        ^ tables[4, (low >> U(24)) & byte]
        ^ tables[3, (low >> U(32)) & byte]
        ^ tables[2, (low >> U(40)) & byte]
        ^ tables[1, (low >> U(48)) & byte]
        ^ tables[0, low >> U(56)]
    )


advance = compiled(_advance, inner=True)


def _crc_of_words(words: Words, tables: Words) -> Number:
    crc = START
    at = ZERO
    while at < U(words.shape[0]):
        crc = advance(crc, words[at], tables)
        at += ONE
    return crc ^ START


crc_of_words = compiled(_crc_of_words)


def crc_of(data: bytes | bytearray | memoryview) -> int:
    """The checksum of whole words of eight bytes."""
    return int(crc_of_words(np.frombuffer(data, np.uint64), TABLES))


def sealed_sector(body: bytes) -> bytes:
    """The body, zeros, and the checksum of both in the last eight bytes."""
    if len(body) > _BODY_BYTES:
        raise ValueError(f"{len(body)} bytes do not fit into a sector; wanted {_BODY_BYTES} at most")
    filled = body.ljust(_BODY_BYTES, b"\0")
    return filled + crc_of(filled).to_bytes(8, "little")


def is_whole(sector: bytes) -> bool:
    """Whether these are the 512 bytes that were sealed."""
    return len(sector) == SECTOR_BYTES and crc_of(sector[:_BODY_BYTES]) == int.from_bytes(
        sector[_BODY_BYTES:], "little"
    )
