"""The verifier under other settings of numba: with every index checked, and as the plain Python that it is written in.

Each setting is read when numba is imported, so each needs a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAME = "tests/contract/test_verifier_same_as_model.py"
TESTS = (
    "tests/unit/harness/oracle/verifier",
    f"{SAME}::test_the_models_own_history_is_legal",
    f"{SAME}::test_one_changed_event_is_judged_alike",
)


@pytest.mark.parametrize("setting", ["NUMBA_BOUNDSCHECK", "NUMBA_DISABLE_JIT"])
def test_the_verdicts_are_the_same(setting):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS],
        cwd=ROOT, env=os.environ | {setting: "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-1_000:]
