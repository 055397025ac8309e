"""The kernels of the controls under other settings of numba: with every index checked, and as the plain Python that they are written in.

Each setting is read when numba is imported, so each needs a process of its own.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAME = "tests/contract/test_same_as_guarded.py"


@pytest.mark.parametrize(
    ("setting", "tests"),
    [
        ("NUMBA_BOUNDSCHECK", [SAME]),
        ("NUMBA_DISABLE_JIT", ["tests/unit/engines/service/risk", f"{SAME}::test_events_that_fill_their_buffer_go_on_in_the_next"]),
    ],
)  # fmt: skip
def test_the_answers_are_the_same(setting, tests):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        cwd=ROOT, env=os.environ | {setting: "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-1_000:]
