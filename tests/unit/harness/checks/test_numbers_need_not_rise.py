"""Where several sessions send, commands stand as the engine carried them out: every check judges that history like the one it was made from."""

import numpy as np
import pytest
from msgspec.structs import replace as changed

from harness.base.capabilities import Conventions
from harness.base.records import EventKind
from harness.compose import folding, plugs
from harness.evidence.fold import Segment, applies
from tests.fakes.history import ALL, info
from tests.fakes.mixed_flow import INSTRUMENTS
from tests.fakes.wired import cut, history, wired

CONVENTIONS = Conventions(self_trade="cancel_newest")
MADE = history()
RIGHT, RAW = wired(MADE)
ONE_CHANNEL = info(capabilities=changed(ALL, book=()), instruments=INSTRUMENTS, conventions=CONVENTIONS)
OVER_A_WIRE = info(
    capabilities=changed(ALL, book=(), channels=("order", "drop_copy")),
    instruments=INSTRUMENTS,
    conventions=CONVENTIONS,
)
CHECKS = [
    name for name, plug in plugs.checks().items() if applies(plug.needs, OVER_A_WIRE) and name != "channels_agree"
]


def facts(name, run, segments):
    live = folding.start(name, plugs.checks()[name], run)
    assert not folding.feed([live], segments, run)
    return folding.facts(live, run)


@pytest.mark.parametrize("pieces", [1, 13])
@pytest.mark.parametrize("name", CHECKS)
def test_it_finds_the_same_over_a_wire(name, pieces):
    there = facts(name, OVER_A_WIRE, cut(RAW, pieces))
    assert there == facts(name, ONE_CHANNEL, [MADE])
    assert there.findings == ()


@pytest.mark.parametrize("name", ["model", "legal", "conservation"])
def test_a_finding_names_the_command_as_it_was_sent(name):
    events = MADE.events.copy()
    trade = int(np.flatnonzero(events["kind"] == EventKind.TRADE)[-1])
    events["qty"][trade] += 1
    assert named(name, events) == named_over_a_wire(name, events) != []


def test_a_command_that_nothing_answers_is_named_too():
    lost = MADE.events["command"] == MADE.events["command"][-1]
    assert named("answered_once", MADE.events[~lost]) == named_over_a_wire("answered_once", MADE.events[~lost]) != []


def named(name, events):
    """The findings of one channel, with the numbers under which their commands were sent over the wire."""
    as_sent = dict(zip(MADE.commands["number"].tolist(), RIGHT.commands["number"].tolist(), strict=True))
    found = facts(name, ONE_CHANNEL, [Segment(MADE.commands, events)]).findings
    return [(one.kind, as_sent[one.first_command]) for one in found]


def named_over_a_wire(name, events):
    raw = wired(Segment(MADE.commands, events)).raw
    return [(one.kind, one.first_command) for one in facts(name, OVER_A_WIRE, cut(raw, 7)).findings]
