"""The reference engine as a shared library says, through the adapter of the C ABI, what it says in process."""

import shutil
import subprocess
import sys
import sysconfig

import numpy as np
import pytest

from engines.adapters.c_abi import CONVENTIONS
from harness.base.capabilities import enforced
from harness.base.records import NONE, EventKind, event_rows
from harness.compose import plugs
from harness.compose.plugs import EngineChoice
from harness.compose.tapes import Tape, drive
from harness.engine_file import EngineFile
from tests.fakes.c_library import program

TOLD = ("command", "kind", "order", "new_order", "maker", "price", "qty", "instrument")


@pytest.fixture(scope="module")
def choice(tmp_path_factory):
    if shutil.which("cc") is None or not sysconfig.get_config_var("Py_ENABLE_SHARED"):
        pytest.skip("there is no C compiler, or no Python to embed")
    path = tmp_path_factory.mktemp("built") / "libgonogo.so"
    command = [sys.executable, "-P", "-c", "from harness.cli import entry; entry()", "build-abi", str(path)]
    subprocess.run(command, check=True)
    library = {"path": path, "timeout_s": 300}
    file = EngineFile.model_validate({"schema": 1, "name": "reference", "adapter": "c_abi", "library": library})
    return EngineChoice("libgonogo.toml", "c_abi", file=file)


def told(events):
    """The events as the ABI can tell them: of a cancel only that it was."""
    bare = (EventKind.CANCELED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)
    rows = [
        event._replace(new_order=0, price=NONE, qty=NONE) if event.kind in bare else event
        for event in event_rows(events)
    ]
    return [tuple(getattr(event, name) for name in TOLD) for event in rows]


@pytest.mark.parametrize("scenario", ["poisson", "cancel_heavy", "explore", "made_up_day"])
def test_it_says_what_it_says_in_process(choice, scenario):
    done = drive(choice, Tape(scenario, 3_000), 1)
    assert (done.findings(), done.failure) == ((), "")
    free = tuple(enforced(one, ()) for one in plugs.scenario(scenario).flow.instruments())
    inside = plugs.engine("reference").engine(free, CONVENTIONS)
    inside.start()
    inside.session(1).send(done.commands[np.isin(done.commands["number"], done.events["command"])])
    expected = inside.poll(0)
    assert told(done.events) == told(expected)
    assert (expected["kind"] == EventKind.TRADE).sum() > 100


REPORTED = """0 1 1 100 5 0
0 2 2 101 7 0
1 2 2 100 5 1
3 3 2 -4 9 0
bid -4 depth 9
2 4 2 -4 9 0
ask empty 1
"""


def test_a_harness_that_is_no_python_may_load_it(choice):
    path = choice.file.library.path
    done = subprocess.run([program("harness"), path], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == (REPORTED, 0), done.stderr
