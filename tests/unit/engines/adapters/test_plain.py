"""The in-process adapter forwards, and turns the engine's exceptions into the engine's death."""

from importlib.metadata import version

import numpy as np
import pytest

from engines.adapters.plain import ENGINE
from engines.plain.engine import PlainEngine
from engines.plain.offered import CAPABILITIES
from harness import __version__
from harness.base.bits import BOOK_ROW
from harness.base.capabilities import Conventions
from harness.base.errors import EngineDiedError, EngineStartError
from harness.base.records import EVENT, Event, EventKind, commands_of, event_rows
from harness.port import EngineSetup
from tests.fakes.lines import commands
from tests.fakes.plain_session import INSTRUMENTS


class Fragile(PlainEngine):
    """Dies of a cancel, of being looked at with order 13 in the book, and cannot be built under one convention."""

    def __init__(self, instruments, conventions):
        if conventions.self_trade == "none":
            raise ValueError("no mode of prevention")
        super().__init__(instruments, conventions)

    def on_cancel(self, cancel):
        raise ZeroDivisionError("a cancel too many")

    def snapshot(self):
        if 13 in self.live:
            raise IndexError("order 13 has no row")
        return super().snapshot()


def started(**setup):
    engine = ENGINE(EngineSetup(INSTRUMENTS, **setup))
    engine.start()
    return engine


def sent(engine, lines):
    flow = commands_of(commands(lines))
    assert engine.session(1).send(flow) == len(flow)
    return event_rows(engine.poll(0))


def test_what_it_says_of_itself():
    engine = ENGINE(EngineSetup(INSTRUMENTS))
    assert (engine.name, engine.version) == ("plain", version("gonogo")) == ("plain", __version__)
    assert engine.capabilities is CAPABILITIES
    assert engine.instruments == INSTRUMENTS
    assert engine.conventions == Conventions(self_trade="cancel_newest")


def test_it_carries_every_field_that_the_engine_fills():
    """Over a flow with every kind of event, the fields that ever differ from absent are those that it declares."""
    engine = started()
    told = sent(
        engine, "S 100x5 #1; B 100x3 #2 a2; replace #1 #3 101x1; cancel #3 x9; cancel #3; mass_cancel; B 1x0 #4"
    )
    named = {"command", "order", "kind", "instrument"}
    filled = {name for name in Event._fields if any(getattr(event, name) != getattr(Event(), name) for event in told)}
    assert filled - named == set(CAPABILITIES.carries)


def test_poll_gives_each_event_once_and_in_records_of_the_full_width():
    engine = started()
    one, two = engine.session(1), engine.session(2)
    one.send(commands_of(commands("S 100x5 #1")))
    two.send(commands_of(commands("B 100x5 #2 a2")))
    events = engine.poll(1_000_000_000)
    assert events.dtype == EVENT
    assert [EventKind(kind).name for kind in events["kind"]] == ["ACCEPTED", "RESTED", "ACCEPTED", "TRADE"]
    events["received_ns"] = 5
    assert engine.poll(0).dtype == EVENT
    assert len(engine.poll(0)) == 0


def test_snapshot_and_counters():
    engine = started()
    sent(engine, "S 100x5 #1; B 100x2 #2 a2; B 99x1 #3")
    engine_seq, rows = engine.snapshot()
    assert (engine_seq, rows.dtype) == (6, BOOK_ROW)
    assert rows.tolist() == [(1, 0, 99, 0, 3, 1), (1, 1, 100, 0, 1, 3)]
    assert engine.counters() == {"events": 6, "trades": 1, "live_orders": 2}


def test_conventions_reach_the_engine():
    engine = started(conventions=Conventions(self_trade="none"))
    assert engine.conventions == Conventions(self_trade="none")
    assert sent(engine, "S 100x5 #1; B 100x5 #2")[-1].kind == EventKind.TRADE


def test_reset_gives_an_empty_engine_and_forgets_what_was_not_polled():
    engine = started()
    session = engine.session(1)
    session.send(commands_of(commands("S 100x5 #1; B 100x1 #2 a2")))
    engine.reset()
    assert len(engine.poll(0)) == 0
    assert engine.snapshot().engine_seq == 0
    session.send(commands_of(commands("S 100x5 #1; B 100x1 #2 a2")))
    events = engine.poll(0)
    assert events["engine_seq"].tolist() == [1, 2, 3, 4]
    assert events["match"].max() == 1


def test_closing_a_session_leaves_its_orders():
    engine = started()
    sent(engine, "S 100x5 #1")
    engine.session(1).close()
    assert len(engine.snapshot().rows) == 1


CALLS = {
    "session": lambda engine: engine.session(1),
    "poll": lambda engine: engine.poll(0),
    "snapshot": lambda engine: engine.snapshot(),
    "counters": lambda engine: engine.counters(),
}


def assert_gone(engine, why):
    for call in CALLS.values():
        with pytest.raises(EngineDiedError, match=why):
            call(engine)


def test_before_the_start_there_is_no_engine():
    assert_gone(ENGINE(EngineSetup(INSTRUMENTS)), "was not started")


def test_after_the_stop_there_is_no_engine():
    engine = started()
    session = engine.session(1)
    engine.stop(graceful=True)
    engine.stop(graceful=False)
    assert_gone(engine, "was stopped")
    with pytest.raises(EngineDiedError, match="was stopped"):
        session.send(commands_of(commands("S 100x5 #1")))


def test_an_exception_in_the_engine_is_its_death_until_reset():
    engine = started(build=Fragile)
    session = engine.session(1)
    session.send(commands_of(commands("S 100x5 #1; S 100x5 #2")))
    why = "the engine died at commands 1 to 3: ZeroDivisionError: a cancel too many"
    with pytest.raises(EngineDiedError, match=why) as death:
        session.send(commands_of(commands("S 100x5 #3; cancel #1; S 100x5 #4")))
    assert isinstance(death.value.__cause__, ZeroDivisionError)
    assert engine.poll(0)["order"].tolist() == [1, 1, 2, 2], "what it said before it died is not lost"
    assert_gone(engine, why)
    engine.reset()
    assert sent(engine, "S 100x5 #1")[0].engine_seq == 1


def test_an_engine_that_dies_of_a_snapshot():
    engine = started(build=Fragile)
    assert np.array_equal(engine.snapshot().rows, np.zeros(0, BOOK_ROW))
    sent(engine, "S 100x5 #13")
    with pytest.raises(EngineDiedError, match="died at a snapshot: IndexError"):
        engine.snapshot()
    assert_gone(engine, "died at a snapshot")


def test_an_engine_that_cannot_be_built_did_not_start():
    engine = ENGINE(EngineSetup(INSTRUMENTS, Conventions(self_trade="none"), Fragile))
    with pytest.raises(EngineStartError, match="could not be built: ValueError: no mode of prevention"):
        engine.start()
    assert_gone(engine, "could not be built")
