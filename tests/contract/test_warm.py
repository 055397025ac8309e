"""Once a service is ready, nothing is compiled and nothing is loaded any more: the first order waits for neither.

numba takes one lock for both and tells of it. The service runs in a process of its own, since this one may have loaded anything.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.fakes.command import environment

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "fakes" / "warm_service.py"


def told_by(*words):
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *words], capture_output=True, text=True, check=False, cwd=ROOT,
        env=environment(PYTHONPATH=os.pathsep.join(sys.path)),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_nothing_is_compiled_loaded_or_imported_once_it_is_ready(tmp_path):
    assert told_by(str(tmp_path)) == {"kernels": [], "modules": []}


def test_a_service_that_was_not_warmed_is_seen_to_load_its_kernels_late(tmp_path):
    assert len(told_by(str(tmp_path), "cold")["kernels"]) > 5
