"""The check `risk_limits` tells what was taken beyond each limit, by one, and nothing that just fits."""

import pytest

from harness.base.capabilities import STAGE_CONTROLS
from harness.base.controls import AccountControls, Controls, FirmControls, InstrumentControls, LimitCode, Rate
from harness.base.notes import FlowNotes
from harness.base.reasons import Reason
from harness.base.records import CommandKind, EventKind
from harness.checks.risk_limits import CHECK
from harness.evidence.fold import applies
from tests.fakes.history import BUY, SELL, cancel, info, market, new, replace, stop
from tests.fakes.told import SERVICE, Told, breaker_says, held

IN_4_NS = Rate(most=2, window_ns=4)


def one(**limits):
    return held(AccountControls(account=1, firm=1, **limits))


def firm(**limits):
    return held(
        AccountControls(account=1, firm=1), AccountControls(account=2, firm=1), FirmControls(firm=1, **limits)
    )  # fmt: skip


def instrument(**limits):
    return held(AccountControls(account=1, firm=1), InstrumentControls(instrument=1, **limits))


def started(*commands):
    told = Told()
    for command in commands:
        told.takes(command)
    return told


def bought(qty, price=100, account=1):
    """Account 1 bought from account 8."""
    return started(new(1, SELL, price, qty, account=8)).takes(new(2, BUY, price, qty, account=account), (1, price, qty))


LIMITS = {
    "position: a new order": (one(long_max=10), Told, new(5, BUY, 100, 10), new(5, BUY, 100, 11), "position"),
    "position: a sell": (one(short_max=10), Told, new(5, SELL, 100, 10), new(5, SELL, 100, 11), "position"),
    "position: beside an open order": (
        one(long_max=10), lambda: started(new(1, BUY, 100, 7)), new(5, BUY, 90, 3), new(5, BUY, 90, 4), "position",
    ),
    "position: beside a waiting stop": (
        one(long_max=10), lambda: started(stop(1, BUY, 200, 7)), market(5, BUY, 3), market(5, BUY, 4), "position",
    ),
    "position: beside what traded": (
        one(long_max=10), lambda: bought(7), stop(5, BUY, 200, 3), stop(5, BUY, 200, 4), "position",
    ),
    "position: after a partial cancel": (
        one(long_max=10), lambda: started(new(1, BUY, 100, 9)).cancels(cancel(1, 4), 4, 5), new(5, BUY, 90, 5),
        new(5, BUY, 90, 6), "position",
    ),
    "position: a sell from a long position": (
        one(long_max=10, short_max=5), lambda: bought(7), new(5, SELL, 100, 12), new(5, SELL, 100, 13), "position",
    ),
    "position: a replace counts instead of its target": (
        one(long_max=10), lambda: started(new(1, BUY, 100, 4), new(2, BUY, 90, 5)), replace(1, 3, 100, 5),
        replace(1, 3, 100, 6), "position",
    ),
    "position: of the firm": (
        firm(long_max=10), lambda: started(new(1, BUY, 100, 7)), new(5, BUY, 90, 3, account=2),
        new(5, BUY, 90, 4, account=2), "position",
    ),
    "exposure: a new order": (one(exposure_max=1_000), Told, new(5, BUY, 100, 10), new(5, SELL, 91, 11), "exposure"),
    "exposure: a price below 0 counts without its sign": (
        one(exposure_max=1_000), Told, new(5, BUY, -100, 10), new(5, BUY, -91, 11), "exposure",
    ),
    "exposure: beside what traded": (
        one(exposure_max=1_000), lambda: bought(7), new(5, SELL, 300, 1), new(5, SELL, 301, 1), "exposure",
    ),
    "exposure: a stop at its stop price": (
        one(exposure_max=1_000), Told, stop(5, BUY, 500, 2), stop(5, BUY, 501, 2), "exposure",
    ),
    "exposure: a stop limit at its limit": (
        one(exposure_max=1_000), Told, stop(5, BUY, 600, 2, 500), stop(5, BUY, 1, 2, 501), "exposure",
    ),
    "exposure: a market order at the last trade": (
        one(exposure_max=1_000), lambda: bought(1, 500, account=9), market(5, BUY, 2), market(5, BUY, 3), "exposure",
    ),
    "exposure: a replace counts instead of its target": (
        one(exposure_max=1_000), lambda: started(new(1, BUY, 100, 4), new(2, BUY, 100, 5)), replace(1, 3, 100, 5),
        replace(1, 3, 126, 4), "exposure",
    ),
    "exposure: of the firm": (
        firm(exposure_max=1_000), lambda: started(new(1, BUY, 100, 7)), new(5, BUY, 300, 1, account=2),
        new(5, BUY, 301, 1, account=2), "exposure",
    ),
    "qty step": (instrument(qty_step=5), Told, new(5, BUY, 100, 10), new(5, BUY, 100, 11), "qty_step"),
    "qty step of a replace": (
        instrument(qty_step=5), lambda: started(new(1, BUY, 100, 5)), replace(1, 2, 100, 10), replace(1, 2, 100, 9), "qty_step",
    ),
    "static price": (
        instrument(static_price=100, static_ticks=10), Told, new(5, BUY, 90, 1), new(5, BUY, 89, 1), "static_price",
    ),
    "static price of a stop limit": (
        instrument(static_price=100, static_ticks=10), Told, stop(5, BUY, 300, 1, 110), stop(5, BUY, 100, 1, 111), "static_price",
    ),
    "static price of a replace": (
        instrument(static_price=100, static_ticks=10), lambda: started(new(1, BUY, 100, 1)), replace(1, 2, 110, 1),
        replace(1, 2, 111, 1), "static_price",
    ),
    "messages": (
        one(messages=Rate(most=2, window_ns=100)), lambda: started(new(1, BUY, 100, 1)), new(5, BUY, 100, 1), None, "messages",
    ),
    "duplicates of another price": (
        one(duplicates=IN_4_NS), lambda: started(new(1, BUY, 100, 1), new(2, BUY, 100, 1)), new(5, BUY, 101, 1),
        new(5, BUY, 100, 1), "duplicates",
    ),
    "the list of an account": (
        held(AccountControls(account=1, restricted=(2,))), Told, new(5, BUY, 100, 1), new(5, BUY, 100, 1, instrument=2), "restricted",
    ),
    "an account that is not declared": (one(), Told, new(5, BUY, 100, 1), new(5, BUY, 100, 1, account=7), "accounts"),
}  # fmt: skip


@pytest.mark.parametrize("case", LIMITS)
def test_what_just_fits_is_right(case):
    controls, before, fits, _, _ = LIMITS[case]
    told = before().takes(fits)
    assert told.found(CHECK, controls) == []


@pytest.mark.parametrize("case", [case for case in LIMITS if LIMITS[case][3]])
def test_what_goes_beyond_by_one_is_told(case):
    controls, before, _, beyond, kind = LIMITS[case]
    told = before().takes(beyond)
    assert told.found(CHECK, controls) == [(kind, len(told.commands))]


def test_a_finding_tells_what_stood_what_came_and_the_limit():
    (found,) = bought(7).takes(new(5, BUY, 100, 4)).facts(CHECK, one(long_max=10)).findings
    assert found.expected == (
        "new buy 100 x 4 #5 (account 1, instrument 1) refused: "
        "account 1 could be long 7 lots of instrument 1, and 4 come; at most 10"
    )
    assert found.got == "accepted #5, 100 x 4"
    assert found.orders == (5,)


MESSAGES = {
    "new orders": lambda told: told.takes(new(1, BUY, 100, 1)).takes(new(2, BUY, 100, 1)),
    "a cancel and a replace": lambda told: told.refuses(cancel(9), Reason.UNKNOWN_ORDER).refuses(
        replace(9, 9, 1, 1), Reason.UNKNOWN_ORDER
    ),
    "another session": lambda told: told.takes(new(1, BUY, 100, 1, session=3)).takes(new(2, BUY, 100, 1, session=4)),
    "one that the book refused": lambda told: told.refuses(new(0, BUY, 100, 1), Reason.INVALID_ORDER_ID).takes(
        new(2, BUY, 100, 1)
    ),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_each_message_counts_until_its_stamp_is_a_window_old(case):
    rate = one(messages=IN_4_NS)
    inside = MESSAGES[case](Told()).waits(1).takes(new(5, BUY, 100, 1))
    # The first is stamped 1; at 5 it is 4 ns old, and a window of 4 ns holds what is younger.
    outside = MESSAGES[case](Told()).waits(2).takes(new(5, BUY, 100, 1))
    assert inside.found(CHECK, rate) == [("messages", 3)]
    assert outside.found(CHECK, rate) == []


def test_what_the_rate_itself_refused_does_not_count():
    told = Told().takes(new(1, BUY, 100, 1)).refuses(new(2, BUY, 100, 1), Reason.RISK_RATE).takes(new(3, BUY, 100, 1))
    assert told.found(CHECK, one(messages=IN_4_NS)) == []


def test_messages_of_a_firm_are_those_of_its_accounts():
    told = Told().takes(new(1, BUY, 100, 1)).takes(new(2, BUY, 100, 1, account=2)).takes(new(3, BUY, 100, 1))
    assert told.found(CHECK, firm(messages=IN_4_NS)) == [("messages", 3)]


def test_the_same_order_counts_whatever_the_book_made_of_it_but_not_where_a_control_refused_it():
    book = Told().refuses(new(1, BUY, 100, 1), Reason.POST_ONLY_WOULD_TRADE).takes(new(2, BUY, 100, 1))
    assert book.takes(new(3, BUY, 100, 1)).found(CHECK, one(duplicates=IN_4_NS)) == [("duplicates", 3)]
    halted = Told().halts().refuses(new(1, BUY, 100, 1), Reason.HALTED).halts(resumes=True)
    limits = one(duplicates=Rate(most=1, window_ns=100))
    assert halted.takes(new(3, BUY, 100, 1)).found(CHECK, limits) == []


@pytest.mark.parametrize(("price", "wanted"), [(96, []), (95, [("loss", 5)]), (94, [("loss", 5)])])
def test_a_loss_is_reckoned_at_the_last_trade_and_held_from_its_limit_on(price, wanted):
    told = bought(10).takes(new(3, SELL, price, 1, account=8)).takes(new(4, BUY, price, 1, account=9), (3, price, 1))
    assert told.takes(new(5, SELL, 900, 1)).found(CHECK, one(loss_max=50)) == wanted


def test_a_gain_on_one_instrument_makes_up_for_a_loss_on_another():
    told = bought(10)
    for order, (number, price) in enumerate(((2, 10), (1, 95), (2, 11)), 1):
        told.takes(new(order * 10, SELL, price, 10, account=8, instrument=number))
        buyer = 1 if price == 10 else 9
        told.takes(
            new(order * 10 + 1, BUY, price, 10, account=buyer, instrument=number), (order * 10, price, 10)
        )  # fmt: skip
    assert told.takes(new(5, SELL, 900, 1)).found(CHECK, one(loss_max=50)) == []
    assert told.found(CHECK, one(loss_max=40)) == [("loss", 9)]


def taken(times, side=BUY):
    """Account 1 takes so often from account 8."""
    told = Told()
    for at in range(1, times + 1):
        told.takes(new(at * 10, 1 - side, 100, 1, account=8))
        told.takes(new(at * 10 + 1, side, 100, 1), (at * 10, 100, 1))
    return told


def test_repeated_execution_disables_and_an_enable_begins_anew():
    limits = one(repeats=Rate(most=3, window_ns=1_000))
    assert taken(2).takes(new(5, SELL, 900, 1)).found(CHECK, limits) == []
    assert taken(3).takes(new(5, SELL, 900, 1)).found(CHECK, limits) == [("repeats", 7)]
    enabled = taken(3).asks(CommandKind.ENABLE, account=1)
    assert enabled.takes(new(5, SELL, 900, 1)).found(CHECK, limits) == []
    enabled.takes(new(90, SELL, 100, 2, account=8)).takes(new(91, BUY, 100, 2), (90, 100, 1), (90, 100, 1))
    assert enabled.takes(new(6, SELL, 900, 1)).found(CHECK, limits) == []
    enabled.takes(new(92, SELL, 100, 1, account=8)).takes(new(93, BUY, 100, 1), (92, 100, 1))
    assert enabled.takes(new(7, SELL, 900, 1)).found(CHECK, limits) == [("repeats", 14)]
    of_the_firm = taken(3).asks(CommandKind.ENABLE, target=1)
    assert of_the_firm.takes(new(5, SELL, 900, 1)).found(CHECK, limits) == [("repeats", 8)]


def test_trades_as_maker_or_on_the_other_side_are_no_repetition():
    told = taken(2).takes(new(100, BUY, 100, 1)).takes(new(101, SELL, 100, 1, account=8), (100, 100, 1))
    told.takes(new(102, BUY, 100, 1, account=8)).takes(new(103, SELL, 100, 1), (102, 100, 1))
    assert told.takes(new(5, SELL, 900, 1)).found(CHECK, one(repeats=Rate(most=3, window_ns=1_000))) == []


def test_nothing_comes_in_while_an_instrument_is_halted():
    halted = started(new(1, BUY, 100, 1)).adds(breaker_says(EventKind.HALTED))
    controls = instrument()
    assert halted.takes(new(5, BUY, 100, 1)).takes(replace(1, 6, 90, 1)).found(CHECK, controls) == [("halt", 2)]
    resumed = Told().halts().halts(resumes=True).takes(new(5, BUY, 100, 1))
    assert resumed.found(CHECK, controls) == []
    elsewhere = Told().halts(2).takes(new(5, BUY, 100, 1))
    assert elsewhere.found(CHECK, controls) == []


def test_a_resumption_that_comes_before_the_answer_counts_for_it():
    order = new(5, BUY, 100, 1)
    told = Told().halts()
    told.takes(order)
    told.events.insert(-2, breaker_says(EventKind.RESUMED)._replace(command=2, engine_ns=told.now_ns))
    assert told.found(CHECK, instrument()) == []


@pytest.mark.parametrize(("limit", "wanted"), [(7, []), (6, [("position", 2)]), (0, [])])
def test_a_limit_that_an_operator_set_holds_from_the_next_command_on(limit, wanted):
    told = Told().asks(CommandKind.LIMIT, account=1, type=int(LimitCode.LONG_MAX), qty=limit)
    assert told.takes(new(5, BUY, 100, 7)).found(CHECK, one(long_max=3)) == wanted


def test_a_rate_that_is_set_counts_from_there_and_one_that_is_taken_away_forgets():
    told = Told().takes(new(1, BUY, 100, 1))
    told.asks(CommandKind.LIMIT, account=1, type=int(LimitCode.MESSAGES), qty=1).takes(new(2, BUY, 100, 1))
    assert told.found(CHECK, one()) == []
    told.asks(CommandKind.LIMIT, account=1, type=int(LimitCode.MESSAGES), qty=0)
    told.asks(CommandKind.LIMIT, account=1, type=int(LimitCode.MESSAGES), qty=1).takes(new(3, BUY, 100, 1))
    assert told.found(CHECK, one()) == []
    assert told.takes(new(4, BUY, 100, 1)).found(CHECK, one()) == [("messages", 7)]


def test_an_engine_is_held_only_to_the_controls_that_it_enforces():
    told = Told().takes(new(5, BUY, 100, 11))
    for control in STAGE_CONTROLS:
        run = {"capabilities": type(SERVICE)(controls=(control,), carries=SERVICE.carries)}
        assert told.found(CHECK, one(long_max=10), **run) == [("position", 1)] * (control == "position")


def test_what_a_kill_shuts_out_is_for_another_check():
    told = Told().asks(CommandKind.KILL_ACCOUNT, account=1).takes(new(5, BUY, 100, 1))
    assert told.found(CHECK, one()) == []


def test_a_control_that_was_to_be_provoked_and_was_not_is_told():
    notes = FlowNotes(provokes=("position", "loss"))
    told = Told().refuses(new(5, BUY, 100, 11), Reason.RISK_POSITION)
    facts = told.facts(CHECK, one(long_max=10), notes=notes)
    assert facts.marks["position held back"] == 1
    assert facts.unknown == "the run never provoked loss"
    assert told.facts(CHECK, one(long_max=10), notes=FlowNotes(provokes=("position",))).unknown == ""


def test_a_service_that_does_not_say_what_it_answers_cannot_be_judged():
    told = Told().takes(new(5, BUY, 100, 11))
    told.events = [event._replace(command=0) for event in told.events]
    facts = told.facts(CHECK, one(long_max=10))
    assert (facts.findings, facts.unknown) == ((), "the engine does not say which command 2 of its events answer")


def test_it_is_for_engines_with_controls():
    assert not applies(CHECK.needs, info())
    assert applies(CHECK.needs, info(controls=Controls(accounts=(AccountControls(account=1),))))


def test_answers_may_come_in_a_later_segment_and_in_another_order_than_commands():
    told = Told().takes(new(5, BUY, 100, 6)).takes(new(6, BUY, 100, 5))
    first, second = told.events[:2], told.events[2:]
    told.events = [*second, *first]
    assert told.found(CHECK, one(long_max=10), size=1) == [("position", 1)]
