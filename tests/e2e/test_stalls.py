"""A server that stalls, over a wire: its response times show it, and terminal and report say what a closed loop would have hidden."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from harness.base.histogram import Histogram
from harness.base.stats import rank
from harness.evidence.archive import Archive
from tests.fakes.command import gonogo, policy_file

SERVER = Path(__file__).parents[1] / "fakes" / "stalling.py"
STALL_MS, PERIOD_MS, RATE_PER_S = 100, 1_000, 2_000
SCENARIO = f"""
from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing import Constant
from harness.scenario import Scenario

SCENARIO = Scenario(about="even", flow=PoissonFlow(), instrument=Drive(commands={2 * RATE_PER_S}), pacing=Constant({RATE_PER_S}))
"""


def test_a_stall_shows_in_the_tail_and_the_closed_loop_stands_beside(tmp_path):
    command = json.dumps([sys.executable, str(SERVER), str(STALL_MS), str(PERIOD_MS)])
    (tmp_path / "engine.toml").write_text(
        f'schema = 1\nname = "stalling"\nadapter = "jsonl"\n[start]\ncommand = {command}\n'
    )
    (tmp_path / "even.py").write_text(SCENARIO)
    done = gonogo("run", "even.py", "--engine", "engine.toml", "--policy", policy_file(tmp_path), cwd=tmp_path)
    assert done.returncode in (0, 1, 2), done.stdout + done.stderr
    run = tmp_path / "runs" / "even" / "latest"
    facts = Archive(run).facts("even")["latency"]
    response, closed = (Histogram.of(facts.distributions[f"latency.{name}"]) for name in ("response", "closed_loop"))
    assert response.total == 2 * RATE_PER_S
    assert response.at_rank(rank(0.999, response.total)) >= 0.9 * (STALL_MS - PERIOD_MS / 1_000) * 1e6, "a busy machine only adds"  # fmt: skip
    assert closed.total <= response.total - 2 * 0.8 * STALL_MS * RATE_PER_S / 1_000, "one command a stall and no more"
    head, row, meant = re.search(
        r"^(response times, ms.*)\n(even .*)\n(closed loop: .*)$", done.stdout, re.MULTILINE
    ).groups()
    assert head.split("  ")[-1].strip() == "closed loop p99.9"
    assert len(row.split()) == 7
    assert meant.startswith("closed loop: what a tester that waits for each answer")
    assert re.search(r"- Even: A tester that waits .* would have told p99\.9 = ", (run / "report.md").read_text())
