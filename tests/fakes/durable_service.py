"""Small durable engines in a folder: what their tests build, feed, kill and look at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engines.reference.layout import Capacities
from engines.service.configuration import Configuration
from engines.service.durable import DurableEngine, Sizes
from engines.service.journal import Journal, Policy
from engines.service.recovery import JOURNAL
from engines.service.scan import Tail, scan
from harness.base.bits import digest
from harness.base.records import Commands, commands_of
from tests.fakes.clock import FakeClock
from tests.fakes.disk import FakeDisk
from tests.fakes.executor import AtOnce
from tests.fakes.history import INSTRUMENTS
from tests.fakes.random_flow import random_flow

SMALL = Configuration(instruments=INSTRUMENTS, capacities=Capacities(500, 50))
IDENTITY = SMALL.identity()
OTHER = Configuration(instruments=INSTRUMENTS[:1], capacities=Capacities(500, 50))


def flow(count: int, seed: int = 1) -> Commands:
    """Commands of every kind that a random flow has."""
    return commands_of(random_flow(count, seed))


def digests(commands: Commands) -> list[str]:
    """The book after no command, after the first, and so on."""
    engine = SMALL.build()
    found = [digest(engine.snapshot())]
    for at in range(len(commands)):
        engine.submit(commands[at : at + 1])
        found.append(digest(engine.snapshot()))
    return found


def journal(
    folder: Path, syncs: Any = "batch", room: int = 16, disk: Any = None, clock: Any = None, interval_ns: int = 0,
    tail: Tail | None = None, executor: Executor | None = None,
) -> Journal:  # fmt: skip
    """A journal that goes on where the one in the folder ended."""
    return Journal(
        folder,
        IDENTITY,
        tail or scan(folder, IDENTITY),
        disk=disk or FakeDisk(),
        executor=executor or AtOnce(),
        clock=clock or FakeClock(),
        policy=Policy(syncs, interval_ns),
        room=room,
    )


def engine(
    folder: Path, syncs: Any = "batch", disk: Any = None, configuration: Configuration = SMALL, clock: Any = None, interval_ns: int = 0,
    executor: Any = None, **sizes: int,
) -> DurableEngine:  # fmt: skip
    """A durable engine that goes on where the one in the folder ended."""
    return DurableEngine(
        folder,
        configuration,
        disk=disk or FakeDisk(),
        executor=executor or AtOnce(),
        clock=clock or FakeClock(),
        policy=Policy(syncs, interval_ns),
        sizes=Sizes(**({"room": 16, "trail_bytes": 4_096, "snapshot_every": 10} | sizes)),
    )


def written(folder: Path, commands: Commands, group: int = 4, syncs: Any = "batch", room: int = 16) -> Path:
    """The only segment of a journal of these commands whose service died; its folder is otherwise empty."""
    made = journal(folder, syncs, room)
    for at in range(0, len(commands), group):
        made.append(at + 1, commands[at : at + group])
        made.commit()
    made.abandon()
    first, *further = sorted(folder.glob("*.segment"))
    for path in further:
        path.unlink()
    return first


def copied(folder: Path, to: Path) -> Path:
    """The folder again, elsewhere."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to)
    return to


def flipped(raw: bytes, bit: int) -> bytes:
    """The bytes with one bit changed."""
    changed = bytearray(raw)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@contextmanager
def one_bit_changed(path: Path, bit: int) -> Iterator[None]:
    """The file with that bit changed, and again as it was."""
    with path.open("r+b", buffering=0) as file:
        file.seek(bit // 8)
        was = file.read(1)
        file.seek(bit // 8)
        file.write(bytes([was[0] ^ 1 << bit % 8]))
        yield
        file.seek(bit // 8)
        file.write(was)


def segment_of(folder: Path) -> Path:
    """The first segment of a durable engine's journal."""
    return min((folder / JOURNAL).glob("*.segment"))
