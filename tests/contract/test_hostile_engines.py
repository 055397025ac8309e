"""Engines that mean no good: each of twelve ways over each adapter has the verdict that it deserves, inside its time-outs, and leaves nothing.

What is peculiar to one adapter is tried in test_broken_{processes,objects,libraries}.py; what becomes of a whole run, in tests/e2e.
"""

import time
from typing import NamedTuple

import pytest

from harness.base.records import commands_of
from harness.compose import plugs
from harness.compose.trial import Trial
from tests.fakes.hostile_engines import AT, EVERY, MEMORY_MIB, PROGRAMS, hostile
from tests.fakes.lines import commands
from tests.fakes.mixed_flow import INSTRUMENTS

pytestmark = pytest.mark.usefixtures("nothing_is_left")

ORDERS = 100
FLOW = commands_of(commands("; ".join(f"B 90x1 #{number}" for number in range(1, ORDERS + 1))))
CHECKS = ("gate_0", "alive", "answered_once")
FAR_BEYOND_S = 50
"""What no time-out allows, however busy the machine is: those that are not waited for are set to 60 s."""


class Deserved(NamedTuple):
    """What is found, and what is told of it."""

    found: frozenset[str]
    said: str = ""


def deserved(*found, said=""):
    return Deserved(frozenset(found), said)


def died(said):
    return deserved("alive died", said=said)


def not_started(said):
    return deserved("gate_0 not_started", said=said)


NOTHING = deserved()
SILENT = deserved("gate_0 silent", "answered_once unanswered")
TWICE = deserved("answered_once twice")
LIVES_IN_GONOGO = "it has no process of its own: the file of an adapter is trusted with gonogo's (docs/adapters.md)"
IS_NOT_TOLD = "it is not told to stop: its process is ended"
RETURNS = "an object tells by what it returns, and a library by a call: neither has an output of its own"

EXPECTED = {
    "never answers": dict.fromkeys(EVERY, SILENT),
    "answers twice": dict.fromkeys(EVERY, TWICE),
    "answers garbage": {
        "jsonl": died("its line 51 is wrong: JSON is malformed: invalid character (byte 0): Segmentation fault imminent"),
        "jsonl over TCP": died("its line 51 is wrong: JSON is malformed: invalid character (byte 0): Segmentation fault imminent"),
        "ouch": died("the engine sent a message that is none of OUCH 5.0: b'fault'"),
        "fix": died(r"the engine sent what is no message of FIX 4.4: b'8=FIX.4.4\x019=5\x0135=8\x0110=000\x01"),
        "python": died("submit gave 7 for an event; wanted an Event"),
        "c_abi": died("it told a report of type 77; there are 0 to 5"),
        "one's own": died("poll gave 'Segmentation fault imminent'; wanted an array of harness.base.records.EVENT"),
    },
    "answers as if it spoke something else": {
        "jsonl": died("its line 51 is wrong: JSON is malformed: invalid character (byte 0): HTTP/1.1 400 Bad Request"),
        "jsonl over TCP": died("its line 51 is wrong: JSON is malformed: invalid character (byte 0): HTTP/1.1 400 Bad Request"),
        "ouch": died("the engine sent what is no packet of SoupBinTCP: b'HTTP/1.1 400 Bad Request"),
        "fix": died("the engine sent what is no message of FIX 4.4: b'HTTP/1.1 400 Bad Request"),
        **dict.fromkeys(("python", "c_abi", "one's own"), "it speaks no wire"),
    },
    "floods": {
        **dict.fromkeys(("jsonl", "jsonl over TCP", "ouch"), deserved("alive died", "answered_once twice", said="the engine floods: 1")),
        # A FIX message takes so long to read that the time for answers ends before the bound is reached.
        "fix": deserved("answered_once twice", "answered_once unanswered"),
        "python": deserved("alive died", "answered_once twice", said="it told more than 262144 events to one call"),
        "c_abi": died("it told more than 1048576 reports to command 50"),
        "one's own": TWICE,
    },
    "dies at once": {
        **dict.fromkeys(PROGRAMS, not_started("it ended with exit code 3; the last of its log:\ncannot open /etc/engine.conf")),
        "python": not_started("it raised ValueError: no such licence"),
        "c_abi": not_started("the library cannot be begun: it was killed by SIGABRT"),
        "one's own": not_started("start raised OSError: no port is free"),
    },
    "dies late": {
        **dict.fromkeys(PROGRAMS, died("it ended with exit code 7; the last of its log:\nout of luck")),
        "python": died("the engine failed at command 50: it ended with exit code 7"),
        "c_abi": died("it was killed by SIGABRT while it carried out command 50"),
        "one's own": died("send raised KeyError: 'no such level'"),
    },
    "closes its output": {
        "jsonl": died("it closed its output"),
        "jsonl over TCP": died("it closed its output"),
        "ouch": died("session ONE was closed, and does not open again: cannot connect to the engine"),
        "fix": died("session ONE was closed, and does not open again: cannot connect to the engine"),
        "python": died("the engine failed at command 50: it ended with exit code 0"),
        "c_abi": died("it ended with exit code 1 while it carried out command 100"),
        "one's own": LIVES_IN_GONOGO,
    },
    "has children": {**dict.fromkeys(EVERY, NOTHING), "one's own": LIVES_IN_GONOGO},
    "dies and leaves children": {
        **dict.fromkeys(PROGRAMS, died("it ended with exit code 7; the last of its log:\nout of luck")),
        "python": died("it was killed by SIGABRT"),
        "c_abi": died("it was killed by SIGABRT while it carried out command 50"),
        "one's own": LIVES_IN_GONOGO,
    },
    "ignores what ends it": {
        **dict.fromkeys(PROGRAMS, NOTHING),
        "python": died("the engine failed at command 50: it was not done within 0.5 s"),
        "c_abi": died("it was not done within 0.5 s with command 50"),
        "one's own": LIVES_IN_GONOGO,
    },
    "answers at its end": {
        **dict.fromkeys(PROGRAMS, NOTHING), "c_abi": NOTHING, "python": IS_NOT_TOLD, "one's own": IS_NOT_TOLD,
    },
    "eats memory": {
        **dict.fromkeys(PROGRAMS, died(f"MiB of memory, where memory_mib is {MEMORY_MIB}")),
        "python": died("the engine failed at command 50: it raised MemoryError"),
        "c_abi": died("it was killed by SIGABRT while it carried out command 50"),
        "one's own": died("send raised MemoryError"),
    },
    "prints": {
        **dict.fromkeys(EVERY, NOTHING),
        # Its output is the wire.
        "jsonl": died("its line 51 is wrong: JSON is malformed: invalid character (byte 4): to its output"),
    },
}  # fmt: skip
"""By way and by adapter: what is found, or why the way has no meaning there."""
BEFORE = {*range(1, AT)}
"""The orders that were answered before one goes wrong: what was said of them is told, whatever follows."""
TRIED = [(way, over) for way, row in EXPECTED.items() for over, wanted in row.items() if isinstance(wanted, Deserved)]


def tried(over, way, folder):
    """What comes of some orders; it is let end as at the end of a run."""
    with Trial(plugs.engine(hostile(over, way, folder)), INSTRUMENTS) as trial:
        done = trial.run(FLOW, CHECKS)
        trial.engine.stop(graceful=True)
    return done


def test_each_way_is_thought_of_over_each_adapter():
    assert all({*row} == {*EVERY} for row in EXPECTED.values())


@pytest.mark.parametrize(("way", "over"), TRIED, ids=lambda word: word.replace(" ", "_"))
def test_it_has_the_verdict_that_it_deserves(tmp_path, way, over):
    wanted, begun_s = EXPECTED[way][over], time.monotonic()
    done = tried(over, way, tmp_path)
    assert {f"{one.check} {one.kind}" for one in done.findings()} == wanted.found, done.failure
    assert wanted.said in done.failure
    assert bool(done.failure) == bool(wanted.said)
    if "alive died" in wanted.found and over != "one's own":
        assert {*done.events["command"].tolist()} >= BEFORE
    assert time.monotonic() - begun_s < FAR_BEYOND_S
