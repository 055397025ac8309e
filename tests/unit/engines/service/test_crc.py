"""The checksum is CRC-32C, and a sector that carries it shows every change of a bit."""

import numpy as np
import pytest

from engines.service.crc import SECTOR_BYTES, crc_of, is_whole, sealed_sector
from tests.fakes.durable_service import flipped


@pytest.mark.parametrize(
    ("data", "crc"),
    [
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(reversed(range(32))), 0x113FDB5C),
        (b"", 0),
    ],
)
def test_the_examples_of_rfc_3720(data, crc):
    assert crc_of(data) == crc


def test_it_takes_any_buffer():
    words = np.arange(4, dtype=np.uint64)
    assert crc_of(words.data.cast("B")) == crc_of(words.tobytes())


def test_a_sector_with_any_bit_changed_is_not_whole():
    sector = sealed_sector(b"what it holds")
    assert len(sector) == SECTOR_BYTES
    assert is_whole(sector)
    assert not any(is_whole(flipped(sector, bit)) for bit in range(8 * SECTOR_BYTES))


def test_neither_zeros_nor_a_part_is_whole():
    assert not is_whole(bytes(SECTOR_BYTES))
    assert not is_whole(sealed_sector(b"")[:-1])


def test_more_than_a_sector_is_refused():
    with pytest.raises(ValueError, match="505 bytes do not fit"):
        sealed_sector(bytes(505))
