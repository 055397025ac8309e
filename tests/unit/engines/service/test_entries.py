"""An entry holds its command, shows any change, and says up to where the journal was durable."""

import numpy as np
import pytest

from engines.service.entries import ENTRY_BYTES, Behind, look, open_entries, seal
from harness.base.bits import digest
from harness.base.records import COMMAND
from tests.fakes.durable_service import flipped, flow


def test_what_was_sealed_comes_out():
    commands = flow(50)
    entries = seal(commands, 7, 3)
    assert entries.nbytes == 50 * ENTRY_BYTES
    opened, count, proven = open_entries(entries, 7)
    assert (count, proven) == (50, 3)
    assert opened.dtype == COMMAND
    assert digest(opened) == digest(commands)


def test_chance_bytes_in_the_padding_are_not_kept():
    commands = flow(3)
    smeared = commands.copy()
    smeared.view(np.uint8).reshape(3, -1)[:, 105:] = 0xAB
    assert np.array_equal(seal(smeared, 1, 0), seal(commands, 1, 0))


@pytest.mark.parametrize("byte", range(ENTRY_BYTES))
def test_an_entry_with_any_bit_changed_is_not_valid(byte):
    entries = seal(flow(3), 1, 0)
    for bit in range(8):
        changed = np.frombuffer(flipped(entries.tobytes(), 8 * (ENTRY_BYTES + byte) + bit), np.uint64).reshape(3, -1)
        commands, count, _ = open_entries(changed, 1)
        assert count == len(commands) == 1
        assert look(changed[1:], 2, Behind()) == Behind(valid=1, damaged=1, damaged_before=1, proven=0, written=3)


def test_a_whole_entry_in_another_place_is_not_valid():
    entries = seal(flow(3), 1, 0)
    assert open_entries(entries, 2)[1] == 0
    assert open_entries(entries[1:], 1)[1] == 0


def test_zeros_are_not_valid_and_not_written():
    assert open_entries(np.zeros((2, 16), np.uint64), 0)[1] == 0
    assert look(np.zeros((2, 16), np.uint64), 5, Behind(written=3)) == Behind(written=3)


def test_what_lies_behind_is_counted_over_several_stretches():
    entries = seal(flow(6), 11, 9)
    entries[0, 3] ^= np.uint64(1)
    entries[5, 3] ^= np.uint64(1)
    first = look(entries[:3], 11, Behind())
    assert first == Behind(valid=2, damaged=1, damaged_before=1, proven=9, written=13)
    assert look(entries[3:], 14, first) == Behind(valid=4, damaged=2, damaged_before=1, proven=9, written=16)


def test_what_is_too_far_behind_is_not_said():
    far = 2**33
    assert open_entries(seal(flow(1), far, 0), far)[2] == 0
    assert open_entries(seal(flow(1), far, far - 2**32 + 1), far)[2] == 0
    assert open_entries(seal(flow(1), far, far - 2**32 + 2), far)[2] == far - 2**32 + 2
    assert open_entries(seal(flow(1), far, far - 2), far)[2] == far - 2
