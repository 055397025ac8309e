"""From nothing to the first answered command: a new process that compiles every kernel of the reference engine, and one that finds them compiled."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.bench import Case, Goal, Round, Site

TIMEOUT_S = 300
SCRIPT = """
from harness.base.records import COMMAND
from harness.compose import plugs
from harness.flows.poisson import PoissonFlow
import numpy as np
engine = plugs.engine("{engine}").engine(PoissonFlow().instruments(), None)
engine.start()
engine.session(1).send(np.zeros(1, COMMAND))
print(len(engine.poll(0)))
"""


def _start(site: Site) -> Iterator[Sequence[Case]]:
    cache = site.folder / "cache"
    yield (
        Case(
            name="start.cold", about="a process that compiles the reference engine's kernels, to its first answer", amount=1,
            unit="s", category="harness", run=lambda: _first_answer("reference", cache, empty=True), warms=False, most_rounds=1,
        ),
        Case(
            name="start.cached", about="a process that finds them compiled", amount=1, unit="s", category="harness",
            run=lambda: _first_answer("reference", cache, empty=False), baseline="start.cold", goal=Goal(ratio=2), warms=False,
        ),
        Case(
            name="start.plain", about="a process with the plain engine, without a kernel", amount=1, unit="s", category="harness",
            run=lambda: _first_answer("plain", cache, empty=False), baseline="start.cold", warms=False,
        ),
    )  # fmt: skip


def _first_answer(engine: str, cache: Path, *, empty: bool) -> Round:
    if empty:
        shutil.rmtree(cache, ignore_errors=True)
    # `NUMBA_CACHE_DIR` names the folder that holds the kernels' own; the child compiles into it, whatever else is set.
    environment = os.environ | {"NUMBA_CACHE_DIR": str(cache)}
    begun_ns = time.perf_counter_ns()
    done = subprocess.run(
        [sys.executable, "-P", "-c", SCRIPT.format(engine=engine)],
        capture_output=True, text=True, timeout=TIMEOUT_S, check=False, env=environment,
    )  # fmt: skip
    return Round(time.perf_counter_ns() - begun_ns, done.returncode == 0 and done.stdout.strip() == "1")


BENCH = _start
