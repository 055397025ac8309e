"""Killed two hundred times under load, an engine loses nothing that it had told, and its book is that of the commands it says it has."""

import random

import pytest

from engines.service.recovery import TRAIL
from engines.service.trail_reading import verify
from harness.base.bits import digest
from tests.fakes.durable_service import IDENTITY, SMALL, engine, flow
from tests.fakes.killed import works_until_killed

pytestmark = pytest.mark.nightly

KILLS = 200


@pytest.mark.parametrize("syncs", ["batch", "interval"])
def test_two_hundred_kills(tmp_path, syncs):
    chance, commands = random.Random(1), flow(120_000)
    bare, fed = SMALL.build(), 0
    for _ in range(KILLS):
        told = works_until_killed(tmp_path, commands, chance.randint(0, 60), syncs=syncs, interval_ns=1_000_000)
        made = engine(tmp_path, room=256, trail_bytes=30_000, snapshot_every=300)
        assert made.sequence >= max(told, fed)
        bare.submit(commands[fed : made.sequence])
        fed = made.sequence
        assert digest(made.book()) == digest(bare.snapshot())
        made.abandon()
    assert fed < len(commands), "it always had something to do"
    assert verify(tmp_path / TRAIL, IDENTITY).wrong == ""
    assert verify(tmp_path / TRAIL, IDENTITY).events == bare.engine_seq
