"""The codecs and the gateway's kernels under other settings of numba: with every index checked, and as the plain Python that they are written in.

Each setting is read when numba is imported, so each needs a process of its own.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GATEWAY = [
    f"tests/unit/engines/service/gateway/test_{name}.py"
    for name in ("ids", "ids_kernel", "intake", "intake_kernel", "replies", "requests", "requests_kernel")
]
TESTS = ("tests/unit/harness/wire", "tests/golden/test_wire.py", "tests/contract/test_over_ouch.py", *GATEWAY)


@pytest.mark.parametrize("setting", ["NUMBA_BOUNDSCHECK", "NUMBA_DISABLE_JIT"])
def test_the_bytes_are_the_same(setting):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS],
        cwd=ROOT, env=os.environ | {setting: "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-1_000:]
