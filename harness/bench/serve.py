"""`gonogo serve` over the wire: orders a second with a sync before every answer, beside a venue that only answers; and how late answers are.

Service and client share this machine's cores, as they share none where it matters. A round is right if every order was answered, none was
refused, and the drop copy missed no event. The 99th percentile stands beside that of the disk's own syncs, in the same folder: no answer
can come before one.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import numpy as np

from harness.base.seeds import Seed
from harness.bench import Case, Round, Site
from harness.bench._disk import sync_times
from harness.bench._load import Job, Load, Told
from harness.bench._orders import drawn
from harness.bench._served import Served, configured, serving
from harness.pacing import PoissonArrivals

SESSIONS = 4
COMMANDS = 400_000
RATE_PER_S, PACED_S = 20_000, 5
SYNC_BYTES, SYNCS = 4_096, 500
SEED = Seed(23)


class Desk:
    """Sessions that go on over the rounds, since a number may be used once only."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self._first = 1

    def send(self, commands: int, rate_per_s: float | None = None) -> Told:
        """So many commands over all sessions, at full speed or as independent senders would."""
        orders = drawn(commands // SESSIONS, self._first)
        self._first = orders.last + 1
        dues = [
            None
            if rate_per_s is None
            else PoissonArrivals(rate_per_s / SESSIONS, SEED.branch(str(number))).due_ns(1, len(orders.ends))
            for number in range(SESSIONS)
        ]
        return self.load.run([Job(orders, due_ns) for due_ns in dues])


def _serve(site: Site) -> Iterator[Sequence[Case]]:
    commands = site.part(COMMANDS)
    with ExitStack() as opened:
        service = opened.enter_context(serving(configured(site.folder, SESSIONS, orders_max=2**27)))
        desk, baseline = (opened.enter_context(_desk(at)) for at in (service.address, opened.enter_context(_echoing())))
        yield (
            Case(
                name="serve", about=f"commands over OUCH by {SESSIONS} sessions, each answered when it is on the disk, with a drop copy", amount=commands,
                category="wire", run=partial(_fast, desk, commands, service), baseline="serve.echo",
            ),
            Case(
                name="serve.echo", about="the same to a venue that only accepts: no engine, no journal, no copy", amount=commands, category="wire",
                run=partial(_fast, baseline, commands, None),
            ),
        )  # fmt: skip
        yield (
            Case(
                name="serve.p99", about=f"99th percentile of the answers at {RATE_PER_S:,}/s, from when each order was due", amount=1, unit="ns",
                category="wire", run=partial(_paced, desk, site.part(RATE_PER_S * PACED_S), service), baseline="serve.sync",
            ),
            Case(
                name="serve.sync", about="99th percentile of the disk's own syncs", amount=1, unit="ns", category="wire",
                run=partial(_synced, site.folder / "syncs", max(site.part(SYNCS), 10)), warms=False,
            ),
        )  # fmt: skip


def _fast(desk: Desk, commands: int, service: Served | None) -> Round:
    told = desk.send(commands)
    return Round(told.elapsed_ns, told.is_right and _is_copied(desk, service))


def _paced(desk: Desk, commands: int, service: Served) -> Round:
    told = desk.send(commands, RATE_PER_S)
    return Round(told.times.at_rank(-(-told.times.total * 99 // 100)), told.is_right and _is_copied(desk, service))


def _is_copied(desk: Desk, service: Served | None) -> bool:
    """Whether the drop copy told all that the engine did."""
    return service is None or desk.load.copied(service.told())


def _synced(path: Path, count: int) -> Round:
    return Round(int(np.quantile(sync_times(path, SYNC_BYTES, count), 0.99)), right=True)


@contextmanager
def _desk(address: tuple[str, int]) -> Iterator[Desk]:
    load = Load(address, SESSIONS)
    try:
        yield Desk(load)
    finally:
        load.close()


@contextmanager
def _echoing() -> Iterator[tuple[str, int]]:
    with subprocess.Popen(
        [sys.executable, "-m", "harness.bench._echo", str(SESSIONS + 1)], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield "127.0.0.1", int(process.stdout.readline() if process.stdout else 0)
        finally:
            process.kill()


BENCH = _serve
