"""What every adapter must do, whatever engine it talks to: a file in `engines/adapters` is held to it by being there.

All that an engine tells here is held to the rules by the verifier as well, in every field that its adapter says it carries.
"""

import os
import time
from itertools import chain
from pathlib import Path

import pytest

from harness.base.bits import BOOK_ROW
from harness.base.discover import about, load, names
from harness.base.errors import EngineError
from harness.base.records import EVENT, CommandKind, Event, OrderType, TimeInForce, commands_of, event_rows
from harness.port import EngineSetup
from harness.target import Target
from tests.fakes.described import described
from tests.fakes.desk import UNSAID, Desk
from tests.fakes.lines import commands
from tests.fakes.mixed_flow import INSTRUMENTS

PACKAGE = "engines.adapters"
WAYS = (*names(PACKAGE), "jsonl over TCP")
"""By the first word; what stands behind it tells which way of it is tried."""
BEYOND_ANY_BUFFER = 2_500
"""Orders, each canceled: more commands than any adapter hands over at once, in more bytes than a socket holds."""


@pytest.fixture(scope="module", params=WAYS)
def shared(request):
    """The desk of one adapter, whose engine is started once; whatever a test does, it is stopped at the end."""
    adapter = load(PACKAGE, request.param.split(maxsplit=1)[0], "ENGINE")
    engine = adapter(EngineSetup(INSTRUMENTS, file=described(request.param)))
    yield Desk(engine)
    engine.stop(graceful=False)


@pytest.fixture
def desk(shared):
    with shared.taken():
        yield shared


def test_it_says_what_it_is(desk, request):
    engine, offered = desk.engine, desk.engine.capabilities
    assert about(PACKAGE, request.node.callspec.params["shared"].split(maxsplit=1)[0])
    assert engine.name
    assert engine.version
    assert engine.instruments == INSTRUMENTS
    assert {"new", "cancel"} <= set(offered.commands) <= {kind.name.lower() for kind in CommandKind}
    assert set(offered.types) <= {kind.name.lower() for kind in OrderType}
    assert set(offered.tifs) <= {kind.name.lower() for kind in TimeInForce}
    assert set(offered.carries) <= set(EVENT.names)


def test_which_processes_are_its_engines_is_told(desk):
    told = desk.engine.processes()
    look = Target(desk.engine.processes).look()
    if told.whose == "inside":
        assert (told.pids, look.engine, look.gonogo) == ((os.getpid(),), (os.getpid(),), None)
        return
    assert told.whose == "own"
    assert set(told.pids) <= set(look.engine)
    assert os.getpid() not in look.engine
    names = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in look.engine]
    assert not [name for name in names if b"_keeper.py" in name], "who keeps it is gonogo's"


ANSWERS = [
    ("an order rests", "S 100x5 #1", "accepted rested"),
    ("the first in the queue trades first", "S 100x5 #1; S 100x5 #2; B 100x7 #3 a2", "accepted rested; accepted rested; accepted trade trade"),
    ("the best price trades first", "S 101x5 #1; S 100x5 #2; B 101x9 #3 a2; cancel #2", "accepted rested; accepted rested; accepted trade trade; cancel_rejected"),
    ("what is left of an order rests", "S 100x5 #1; B 100x7 #2 a2; S 100x2 #3", "accepted rested; accepted trade rested; accepted trade"),
    ("what is left of an immediate order goes", "S 100x5 #1; B 100x7 #2 ioc a2; B 100x1 #3 ioc a2", "accepted rested; accepted trade canceled; accepted canceled"),
    ("an order is canceled", "S 100x5 #1; cancel #1; B 100x5 #2 ioc a2", "accepted rested; canceled; accepted canceled"),
    ("one that was canceled cannot be again", "S 100x5 #1; cancel #1; cancel #1", "accepted rested; canceled; cancel_rejected"),
    ("one that has traded cannot be canceled", "S 100x5 #1; B 100x5 #2 a2; cancel #1", "accepted rested; accepted trade; cancel_rejected"),
    ("nobody's order cannot be canceled", "cancel #1", "cancel_rejected?"),
    ("another's order cannot be canceled", "S 100x5 #1; cancel #1 a2; B 100x5 #2 a2", "accepted rested; cancel_rejected?; accepted trade"),
    ("a replaced order has its new price and quantity", "S 102x5 #1; replace #1 #1 100x4; B 101x9 #2 a2", "accepted rested; replaced rested; accepted trade rested"),
    ("a replaced order is canceled under its id", "S 102x5 #1; replace #1 #1 100x4; cancel #1", "accepted rested; replaced rested; canceled"),
    ("a replaced order trades at once", "S 100x5 #1; B 98x7 #2 a2; replace #2 #2 100x6 a2", "accepted rested; accepted rested; replaced trade rested"),
    ("one that is gone cannot be replaced", "S 100x5 #1; cancel #1; replace #1 #1 101x5", "accepted rested; canceled; replace_rejected"),
    ("a replace gives a new id", "S 102x5 #1; replace #1 #2 101x4", "accepted rested; replaced rested?"),
    ("a price out of bounds is refused", "S 500x5 #1; S 100x5 #2", "rejected?; accepted rested"),
    ("a quantity out of bounds is refused", "S 100x0 #1; S 100x51 #2; S 100x50 #3", "rejected?; rejected?; accepted rested"),
    ("a live id is refused", "S 100x5 #1; S 101x5 #1; S 102x5 #2", "accepted rested; rejected?; accepted rested"),
    ("instruments are apart", "S 100x5 #1; B 100x5 #2 a2 i2; B 100x5 #3 a2", "accepted rested; accepted rested; accepted trade"),
]  # fmt: skip
"""What is said, and the kinds of the events that answer each command. `?`: a wire may have no word for it, and then its adapter tells that."""


@pytest.mark.parametrize(("lines", "wanted"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
def test_what_is_asked_is_answered(desk, lines, wanted):
    asked = {word for word in ("ioc", "replace") if word in lines}
    if not asked <= desk.engine.capabilities.offered():
        pytest.skip("it is not offered")
    for told, want in zip(desk.say(lines), wanted.split("; "), strict=True):
        assert told in {want.removesuffix("?"), UNSAID if want.endswith("?") else want}
    assert desk.wrong() == []


WORDS = {
    "cancel": "B 90x5 #1; cancel #1", "replace": "B 90x5 #1; replace #1 #1 91x5", "mass_cancel": "B 90x5 #1; mass_cancel a1",
    "limit": "B 90x5 #1", "market": "B x5 #1 market", "stop": "B x5 #1 @150", "stop_limit": "B 150x5 #1 @150",
    "day": "B 90x5 #1", "gtc": "B 90x5 #1 gtc", "ioc": "B 90x5 #1 ioc", "fok": "B 90x5 #1 fok", "gtd": "B 90x5 #1 gtd",
    "post_only": "B 90x5 #1 post", "min_qty": "B 90x5 #1 min3",
}  # fmt: skip
"""How each thing that an engine may offer is asked for, last of its line."""


@pytest.mark.parametrize("word", WORDS)
def test_what_is_offered_is_taken_and_all_else_is_refused(desk, word):
    told = desk.say(f"{WORDS[word]}; cancel #1")[-2]
    assert desk.wrong() == []
    is_taken = "rejected" not in told and told not in {"", UNSAID}
    assert is_taken == (word in desk.engine.capabilities.offered())


def test_what_it_says_that_it_carries_is_there(desk):
    lines = "S 100x5 #1; S 101x5 #2; B 100x3 #3 a2; replace #2 #2 102x4; cancel #2; B 90x1 #4 ioc"
    absent, there = Event(), set()
    for event in event_rows(desk.exchange(commands(lines))):
        there |= {field for field in Event._fields if getattr(event, field) != getattr(absent, field)}
    assert set(desk.engine.capabilities.carries) <= there


def test_sessions_of_two_accounts_meet_in_one_book(desk):
    one, two = desk.engine.session(1), desk.engine.session(2)
    assert desk.say("S 100x5 #1; S 101x5 #2", one) == ["accepted rested"] * 2
    assert desk.say("B 101x7 #3 a2", two) == ["accepted trade trade"]
    assert desk.say("cancel #2", one) == ["canceled"]
    assert desk.wrong() == []


def test_the_orders_of_a_session_that_is_closed_stay_and_another_one_may_go_on(desk):
    session = desk.engine.session(1)
    assert desk.say("S 100x5 #1; S 101x5 #2", session) == ["accepted rested"] * 2
    session.close()
    assert desk.say("B 100x5 #3 a2") == ["accepted trade"]
    assert desk.say("cancel #2") == ["canceled"]
    assert desk.wrong() == []


def test_more_at_once_than_any_buffer_holds(desk):
    lines = "; ".join(
        chain.from_iterable((f"S {100 + n % 50}x5 #{n}", f"cancel #{n}") for n in range(1, BEYOND_ANY_BUFFER))
    )
    assert desk.say(lines) == ["accepted rested", "canceled"] * (BEYOND_ANY_BUFFER - 1)
    assert desk.wrong() == []


def test_nothing_comes_where_nothing_was_sent(desk):
    assert desk.engine.session(1).send(commands_of([])) == 0
    start = time.monotonic()
    quiet = desk.engine.poll(10_000_000)
    assert time.monotonic() - start < 30
    assert quiet.dtype == EVENT
    assert len(quiet) == 0


def test_events_are_given_once(desk):
    desk.say("S 100x5 #1")
    assert len(desk.engine.poll(0)) == 0


def test_the_snapshot_holds_what_rests(desk):
    desk.say("S 100x5 #1; S 100x4 #2; B 100x2 #3 a2; B 98x7 #4")
    snapshot = desk.engine.snapshot()
    if "snapshot" not in desk.engine.capabilities.book:
        assert snapshot is None
        return
    assert snapshot.rows.dtype == BOOK_ROW
    rows = [(1, 0, 98, 0, 4, 7), (1, 1, 100, 0, 1, 3), (1, 1, 100, 1, 2, 4)]
    assert [(*row[:4], row[4] - desk.base, row[5]) for row in snapshot.rows.tolist()] == rows


def test_counters_are_whole_numbers_by_name(desk):
    desk.say("S 100x5 #1")
    counters = desk.engine.counters()
    assert all(isinstance(name, str) and isinstance(count, int) for name, count in counters.items())


def test_a_reset_gives_an_empty_engine_and_forgets_what_nobody_heard(desk):
    engine, lines = desk.engine, "S 100x5 #1; S 101x4 #2; B 100x2 #3 a2"
    if engine.capabilities.reset == "none":
        with pytest.raises(EngineError):
            engine.reset()
        return
    first = desk.exchange(commands(lines))
    engine.session(1).send(commands_of(commands("S 100x5 #8; S 101x4 #9")))
    engine.reset()
    desk.begin()
    assert len(engine.poll(50_000_000)) == 0
    snapshot = engine.snapshot()
    assert snapshot is None or len(snapshot.rows) == 0
    again = desk.exchange(commands(lines))
    assert again["kind"].tolist() == first["kind"].tolist()
    if "engine_seq" in engine.capabilities.carries:
        assert again["engine_seq"].tolist() == list(range(1, len(again) + 1))


def test_it_can_be_stopped_twice_is_gone_then_and_can_be_started_again(desk):
    session = desk.engine.session(1)
    desk.say("S 100x5 #1", session)
    desk.engine.stop(graceful=True)
    desk.engine.stop(graceful=True)
    with pytest.raises(EngineError):
        desk.exchange(commands("S 100x5 #2"), session)
    for ask in (lambda: desk.engine.session(2), lambda: desk.engine.poll(0)):
        with pytest.raises(EngineError):
            ask()
    desk.start()
    assert desk.say("B 100x5 #1 a2; cancel #1 a2") == ["accepted rested", "canceled"]
