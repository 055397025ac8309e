"""Python objects that go wrong in ways of their own: each is the engine's failure in words, within its time-out, and nothing of it is left.

What any engine can do wrong is tried in test_hostile_engines.py.
"""

import pytest

from harness.base.errors import EngineDiedError
from harness.compose.plugs import EngineChoice
from harness.compose.trial import Trial
from tests.fakes.described import as_object
from tests.fakes.marked import marked
from tests.fakes.mixed_flow import INSTRUMENTS, mixed_flow

pytestmark = pytest.mark.usefixtures("nothing_is_left")

FLOW = mixed_flow(seed=2, count=300)
FLOW["session"] = 1
AT = 100
TIMEOUT_S = 0.5
CHECKS = ("gate_0", "alive", "answered_once")


def broken(way, name="Broken"):
    """What hangs is waited for; whatever ends by itself may take its time on a busy machine."""
    start_s = TIMEOUT_S if way == "hangs when it is imported" else 60
    file = as_object(env={"WAY": way, "AT": str(AT)}, object=f"python_broken:{name}", timeout_s=start_s, memory_mib=256)
    return file.model_copy(update={"answer_timeout_s": TIMEOUT_S if way in {"hangs", "hangs at its book"} else 60})


def choice(way, name="Broken"):
    return EngineChoice("broken.toml", "python", file=broken(way, name))


def tried(way, name="Broken"):
    with Trial(choice(way, name), INSTRUMENTS) as trial:
        return trial.run(FLOW, CHECKS)


NOT_STARTED = {
    "hangs when it is imported": ("Broken", ["it was not ready within 0.5 s"]),
    "exits when it is imported": ("Broken", ["it ended with exit code 7"]),
    "raises when it is imported": ("Broken", ["python_broken:Broken cannot be imported: it raised ValueError: no such licence", "python_broken.py, line"]),
    "raises when it is made": ("Broken", ["it raised ValueError: no such licence", "python_broken.py, line", "in __init__"]),
    "offers what there is not": ("Broken", ["what it says of itself cannot be", "$.capabilities.commands"]),
    "changes its mind": ("Broken", ["the engine says other things of itself than when it was asked before"]),
    "has no way to be called": ("Silent", ["has neither submit(command) nor submit_batch(commands)"]),
    "is not there": ("Gone", ["python_broken:Gone cannot be imported: it raised AttributeError"]),
    "is no maker": ("NUMBER", ["python_broken:NUMBER is 7; wanted a class, or a function that makes the engine"]),
}  # fmt: skip


@pytest.mark.parametrize("way", NOT_STARTED)
def test_an_object_that_cannot_be_had_is_gate_0(way):
    name, said = NOT_STARTED[way]
    (finding,) = tried(way, name).findings()
    assert (finding.check, finding.kind) == ("gate_0", "not_started")
    assert [each for each in said if each not in finding.got] == [], finding.got


DIED = {
    "raises": "it raised KeyError: 'no such level'",
    "asks to end": "it raised SystemExit: 3",
    "dies of a segmentation fault": "it was killed by SIGSEGV",
    "is killed": "it was killed by SIGKILL",
    "hangs": f"it was not done within {TIMEOUT_S:g} s",
    "gives nothing": "submit gave None; wanted a list of events",
    "gives no list": "submit gave {'kind': 'accepted'}; wanted a list of events",
    "gives a word that there is not": "an event with reason = 'because', which is no word of it",
    "gives a field that there is not": "an event with 'prise'; there are: command, order",
    "gives a price that is no whole number": "price=7.5",
    "gives a number that no record holds": "order=-1",
}


@pytest.mark.parametrize(("way", "said"), DIED.items(), ids=DIED.keys())
def test_an_object_that_fails_later_is_found_by_alive_with_what_it_said_before(way, said):
    done = tried(way)
    (finding,) = (one for one in done.findings() if one.check == "alive")
    number = FLOW["number"][AT - 1]
    assert said in finding.got
    assert f"the engine failed at command {number}: " in finding.got
    assert {*done.events["command"].tolist()} == {*FLOW["number"][: AT - 1].tolist()}


def test_an_answer_that_is_missing_is_found():
    done = tried("answers nothing")
    assert done.failure == ""
    assert "answered_once" in {one.check for one in done.findings()}


ASKED = {
    "raises at its book": "the engine failed at the request for its book: it raised KeyError: 7",
    "tells no book": "the engine failed at the request for its book: snapshot gave (1, [7]); wanted (engine_seq, rows)",
    "hangs at its book": f"the request for its book: it did not answer within {TIMEOUT_S:g} s",
    "counts no numbers": "the engine failed at the request for its counters: counters gave {'events': 'many'}",
}


@pytest.mark.parametrize("way", ASKED)
def test_what_it_cannot_tell_when_it_is_asked_is_its_end(way):
    engine = choice(way).engine(INSTRUMENTS, None)
    engine.start()
    with pytest.raises(EngineDiedError) as died:
        engine.counters() if way == "counts no numbers" else engine.snapshot()
    assert ASKED[way] in str(died.value)
    with pytest.raises(EngineDiedError, match="the engine failed"):
        engine.session(1).send(FLOW)
    engine.stop(graceful=False)


@pytest.mark.parametrize("way", ["prints", "has children"])
def test_what_does_not_concern_its_answers_changes_none(way):
    right, odd = tried("is right"), tried(way)
    assert odd.failure == ""
    assert odd.events["kind"].tolist() == right.events["kind"].tolist()


def test_what_it_prints_is_in_its_log(tmp_path):
    engine = choice("prints").engine(INSTRUMENTS, None)
    engine.log_to(tmp_path / "engine.log")
    engine.start()
    engine.session(1).send(FLOW)
    engine.stop(graceful=True)
    assert (tmp_path / "engine.log").read_text() == "to the log\n" * len(FLOW)


def test_a_reset_ends_what_the_object_before_started(tmp_path):
    engine = choice("has children").engine(INSTRUMENTS, None)
    engine.start()
    before = len(marked(str(tmp_path)))
    engine.session(1).send(FLOW)
    engine.reset()
    assert len(marked(str(tmp_path))) == before
    engine.stop(graceful=False)


@pytest.mark.parametrize("way", ["raises", "exits"])
def test_what_failed_is_there_again_after_a_reset(way):
    engine = choice(way).engine(INSTRUMENTS, None)
    engine.start()
    told = []
    for _ in range(2):
        engine.session(1).send(FLOW)
        told.append(engine.poll(0)["kind"].tolist())
        engine.reset()
    engine.stop(graceful=False)
    assert told[0] == told[1] != []
