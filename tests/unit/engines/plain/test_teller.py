"""How events are filled and numbered, for every kind of event."""

import numpy as np

from engines.plain.engine import PlainEngine
from harness.base.capabilities import Instrument
from harness.base.reasons import Reason
from harness.base.records import NONE, Channel, Event, EventKind, Role, commands_of, empty_commands, event_rows
from tests.fakes.lines import command, commands
from tests.fakes.plain_session import engine, rows


def test_done_carries_what_the_command_said():
    (done,) = rows(engine(), "mass_cancel a3 i9 sell")
    assert (done.account, done.instrument, done.side, done.session) == (3, 9, 1, 3)


def test_every_field_of_every_kind_of_event():
    plain = engine(self_trade="cancel_oldest")
    told = rows(plain, "S 100x3 #1 a7; S 100x2 #2 a8; B 101x9 #3 a8; replace #3 #4 99x4 a8; cancel #4 x1 a8")
    common = {"instrument": 1, "channel": Channel.ORDER}
    sell = common | {"command": 1, "order": 1, "price": 100, "remaining": 3, "account": 7, "session": 7, "side": 1}
    buy = common | {"command": 3, "order": 3, "price": 101, "account": 8, "session": 8, "side": 0}
    assert told[:2] + told[4:] == [
        Event(kind=EventKind.ACCEPTED, engine_seq=1, qty=3, **sell),
        Event(kind=EventKind.RESTED, engine_seq=2, **sell),
        Event(kind=EventKind.ACCEPTED, engine_seq=5, qty=9, remaining=9, **buy),
        Event(
            kind=EventKind.TRADE, engine_seq=6, maker=1, match=1, qty=3, remaining=6, role=Role.BOTH,
            **buy | {"price": 100},
        ),
        Event(
            kind=EventKind.CANCELED, engine_seq=7, qty=2, remaining=0, reason=Reason.SELF_TRADE,
            **buy | {"order": 2, "price": 100, "side": 1},
        ),
        Event(kind=EventKind.RESTED, engine_seq=8, remaining=6, **buy),
        Event(kind=EventKind.REPLACED, engine_seq=9, new_order=4, qty=4, remaining=4, **buy | {"command": 4, "price": 99}),
        Event(kind=EventKind.RESTED, engine_seq=10, remaining=4, **buy | {"command": 4, "order": 4, "price": 99}),
        Event(
            kind=EventKind.CANCELED, engine_seq=11, qty=1, remaining=3, reason=Reason.USER,
            **buy | {"command": 5, "order": 4, "price": 99},
        ),
    ]  # fmt: skip


def test_every_field_of_what_triggers():
    told = rows(engine(), "S 100x3 #1 a7; B 99x2 #2 @100 a9; B 100x1 #3 a8")
    about = {"instrument": 1, "channel": Channel.ORDER, "order": 2, "account": 9, "side": 0}
    assert [event for event in told if event.order == 2] == [
        Event(
            kind=EventKind.ACCEPTED, engine_seq=3, command=2, price=99, qty=2, remaining=2, session=9, **about
        ),
        Event(
            kind=EventKind.TRIGGERED, engine_seq=6, command=3, price=100, qty=2, remaining=2, session=8, **about
        ),
        Event(kind=EventKind.RESTED, engine_seq=7, command=3, price=99, remaining=2, session=8, **about),
    ]  # fmt: skip


def test_a_makers_cancel_is_about_the_maker_and_answers_the_taker():
    plain = engine(self_trade="cancel_both")
    sent = [command("S 100x5 #1")._replace(session=11), command("B 100x5 #2")._replace(session=12, number=2)]
    maker, taker = event_rows(plain.submit(commands_of(sent)))[-2:]
    assert (maker.order, maker.side, maker.command, maker.session) == (1, 1, 2, 12)
    assert (taker.order, taker.side, taker.command, taker.session) == (2, 0, 2, 12)


def test_numbers_run_on_over_batches_and_instruments():
    plain = engine()
    first = plain.submit(commands_of(commands("S 100x5 #1; B 100x3 #2; B 100x1 #3")))
    second = plain.submit(commands_of(commands("S 10x10 #4 i2; B 10x10 #5 i2; mass_cancel; cancel #1")))
    told = np.concatenate([first, second])
    assert told["engine_seq"].tolist() == list(range(1, len(told) + 1))
    assert told["match"][told["match"] > 0].tolist() == [1, 2, 3]
    assert plain.tell.engine_seq == len(told)


def test_no_commands_no_events():
    assert len(engine().submit(empty_commands(0))) == 0


def test_the_widest_ids_prices_and_quantities():
    wide = Instrument(id=2**32 - 1, symbol="WIDE", price_max=2**40, qty_max=2**62)
    plain = PlainEngine((wide,))
    top = {"instrument": wide.id, "account": 2**32 - 1, "session": 2**32 - 1, "qty": 2**62}
    resting = command("S 100x5 #1")._replace(**top, order=2**64 - 1, price=2**40, number=2**64 - 1)
    incoming = command("B 100x5 #1")._replace(**top | {"account": 1}, order=2**64 - 2, price=2**40)
    told = event_rows(plain.submit(commands_of([resting, incoming])))
    assert (told[0].command, told[0].order, told[0].price, told[0].qty) == (2**64 - 1, 2**64 - 1, 2**40, 2**62)
    assert (told[-1].maker, told[-1].order, told[-1].qty, told[-1].account) == (2**64 - 1, 2**64 - 2, 2**62, 1)


def test_the_engine_leaves_times_to_others():
    told = engine().submit(commands_of(commands("S 100x5 #1; B 100x3 #2; replace #1 #3 101x1; cancel #3; mass_cancel")))
    assert set(told["engine_ns"].tolist()) == set(told["received_ns"].tolist()) == {NONE}
