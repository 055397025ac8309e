"""The `gonogo` command as a user runs it: a process with its exit code and its two streams."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

WAIT_S = 60
GONOGO = str(Path(sys.executable).with_name("gonogo"))
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


def gonogo(*words: object, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [GONOGO, *map(str, words)],
        cwd=cwd,
        env=environment(**env),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


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
