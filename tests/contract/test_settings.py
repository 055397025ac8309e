"""All kernels under other settings of numba: with every index checked, and as the plain Python that they are written in.

Each setting is read when numba is imported, so each needs a process of its own. To check indices is other code, which is compiled first:
where that takes long, the night has time for it.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECKED, PLAIN = "NUMBA_BOUNDSCHECK", "NUMBA_DISABLE_JIT"
PLAIN_ENGINE, GUARDED = "tests/contract/test_same_as_plain.py", "tests/contract/test_same_as_guarded.py"
MODEL = "tests/contract/test_verifier_same_as_model.py"
FULL_BUFFER = "test_events_that_fill_their_buffer_go_on_in_the_next"
JOURNAL = [f"tests/unit/engines/service/test_{name}.py" for name in ("crc", "entries", "scan")]
GATEWAY = [
    f"tests/unit/engines/service/gateway/test_{name}.py"
    for name in ("ids", "ids_kernel", "intake", "intake_kernel", "replies", "requests", "requests_kernel")
]
WIRE = [
    "tests/unit/harness/wire",
    "tests/unit/engines/adapters/test_ouch_ids.py",
    "tests/golden/test_wire.py",
    "tests/contract/test_over_ouch.py",
    *GATEWAY,
]
VERIFIER = [
    "tests/unit/harness/oracle/verifier", f"{MODEL}::test_the_models_own_history_is_legal", f"{MODEL}::test_one_changed_event_is_judged_alike",
]  # fmt: skip
BOOK_AS_PLAIN = [
    f"{PLAIN_ENGINE}::{FULL_BUFFER}", f"{PLAIN_ENGINE}::test_a_day_that_falls_by_three_fifths",
    f"{PLAIN_ENGINE}::test_limits_of_any_width_over_prices_and_quantities_of_any_width[100-quote]",
]  # fmt: skip
CONTROLS_AS_PLAIN = ["tests/unit/engines/service/risk", f"{GUARDED}::{FULL_BUFFER}"]


@pytest.mark.parametrize(
    ("setting", "tests"),
    [
        pytest.param(CHECKED, [PLAIN_ENGINE], id="the book, checked", marks=pytest.mark.nightly),
        pytest.param(PLAIN, BOOK_AS_PLAIN, id="the book, plain"),
        pytest.param(CHECKED, JOURNAL, id="the journal, checked"),
        pytest.param(PLAIN, JOURNAL, id="the journal, plain"),
        pytest.param(CHECKED, [GUARDED], id="the controls, checked", marks=pytest.mark.nightly),
        pytest.param(PLAIN, CONTROLS_AS_PLAIN, id="the controls, plain"),
        pytest.param(CHECKED, WIRE, id="codecs and gateway, checked", marks=pytest.mark.nightly),
        pytest.param(PLAIN, WIRE, id="codecs and gateway, plain"),
        pytest.param(CHECKED, VERIFIER, id="the verifier, checked", marks=pytest.mark.nightly),
        pytest.param(PLAIN, VERIFIER, id="the verifier, plain", marks=pytest.mark.nightly),
    ],
)
def test_the_kernels_do_the_same(setting, tests):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        cwd=ROOT, env=os.environ | {setting: "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-1_000:]
