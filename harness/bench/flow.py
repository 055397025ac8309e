"""Drawing commands: how many a second each flow gives, beside the same number of records without content."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial

from harness.base.records import empty_commands
from harness.bench import Case, Round, Site
from harness.bench._feeding import BATCH, drawn
from harness.flows import Flow
from harness.flows.cancel_heavy import CancelHeavyFlow
from harness.flows.flash_crash import FlashCrashFlow
from harness.flows.poisson import PoissonFlow
from harness.flows.public_shape import PublicShapeFlow
from harness.flows.standing_book import StandingBookFlow

COMMANDS = 1_000_000
FLOWS: dict[str, Flow] = {
    "poisson": PoissonFlow(), "cancel_heavy": CancelHeavyFlow(), "deep": StandingBookFlow(), "shallow": StandingBookFlow(live_max=2_000),
    "public": PublicShapeFlow(), "flash_crash": FlashCrashFlow(),
}  # fmt: skip


def _flow(site: Site) -> Iterator[Sequence[Case]]:
    count = site.part(COMMANDS)
    yield [
        Case(name="flow.empty", about="records without content", amount=count, run=lambda: _empty(count), category="harness", warms=False),
        *(
            Case(
                name=f"flow.{name}", about=f"commands drawn by {flow}", amount=count, run=partial(_drawn, flow, count),
                category="harness", baseline="flow.empty",
            )
            for name, flow in FLOWS.items()
        ),
    ]  # fmt: skip


def _empty(count: int) -> Round:
    begun_ns = time.perf_counter_ns()
    made = sum(len(empty_commands(BATCH)) for _ in range(0, count, BATCH))
    return Round(time.perf_counter_ns() - begun_ns, made >= count)


def _drawn(flow: Flow, count: int) -> Round:
    begun_ns = time.perf_counter_ns()
    commands = drawn(flow, count)
    elapsed_ns = time.perf_counter_ns() - begun_ns
    # The same seed gives the same commands: a kernel that read what it had not written would not.
    return Round(elapsed_ns, bool((commands == drawn(flow, count)).all()))


BENCH = _flow
