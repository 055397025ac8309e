"""The journal's kernels under other settings of numba: with every index checked, and as the plain Python that they are written in.

Each setting is read when numba is imported, so each needs a process of its own.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = [f"tests/unit/engines/service/test_{name}.py" for name in ("crc", "entries", "scan")]


@pytest.mark.parametrize("setting", ["NUMBA_BOUNDSCHECK", "NUMBA_DISABLE_JIT"])
def test_entries_are_sealed_and_judged_the_same(setting):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS],
        cwd=ROOT, env=os.environ | {setting: "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-1_000:]
