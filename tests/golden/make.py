"""Makes the golden runs anew: `python -m tests.golden.make`. Only when a judgement was meant to change; say why in the commit.

The runs of older schemas cannot be made again: their evidence stays, and they are judged anew.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from harness.evidence import manifest
from tests.fakes.command import gonogo, policy_file

HERE = Path(__file__).parent
SCENARIO = '''
"""A short paced flow, run twice, with the hand-made cases' engine conventions."""
from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing import Constant
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="golden", flow=PoissonFlow(), instrument=Drive(commands=1_200, snapshot_every=400, runs=2), pacing=Constant(1_000)
)
'''
RUNS = {"go": "plain", "no_go": "taker_price"}
RENDERED = ("report.html", "report.md", "summary.md", "junit.xml")
"""What nothing compares and each rendering gives again."""


def main() -> None:
    """Run each engine once and keep the folder."""
    for name, engine in RUNS.items():
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            (folder / "golden.py").write_text(SCENARIO)
            done = gonogo("run", "golden.py", "--engine", engine, "--policy", policy_file(folder), cwd=folder)
            if done.returncode not in (0, 1):
                raise RuntimeError(done.stdout + done.stderr)
            kept = HERE / "runs" / name
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree((folder / "runs" / "golden" / "latest").resolve(), kept)
    for run in sorted((HERE / "runs").iterdir()):
        if run.name not in RUNS:
            gonogo("judge", run, cwd=HERE)
        for name in RENDERED:
            (run / name).unlink()
        manifest.write(run)


if __name__ == "__main__":
    main()
