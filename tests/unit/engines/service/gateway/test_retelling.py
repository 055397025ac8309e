"""The events of a trail come back whole and in order, over batches, chunks and files; a damaged trail is refused."""

import numpy as np
import pytest

from engines.service.errors import RefusedError
from engines.service.gateway import retelling
from engines.service.gateway.retelling import events_of_trail
from engines.service.recovery import TRAIL
from harness.base.records import EVENT
from tests.fakes.durable_service import IDENTITY, engine, flow


def told(folder, commands):
    made = engine(folder)
    heard = [made.submit(commands[at : at + 7]) for at in range(0, len(commands), 7)]
    return np.concatenate([*heard, made.close()], dtype=EVENT)


def test_all_events_come_back_in_order_however_they_are_cut(tmp_path, monkeypatch):
    heard = told(tmp_path, flow(300))
    assert len(list((tmp_path / TRAIL).glob("*.trail"))) > 1
    for chunk in (1, 50, 10**6):
        monkeypatch.setattr(retelling, "CHUNK", chunk)
        again = list(events_of_trail(tmp_path / TRAIL, IDENTITY))
        assert np.concatenate(again).tolist() == heard.tolist()


def test_they_come_from_any_event_on(tmp_path):
    heard = told(tmp_path, flow(300))
    for after in (1, 2, 150, len(heard) - 1, len(heard)):
        again = [heard[:0], *events_of_trail(tmp_path / TRAIL, IDENTITY, after)]
        assert np.concatenate(again, dtype=EVENT)["engine_seq"].tolist() == list(range(after + 1, len(heard) + 1))


def test_files_of_what_came_before_are_not_read(tmp_path):
    heard = told(tmp_path, flow(300))
    first = min((tmp_path / TRAIL).glob("*.trail"))
    first.write_bytes(first.read_bytes()[:-50])
    assert sum(map(len, events_of_trail(tmp_path / TRAIL, IDENTITY, len(heard) - 1))) == 1


def test_a_trail_without_events_tells_none(tmp_path):
    told(tmp_path, flow(0))
    assert list(events_of_trail(tmp_path / TRAIL, IDENTITY)) == []


def test_a_damaged_trail_is_refused(tmp_path):
    told(tmp_path, flow(100))
    path = min((tmp_path / TRAIL).glob("*.trail"))
    raw = bytearray(path.read_bytes())
    raw[900] ^= 1
    path.write_bytes(raw)
    with pytest.raises(RefusedError, match="batch 1 of the audit trail"):
        list(events_of_trail(tmp_path / TRAIL, IDENTITY))
