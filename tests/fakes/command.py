"""The `gonogo` command as a user runs it: a process with its exit code and its two streams."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.fakes.loaded import GONOGO, Loaded
from tests.fakes.marked import VARIABLE

WAIT_S = 60
MOST_S = 300
READ_AT_A_START = ("PYTHON", "NUMBA_", "LOCUST_", "XDG_", "HOME", "LANG", "LC_", "TZ", VARIABLE)
"""How the names of variables begin that count for a process as it starts, and not for one that was forked later."""
POLICY = """
schema = 1
default_use = "venue"
[use.venue]
required = ["alive", "answered_once", "numbering", "lifecycle", "conservation", "trade_price", "price_time", "never_crossed", "model", "state_digest", "reject_cause"]
[use.venue.least]
trade_price = 100
price_time = 100
model = 100
never_crossed = 100
[use.twice]
required = ["determinism"]
[use.fast]
required = ["throughput", "latency", "generator_lag"]
[use.fast.limits]
"throughput.sustained" = [">=1000000/s"]
"""
"""Required checks that a run of a second can satisfy, and a use that no engine in Python can."""


def gonogo(*words: object, cwd: Path, fresh: bool = False, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end: started by itself where it is to be `fresh` or what it reads as it starts is another, else forked from one that is loaded."""
    given, wanted = [*map(str, words)], environment(**env)
    if not fresh and _as_started(wanted) == AS_STARTED:
        return _loaded().run(given, cwd, wanted, MOST_S)
    return subprocess.run(
        [GONOGO, *given], cwd=cwd, env=wanted, capture_output=True, text=True, check=False, timeout=MOST_S
    )


@cache
def _loaded() -> Loaded:
    """One for all tests of a process; it ends with it."""
    return Loaded()


def _as_started(env: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name.startswith(READ_AT_A_START)}


AS_STARTED = _as_started(dict(os.environ))
"""Of this process, before any test changes it."""


def environment(**env: str) -> dict[str, str]:
    """The environment without what would change the output."""
    return {name: value for name, value in os.environ.items() if name not in ("GONOGO_DATA", "FORCE_COLOR")} | env


def policy_file(folder: Path) -> Path:
    """The small policy on disk."""
    path = folder / "policy.toml"
    path.write_text(POLICY)
    return path


SHORT_SCENARIO = '''
"""A short random flow, unpaced."""
from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.scenario import Scenario

SCENARIO = Scenario(about="short", flow=PoissonFlow(), instrument=Drive(commands=3_000, snapshot_every=1_000, runs=2{more}))
'''


LONG_SCENARIO = '''
"""A flow that takes its time."""
from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing import PoissonArrivals
from harness.scenario import Scenario

SCENARIO = Scenario(about="long", flow=PoissonFlow(), instrument=Drive(commands=100_000), pacing=PoissonArrivals(1_000))
'''


def long_scenario_file(folder: Path) -> Path:
    """A scenario of 100 seconds, by path."""
    path = folder / "long.py"
    path.write_text(LONG_SCENARIO)
    return path


def until(holds: Callable[[], object]) -> None:
    """Wait until it holds."""
    give_up = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def scenario_file(folder: Path, more: str = "") -> Path:
    """A scenario of 3,000 commands, by path; `more` are further words of its drive."""
    path = folder / "short.py"
    path.write_text(SHORT_SCENARIO.format(more=more))
    return path
