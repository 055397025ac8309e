"""A batch is whole, chained to the one before it, and of this engine; or it is told where and why not."""

import numpy as np
import pytest

from engines.service.errors import DiskBrokenError, RefusedError
from engines.service.trail_files import (
    BATCH_BYTES,
    HEAD,
    Batch,
    Broken,
    Head,
    Position,
    batches,
    create,
    files,
    pack_head,
    read_head,
    sealed_batch,
)
from tests.fakes.disk import FakeDisk
from tests.fakes.durable_service import IDENTITY, OTHER, SMALL, flipped, flow, one_bit_changed


def start_of(folder):
    return create(FakeDisk(), folder, Position(0, 0, 0, IDENTITY, folder, 0), IDENTITY)


def filled(folder):
    """A file of two batches of three commands each, and the positions behind them."""
    at = start_of(folder)
    engine, commands = SMALL.build(), flow(6)
    raw = at.path.read_bytes()
    for number in (1, 2):
        events = engine.submit(commands[3 * number - 3 : 3 * number])
        batch = Batch(number, at.command + 1, 3 * number, 3 * number, at.event + 1, len(events))
        body, digest = sealed_batch(batch, at.hash, events)
        raw += body
        at = Position(number, 3 * number, at.event + len(events), digest, at.path, len(raw))
    at.path.write_bytes(raw)
    return at


def test_batches_are_read_back(tmp_path):
    last = filled(tmp_path)
    (start,) = files(tmp_path, IDENTITY)
    first, second = batches(start)
    assert second.behind == last
    assert (first.batch.number, first.batch.last_command, first.batch.durable) == (1, 3, 3)


def test_any_bit_changed_is_told_at_its_batch(tmp_path):
    path = filled(tmp_path).path
    (start,) = files(tmp_path, IDENTITY)
    second = next(batches(start)).behind.offset
    for bit in range(8 * start.offset, 8 * path.stat().st_size):
        with one_bit_changed(path, bit):
            *_, found = batches(start)
        assert isinstance(found, Broken)
        assert (found.batch, found.offset) == ((1, start.offset) if bit < 8 * second else (2, second))


@pytest.mark.parametrize(("left", "why"), [(10, "no batch begins here"), (BATCH_BYTES + 8, "it ends beyond the file")])
def test_a_torn_batch_is_told(tmp_path, left, why):
    path = filled(tmp_path).path
    (start,) = files(tmp_path, IDENTITY)
    raw = path.read_bytes()
    path.write_bytes(raw[: next(batches(start)).behind.offset + left])
    *_, found = batches(start)
    assert isinstance(found, Broken)
    assert (found.batch, found.why) == (2, why)


def test_a_batch_of_another_place_is_told(tmp_path):
    path = filled(tmp_path).path
    (start,) = files(tmp_path, IDENTITY)
    raw = path.read_bytes()
    path.write_bytes(raw[: start.offset] + raw[next(batches(start)).behind.offset :])
    (found,) = batches(start)
    assert isinstance(found, Broken)
    assert found.why == "it does not go on from the batch before it"


def test_chance_bytes_in_the_padding_are_not_kept():
    events = SMALL.build().submit(flow(5))
    smeared = events.copy()
    smeared.view(np.uint8).reshape(len(events), -1)[:, 106:] = 0xAB
    batch = Batch(1, 1, 5, 5, 1, len(events))
    assert sealed_batch(batch, IDENTITY, smeared) == sealed_batch(batch, IDENTITY, events)


@pytest.mark.parametrize(
    ("change", "why"),
    [(lambda raw: b"", "no audit trail"), (lambda raw: flipped(raw, 8 * 80), "its header was damaged")],
)
def test_a_file_without_its_header_is_refused(tmp_path, change, why):
    path = start_of(tmp_path).path
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(RefusedError, match=why):
        files(tmp_path, IDENTITY)


def test_another_engine_s_and_another_version_s_and_none(tmp_path, monkeypatch):
    start = start_of(tmp_path)
    with pytest.raises(RefusedError, match="other instruments"):
        files(tmp_path, OTHER.identity())
    monkeypatch.setattr("engines.service.trail_files.VERSION", 2)
    with pytest.raises(RefusedError, match="version 1, events of 112 bytes; wanted 2 and 112"):
        files(tmp_path, IDENTITY)
    start.path.unlink()
    with pytest.raises(DiskBrokenError, match="cannot read"):
        list(batches(start))


def test_the_head_is_read_back_or_not_at_all(tmp_path):
    head = Head(7, 20, 31, 5, bytes(range(32)))
    (tmp_path / HEAD).write_bytes(pack_head(head))
    assert read_head(tmp_path) == head
    (tmp_path / HEAD).write_bytes(flipped(pack_head(head), 8 * 20))
    assert read_head(tmp_path) is None
    assert read_head(tmp_path / "none") is None
