"""Snapshots are whole or are told to be broken; the newest few are kept."""

import numpy as np
import pytest

from engines.service.errors import DiskFullError
from engines.service.snapshots import Broken, Snapshot, load, store, stored
from tests.fakes.disk import ENOSPC, FakeDisk
from tests.fakes.durable_service import IDENTITY, OTHER, SMALL, flipped, flow, one_bit_changed


def taken(sequence=40):
    engine = SMALL.build()
    engine.submit(flow(40))
    return Snapshot(sequence, engine.engine_seq, engine.state())


def test_what_was_stored_is_loaded(tmp_path):
    snapshot = taken()
    found = load(store(FakeDisk(), tmp_path, IDENTITY, snapshot), IDENTITY)
    assert isinstance(found, Snapshot)
    assert (found.sequence, found.engine_seq) == (40, snapshot.engine_seq)
    assert np.array_equal(found.image, snapshot.image)


def test_the_newest_are_kept_and_come_first(tmp_path):
    for sequence in (9, 100, 20, 30):
        store(FakeDisk(), tmp_path, IDENTITY, taken(sequence), kept=2)
    assert [int(path.stem) for path in stored(tmp_path)] == [100, 30]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda raw: b"", "no snapshot"),
        (lambda raw: flipped(raw, 8 * 30), "its header was damaged"),
        (lambda raw: flipped(raw, 8 * 600 + 3), "its checksum does not fit"),
        (lambda raw: raw[:-8], "bytes behind its header; wanted"),
        (lambda raw: raw + bytes(8), "bytes behind its header; wanted"),
    ],
)
def test_a_damaged_one_is_told(tmp_path, change, why):
    path = store(FakeDisk(), tmp_path, IDENTITY, taken())
    path.write_bytes(change(path.read_bytes()))
    found = load(path, IDENTITY)
    assert isinstance(found, Broken)
    assert why in found.why
    assert found.path == path


def test_every_bit_counts(tmp_path):
    path = store(FakeDisk(), tmp_path, IDENTITY, Snapshot(3, 5, np.arange(4, dtype=np.uint64)))
    for bit in range(8 * path.stat().st_size):
        with one_bit_changed(path, bit):
            assert isinstance(load(path, IDENTITY), Broken)
    assert isinstance(load(path, IDENTITY), Snapshot)


def test_another_engine_s_and_another_version_s_and_none(tmp_path, monkeypatch):
    path = store(FakeDisk(), tmp_path, IDENTITY, taken())
    assert "other instruments" in load(path, OTHER.identity()).why
    assert "cannot be read" in load(tmp_path / "none", IDENTITY).why
    monkeypatch.setattr("engines.service.snapshots.VERSION", 2)
    assert "version 1; wanted 2" in load(path, IDENTITY).why


def test_one_that_finds_no_room_leaves_the_others(tmp_path):
    disk = FakeDisk()
    store(disk, tmp_path, IDENTITY, taken(1))
    disk.fails["write"] = (1, ENOSPC)
    with pytest.raises(DiskFullError):
        store(disk, tmp_path, IDENTITY, taken(2))
    assert [int(path.stem) for path in stored(tmp_path)] == [1]
