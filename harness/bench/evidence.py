"""Writing history down: records a second into hashed segments, beside the same bytes into a plain file."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from harness.base.records import COMMAND, Commands, Events
from harness.bench import Case, Round, Site
from harness.bench._feeding import BATCH, answers, drawn
from harness.evidence.journal import Journal
from harness.evidence.segment import read_segment
from harness.flows.poisson import PoissonFlow

COMMANDS = 1_000_000


def _evidence(site: Site) -> Iterator[Sequence[Case]]:
    flow = PoissonFlow()
    commands = drawn(flow, site.part(COMMANDS))
    events = answers(site.engine("reference", flow.instruments()), commands)
    amount = len(commands) + len(events)
    yield (
        Case(
            name="evidence", about="a record written in a sealed, hashed segment, to the last one on disk", amount=amount,
            category="harness", run=lambda: _journaled(site.folder / "journal", commands, events), baseline="evidence.file",
        ),
        Case(
            name="evidence.file", about="the same bytes to a file, nothing else", amount=amount, category="harness",
            run=lambda: _written(site.folder / "plain", commands, events), warms=False,
        ),
    )  # fmt: skip


def _journaled(folder: Path, commands: Commands, events: Events) -> Round:
    shutil.rmtree(folder, ignore_errors=True)
    journal = Journal(folder)
    each = -(-len(events) * BATCH // len(commands))
    begun_ns = time.perf_counter_ns()
    for at in range(0, len(commands), BATCH):
        journal.commands(commands[at : at + BATCH])
        journal.events(events[at // BATCH * each : (at // BATCH + 1) * each])
    journal.close()
    elapsed_ns = time.perf_counter_ns() - begun_ns
    parts = [read_segment(path) for path in sorted((folder / "history").glob("*.commands"))]
    read = np.concatenate(parts, dtype=COMMAND)
    return Round(elapsed_ns, journal.received == len(events) and bool((read == commands).all()))


def _written(path: Path, commands: Commands, events: Events) -> Round:
    each = -(-len(events) * BATCH // len(commands))
    begun_ns = time.perf_counter_ns()
    with path.open("wb") as file:
        for at in range(0, len(commands), BATCH):
            file.write(commands[at : at + BATCH].tobytes())
            file.write(events[at // BATCH * each : (at // BATCH + 1) * each].tobytes())
    elapsed_ns = time.perf_counter_ns() - begun_ns
    return Round(elapsed_ns, path.stat().st_size == commands.nbytes + events.nbytes)


BENCH = _evidence
