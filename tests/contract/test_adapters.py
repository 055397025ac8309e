"""What every adapter must do, whatever engine it talks to: a file in `engines/adapters` is held to it by being there."""

import time

import numpy as np
import pytest

from harness.base.bits import BOOK_ROW
from harness.base.discover import about, load, names
from harness.base.errors import EngineError
from harness.base.records import EVENT, EventKind, commands_of
from harness.evidence.conversation import Conversation
from harness.port import EngineSetup
from tests.fakes.described import described
from tests.fakes.lines import commands
from tests.fakes.mixed_flow import INSTRUMENTS

PACKAGE = "engines.adapters"
ANSWER_S = 10
"""How long an engine behind any wire may take for a few answers."""

every_adapter = pytest.mark.parametrize("name", [*names(PACKAGE), "jsonl over TCP"])
"""By the first word; what stands behind it tells which way of it is tried."""


@pytest.fixture
def engine(name):
    """The started engine behind the adapter; whatever the test does, it is stopped."""
    engine = load(PACKAGE, name.split()[0], "ENGINE")(EngineSetup(INSTRUMENTS, file=described(name)))
    engine.start()
    yield engine
    engine.stop(graceful=False)


def exchange(engine, lines, *, session=None):
    """Send the lines and wait for an answer to each of them; what came, in one order."""
    flow = commands_of(commands(lines))
    session = session or engine.session(1)
    events, taken = [np.zeros(0, EVENT)], 0
    talk = Conversation(engine.capabilities)
    talk.say(flow)
    give_up = time.monotonic() + ANSWER_S
    while (taken < len(flow) or not talk.has_all()) and time.monotonic() < give_up:
        taken += session.send(flow[taken:]) if taken < len(flow) else 0
        events.append(talk.hear(engine.poll(10_000_000)))
    # What follows an answer, and what comes on other channels, may come behind it.
    while len(more := engine.poll(100_000_000)):
        events.append(talk.hear(more))
    return np.concatenate(events, dtype=EVENT)


@every_adapter
def test_it_says_what_it_is(name, engine):
    assert about(PACKAGE, name.split()[0])
    assert engine.name
    assert engine.version
    assert engine.instruments == INSTRUMENTS
    assert {"new", "cancel"} <= set(engine.capabilities.commands)
    assert set(engine.capabilities.carries) <= set(EVENT.names)


@every_adapter
def test_an_order_rests_trades_and_is_canceled(engine):
    events = exchange(engine, "S 100x5 #1; B 100x2 #2 a2; cancel #1")
    kinds = [EventKind(kind).name for kind in events["kind"]]
    assert [kind for kind in kinds if kind != "RESTED"] == ["ACCEPTED", "ACCEPTED", "TRADE", "CANCELED"]
    assert events["order"][events["kind"] == EventKind.CANCELED].tolist() == [1]


@every_adapter
def test_events_are_given_once(engine):
    exchange(engine, "S 100x5 #1")
    quiet = engine.poll(0)
    assert quiet.dtype == EVENT
    assert len(quiet) == 0


@every_adapter
def test_a_poll_of_nothing_does_not_wait_longer_than_asked(engine):
    start = time.monotonic()
    engine.poll(10_000_000)
    assert time.monotonic() - start < 1


@every_adapter
def test_the_snapshot_holds_what_rests(engine):
    exchange(engine, "S 100x5 #1; S 100x4 #2; B 100x2 #3 a2; B 98x7 #4")
    snapshot = engine.snapshot()
    if "snapshot" not in engine.capabilities.book:
        assert snapshot is None
        return
    assert snapshot.rows.dtype == BOOK_ROW
    assert snapshot.rows.tolist() == [(1, 0, 98, 0, 4, 7), (1, 1, 100, 0, 1, 3), (1, 1, 100, 1, 2, 4)]


@every_adapter
def test_a_reset_gives_an_empty_engine(engine):
    if engine.capabilities.reset == "none":
        with pytest.raises(EngineError):
            engine.reset()
        return
    first = exchange(engine, "S 100x5 #1; S 101x4 #2")
    engine.reset()
    snapshot = engine.snapshot()
    assert snapshot is None or len(snapshot.rows) == 0
    again = exchange(engine, "S 100x5 #1; S 101x4 #2")
    assert again["kind"].tolist() == first["kind"].tolist()
    if "engine_seq" in engine.capabilities.carries:
        assert again["engine_seq"].tolist() == list(range(1, len(again) + 1))


@every_adapter
def test_a_reset_forgets_what_nobody_heard(engine):
    if engine.capabilities.reset == "none":
        return
    engine.session(1).send(commands_of(commands("S 100x5 #1; S 101x4 #2")))
    engine.reset()
    assert len(engine.poll(50_000_000)) == 0


@every_adapter
def test_counters_are_whole_numbers_by_name(engine):
    exchange(engine, "S 100x5 #1")
    assert all(isinstance(name, str) and isinstance(count, int) for name, count in engine.counters().items())


@every_adapter
def test_it_can_be_stopped_twice_and_is_gone_then(engine):
    session = engine.session(1)
    engine.stop(graceful=True)
    engine.stop(graceful=True)
    with pytest.raises(EngineError):
        exchange(engine, "S 100x5 #1", session=session)
    with pytest.raises(EngineError):
        engine.session(2)


@every_adapter
def test_a_stopped_engine_can_be_started_again(engine):
    engine.stop(graceful=False)
    engine.start()
    assert len(exchange(engine, "S 100x5 #1"))
