"""Programs that speak JSON lines and go wrong in ways of their own: each is the engine's failure in words, by the right check.

What any engine can do wrong is tried in test_hostile_engines.py.
"""

import json
import sys
from pathlib import Path

import pytest

from harness.base.capabilities import Conventions
from harness.base.errors import EngineDiedError
from harness.compose import plugs
from harness.compose.trial import Trial
from harness.wire.json_lines import encode_commands
from tests.fakes.mixed_flow import INSTRUMENTS, mixed_flow

pytestmark = pytest.mark.usefixtures("nothing_is_left")

BROKEN = Path(__file__).parents[1] / "fakes" / "jsonl_broken.py"
TOML = """
schema = 1
name = "broken"
adapter = "jsonl"
answer_timeout_s = 0.2
[start]
command = [{command}]
timeout_s = 1
[stop]
timeout_s = 0.2
"""
FLOW = mixed_flow(seed=2, count=500)


def engine_file(folder, *command, more=""):
    path = folder / "engine.toml"
    path.write_text(TOML.format(command=", ".join(json.dumps(str(word)) for word in command)) + more)
    return str(path)


def broken(folder, way, at=300):
    return engine_file(folder, sys.executable, BROKEN, way, at)


def tried(path, **given):
    with Trial(plugs.engine(path), INSTRUMENTS) as trial:
        return trial.run(FLOW, plugs.checks(), **given)


def started(folder, way, at=300):
    engine = plugs.engine(broken(folder, way, at)).engine(INSTRUMENTS, None)
    engine.start()
    return engine


NOT_STARTED = {
    "hangs at start": ["it did not answer init within 1 s"],
    "speaks another version": ["it speaks version 2 of the protocol, and gonogo version 1"],
    "says at start why it cannot": ["it says that it cannot go on: no licence"],
    "talks of other things at start": ["its line 1 is wrong", "Engine 3.1 starting"],
}


@pytest.mark.parametrize(("way", "said"), NOT_STARTED.items(), ids=NOT_STARTED.keys())
def test_an_engine_that_does_not_start_is_gate_0_with_its_last_words(tmp_path, way, said):
    done = tried(broken(tmp_path, way))
    (finding,) = done.findings()
    assert (finding.check, finding.kind) == ("gate_0", "not_started")
    assert all(words in finding.got for words in said), finding.got


def test_a_program_that_is_not_there_is_gate_0(tmp_path):
    (finding,) = tried(engine_file(tmp_path, "./no-such-engine")).findings()
    assert finding.check == "gate_0"
    assert "./no-such-engine cannot be started" in finding.got
    assert "No such file" in finding.got


BUILDS = {
    "fails": (["sh", "-c", "echo error: missing crate; exit 101"], 10, ["does not build: it ended with exit code 101", "error: missing crate"]),
    "hangs": (["sh", "-c", "echo compiling; sleep 3600.25"], 0.3, ["was not built within 0.3 s", "compiling"]),
    "is not there": (["./build.sh"], 10, ["does not build: ./build.sh cannot be started"]),
}  # fmt: skip


@pytest.mark.parametrize(("command", "timeout_s", "said"), BUILDS.values(), ids=BUILDS.keys())
def test_an_engine_that_does_not_build_is_gate_0_with_its_last_words(tmp_path, command, timeout_s, said):
    path = engine_file(tmp_path, "true", more=f"[build]\ncommand = {command}\ntimeout_s = {timeout_s}\n")
    (finding,) = tried(path).findings()
    assert finding.check == "gate_0"
    assert all(words in finding.got for words in said), finding.got


DIED = {
    "is killed": ["it closed its output; it was killed by SIGSEGV"],
    "misspells": ["its line 301 is wrong: 'type acepted' is no word of this protocol", '{"type": "acepted"'],
    "writes without end": ["its line 301 is wrong: a line of more than 16777216 bytes: xxx"],
    "says that it cannot go on": ["it says that it cannot go on: the book is full"],
    "says what nobody asked": ["it wrote ResetOk(), for which nobody asked"],
}


@pytest.mark.parametrize(("way", "said"), DIED.items(), ids=DIED.keys())
def test_an_engine_that_fails_later_is_found_by_alive_with_what_it_said_before(tmp_path, way, said):
    done = tried(broken(tmp_path, way))
    finding = next(one for one in done.findings() if one.check == "alive")
    assert all(words in finding.got for words in said), finding.got
    assert done.events["command"].tolist()[:299] == list(range(1, 300))


def test_an_engine_that_hangs_leaves_commands_without_an_answer(tmp_path):
    done = tried(broken(tmp_path, "hangs"))
    assert done.failure == ""
    assert len(done.events) == 299
    assert "answered_once" in {one.check for one in done.findings()}


def test_what_an_engine_does_not_read_is_held_back_and_bounded(tmp_path):
    flow = mixed_flow(seed=2, count=60_000)
    engine = started(tmp_path, "hangs", at=1)
    session, taken = engine.session(1), 0
    # It may read a little, whenever it comes to that: its reader takes some kilobytes before it hands on the first line.
    for _ in range(1000):
        taken += session.send(flow[taken:])
    engine.stop(graceful=True)
    assert len(encode_commands(flow[:taken])) < 3 << 20 < len(encode_commands(flow))


ASKED = {
    "tells no book": "it did not answer askbook within 0.2 s",
    "tells a strange book": "its book holds a number that no row can",
}


@pytest.mark.parametrize(("way", "said"), ASKED.items(), ids=ASKED.keys())
def test_a_book_that_does_not_come_is_the_engines_failure(tmp_path, way, said):
    assert said in tried(broken(tmp_path, way), snapshot_every=100).failure


def test_a_reset_that_does_not_come_is_the_engines_failure(tmp_path):
    engine = started(tmp_path, "tells no reset")
    with pytest.raises(EngineDiedError, match=r"it did not answer reset within 0\.2 s"):
        engine.reset()
    engine.reset()
    assert engine.session(1).send(FLOW[:5]) == 5
    engine.stop(graceful=False)


def test_an_engine_is_asked_once_however_often_it_is_built(tmp_path):
    count = tmp_path / "starts"
    path = engine_file(tmp_path, "sh", "-c", f"echo >> {count}; exec {sys.executable} {BROKEN} hangs 5")
    choice = plugs.engine(path)
    for conventions in (None, None, Conventions(), None):
        choice.engine(INSTRUMENTS, conventions)
    assert len(count.read_text()) == 2


def test_an_engine_that_says_other_things_of_itself_later_does_not_start(tmp_path):
    once = tmp_path / "once"
    way = f"test -e {once} && way='tells no reset' || way=hangs; touch {once}"
    path = engine_file(tmp_path, "sh", "-c", f'{way}; exec {sys.executable} {BROKEN} "$way" 5')
    (finding,) = tried(path).findings()
    assert (finding.check, "says other things of itself" in finding.got) == ("gate_0", True)
