"""What the stage tells by itself has the fields of the page, and those that it has nothing to say of are absent."""

from harness.base.controls import InstrumentControls
from harness.base.records import NONE, Event, EventKind, Side
from tests.fakes.guarded_session import account
from tests.fakes.risk_session import held_to


def told(stage, word, **fields):
    return [event._replace(engine_seq=0) for event in stage.asks(word, **fields)]


def test_a_refusal_echoes_its_command():
    stage = held_to(account(1, long_max=1))
    stage.clock.time_ns = 9
    common = Event(command=1, price=100, qty=2, engine_ns=9, instrument=1, account=1, session=1, reason=308, channel=1)
    refused = common._replace(order=7, kind=int(EventKind.REJECTED), side=int(Side.BUY), engine_seq=1)
    assert stage.rows("B 100x2 #7") == [refused]
    stage.says("B 100x1 #8")
    *_, event = stage.rows("replace #8 #9 100x2")
    wanted = common._replace(order=8, new_order=9, kind=int(EventKind.REPLACE_REJECTED), engine_seq=event.engine_seq)
    assert event == wanted


def test_an_operator_is_named_in_what_he_is_answered():
    stage = held_to(account())
    common = Event(command=1, order=77, engine_ns=0, instrument=2, channel=1)
    assert told(stage, "halt", instrument=2) == [common._replace(kind=int(EventKind.HALTED))]
    assert told(stage, "resume", instrument=2) == [common._replace(kind=int(EventKind.RESUMED))]
    assert told(stage, "kill_account", instrument=2) == [common._replace(kind=int(EventKind.DONE), qty=0)]
    wrong = common._replace(kind=int(EventKind.REJECTED), order=0, reason=101)
    assert told(stage, "halt", instrument=2, order=0) == [wrong]


def test_a_breaker_names_the_instrument_alone():
    stage = held_to(account(), InstrumentControls(instrument=1, volume_max=1, pause_ns=3))
    *_, halted = stage.rows("S 100x2 #1 a8; B 100x2 #2 a9")
    wanted = Event(command=2, engine_ns=0, instrument=1, session=9, kind=int(EventKind.HALTED), channel=1)
    assert halted == wanted._replace(engine_seq=halted.engine_seq)
    assert (halted.side, halted.account, halted.price) == (Side.NONE, 0, NONE)
