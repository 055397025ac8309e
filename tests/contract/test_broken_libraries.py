"""Shared libraries that go wrong in ways of their own: each is the engine's failure in words, within its time-out, and nothing of it is left.

What any engine can do wrong is tried in test_hostile_engines.py, where a library is called once for each message; here it takes batches.
"""

import time

import pytest

from harness.compose.plugs import EngineChoice
from harness.compose.trial import Trial
from harness.engine_file import EngineFile
from harness.wire.c_abi import bounds_of, messages_of
from harness.wire.order_table import Orders
from tests.fakes.c_library import built, over_c_abi
from tests.fakes.marked import marked
from tests.fakes.mixed_flow import INSTRUMENTS, mixed_flow

pytestmark = pytest.mark.usefixtures("nothing_is_left")

FLOW = mixed_flow(seed=2, count=500)
FLOW["session"] = 1
AT = 100
TIMEOUT_S = 0.5
HANG = ("hangs", "ignores what ends it")
"""These are waited for; whatever ends by itself may take its time on a busy machine."""


CHECKS = ("gate_0", "alive", "answered_once")


def tried(file):
    with Trial(EngineChoice("hostile.toml", "c_abi", file=file), INSTRUMENTS) as trial:
        return trial.run(FLOW, CHECKS)


def hostile(way, *defines):
    """The engine of each of the two instruments counts its own messages."""
    library = {
        "path": built("hostile", *defines), "env": {"WAY": way, "AT": str(AT)}, "timeout_s": 0.5 if way == "hangs when it is loaded" else 60, "memory_mib": 128,
    }  # fmt: skip
    return EngineFile.model_validate({"schema": 1, "name": "hostile", "adapter": "c_abi", "answer_timeout_s": TIMEOUT_S if way in HANG else 60, "library": library, "stop": {"timeout_s": 0.2}})  # fmt: skip


NOT_STARTED = {
    "aborts when it is loaded": "the library cannot be begun: it was killed by SIGABRT",
    "hangs when it is loaded": "it was not ready within 0.5 s",
    "dies when it is begun": "the library cannot be begun: it was killed by SIGABRT",
}


@pytest.mark.parametrize(("way", "said"), NOT_STARTED.items(), ids=NOT_STARTED.keys())
def test_a_library_that_cannot_be_begun_is_gate_0(way, said):
    (finding,) = tried(hostile(way)).findings()
    assert (finding.check, finding.kind) == ("gate_0", "not_started")
    assert said in finding.got


def test_a_library_that_is_not_there_is_gate_0(tmp_path):
    file = over_c_abi()
    gone = file.model_copy(update={"library": file.library.model_copy(update={"path": tmp_path / "gone.so"})})
    (finding,) = tried(gone).findings()
    assert "gone.so cannot be loaded" in finding.got
    assert "No such file" in finding.got


def test_a_file_that_is_no_library_is_gate_0(tmp_path):
    (tmp_path / "text.so").write_text("no library")
    file = over_c_abi()
    text = file.model_copy(update={"library": file.library.model_copy(update={"path": tmp_path / "text.so"})})
    (finding,) = tried(text).findings()
    assert "text.so cannot be loaded" in finding.got


def test_symbols_that_are_missing_are_named():
    (finding,) = tried(over_c_abi("lacking")).findings()
    assert finding.check == "gate_0"
    assert "has no engine_on_modify, engine_query_depth_at" in finding.got


DIED = {
    "dies of a segmentation fault": "it was killed by SIGSEGV while it carried out command",
    "aborts": "it was killed by SIGABRT while it carried out command",
    "exits": "it ended with exit code 7 while it carried out command",
    "hangs": f"it was not done within {TIMEOUT_S:g} s with command",
    "ignores what ends it": f"it was not done within {TIMEOUT_S:g} s with command",
    "tells a report that there is not": "it told a report of type 77; there are 0 to 5",
    "tells reports without end": "it told more than 1048576 reports to command",
    "eats memory": "it was killed by SIGABRT while it carried out command",
    "dies and leaves children": "it was killed by SIGABRT while it carried out command",
    "closes all that is open": "it ended with exit code 1 while it carried out command",
}


@pytest.mark.parametrize(("way", "said"), DIED.items(), ids=DIED.keys())
def test_a_library_that_fails_later_is_found_by_alive(way, said):
    done = tried(hostile(way, "BATCH"))
    (finding,) = (one for one in done.findings() if one.check == "alive")
    assert said in finding.got
    assert "handed over in one call; the last that it reported on is" in finding.got or "report of type" in finding.got


def test_it_is_told_at_which_command_it_failed_and_what_it_said_before():
    done = tried(hostile("dies of a segmentation fault"))
    asked = messages_of(FLOW, bounds_of(INSTRUMENTS), Orders())
    said = asked.messages["sequence"][asked.places == 0][:AT].tolist()
    assert f"while it carried out command {said[-1]};" in done.failure
    first = done.events[done.events["instrument"] == INSTRUMENTS[0].id]
    assert sorted({*first["command"].tolist()}) == said[:-1]


@pytest.mark.parametrize("way", ["answers nothing", "comes back twice"])
def test_answers_that_are_missing_or_too_many_are_found(way):
    done = tried(hostile(way))
    assert done.failure == ""
    assert "answered_once" in {one.check for one in done.findings()}


@pytest.mark.parametrize("way", ["prints", "has children"])
def test_what_does_not_concern_its_answers_changes_none(way):
    right, odd = tried(hostile("is right")), tried(hostile(way))
    assert odd.failure == ""
    assert odd.events["kind"].tolist() == right.events["kind"].tolist()


def test_what_it_prints_is_in_its_log(tmp_path):
    engine = EngineChoice("hostile.toml", "c_abi", file=hostile("prints")).engine(INSTRUMENTS, None)
    engine.log_to(tmp_path / "engine.log")
    engine.start()
    engine.session(1).send(FLOW)
    engine.stop(graceful=True)
    assert "to the log\n" in (tmp_path / "engine.log").read_text()
    assert '{"type": "accepted"}' in (tmp_path / "engine.log").read_text()


def test_one_that_hangs_at_its_end_is_ended():
    engine = EngineChoice("hostile.toml", "c_abi", file=hostile("hangs at its end")).engine(INSTRUMENTS, None)
    engine.start()
    begun_s = time.monotonic()
    engine.stop(graceful=True)
    assert time.monotonic() - begun_s < 30


def test_a_reset_ends_what_the_engine_before_started(tmp_path):
    engine = EngineChoice("hostile.toml", "c_abi", file=hostile("has children")).engine(INSTRUMENTS, None)
    engine.start()
    before = len(marked(str(tmp_path)))
    engine.session(1).send(FLOW)
    assert len(marked(str(tmp_path))) > before
    engine.reset()
    assert len(marked(str(tmp_path))) == before
    engine.stop(graceful=False)


def test_one_that_failed_is_there_again_after_a_reset():
    engine = EngineChoice("hostile.toml", "c_abi", file=hostile("aborts")).engine(INSTRUMENTS, None)
    engine.start()
    told = []
    for _ in range(2):
        engine.session(1).send(FLOW)
        told.append(engine.poll(0)["kind"].tolist())
        engine.reset()
    engine.stop(graceful=False)
    assert told[0] == told[1] != []
