"""The language of the cases reads back what the words of the reports say."""

import pytest

from harness.base.records import NONE, CommandKind, Flag, OrderType, Side, TimeInForce
from harness.base.words import say_command, say_event
from harness.flows._case_lines import command_of, expected_of, nth, times, unrolled
from tests.fakes.expected import as_event

COMMANDS = [
    "new buy 100 x 5 #1", "new sell market x 5 fok #9", "new sell 100 x 5 gtc post-only #1 (account 3, instrument 2)",
    "new buy -5 x 0 ioc #0", "new buy stop 105 x 5 #3", "new sell stop 95 limit 94 x 5 ioc #3", "new buy stop x 5 #3",
    "new buy stop limit x 5 #3", "new buy stop 95 limit x 5 #3", "new buy 100 x 5 min 3 #1", "new sell market x 5 min -3 ioc #1",
    "new buy 100 stop 95 x 5 #1", "new buy market stop 95 x 5 min 1 gtc post-only #1 (account 3)",
    "cancel #3", "cancel 2 of #3 (instrument 2)", "replace #1: 100 x 5",
    "replace #1 by #2: 100 x 5 (account 7)", "mass cancel of all orders", "mass cancel of all sell orders (account 4)",
]  # fmt: skip
EVENTS = [
    "accepted #1, 100 x 5", "accepted #1, x 5", "rejected #1 (invalid price)", "rested #1 at 100, 5 left",
    "triggered #3 at 105, 5 left", "canceled 5 of #3 (min qty not reached), 0 left",
    "trade #9 with #4 at 100 x 5, 0 left", "canceled 5 of #9 (self trade), 0 left",
    "cancel rejected #9 (unknown order)", "replaced #1 at 101, 5 left", "replaced #1 by #2 at 101, 5 left",
    "replace rejected #1 (not owner)", "done, 3 orders", "done, 1 order",
]  # fmt: skip


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_reads_as_it_is_told(line):
    command, account, instrument = command_of(line)
    assert say_command(command._replace(account=account or 0, instrument=instrument or 0)) == line


@pytest.mark.parametrize("line", EVENTS)
def test_an_event_reads_as_it_is_told(line):
    assert say_event(as_event(expected_of(line))) == line


def test_a_command_has_all_its_terms():
    command, account, instrument = command_of("new sell market x 1_000 fok #7 (account 0)")
    assert (command.kind, command.side, command.type, command.tif) == (
        CommandKind.NEW, Side.SELL, OrderType.MARKET, TimeInForce.FOK,
    )  # fmt: skip
    assert (command.price, command.qty, command.order, command.flags) == (NONE, 1_000, 7, Flag.NONE)
    assert (account, instrument) == (0, None)


@pytest.mark.parametrize(
    ("prices", "kind", "price", "at"),
    [
        ("stop 105", OrderType.STOP, NONE, 105),
        ("stop", OrderType.STOP, NONE, NONE),
        ("stop 105 limit 106", OrderType.STOP_LIMIT, 106, 105),
        ("stop limit 106", OrderType.STOP_LIMIT, 106, NONE),
        ("stop 105 limit", OrderType.STOP_LIMIT, NONE, 105),
        ("100 stop 105", OrderType.LIMIT, 100, 105),
        ("market stop 105", OrderType.MARKET, NONE, 105),
    ],
)
def test_the_prices_of_stops(prices, kind, price, at):
    command = command_of(f"new buy {prices} x 5 min 2 #7").command
    assert (command.type, command.price, command.stop, command.qty, command.min_qty) == (kind, price, at, 5, 2)


def test_a_trigger_tells_all_that_is_open():
    event = expected_of("triggered #3 at 105, 5 left")
    assert (event.kind, event.order, event.price, event.qty, event.remaining) == ("triggered", 3, 105, 5, 5)


@pytest.mark.parametrize(
    "line",
    ["", "new buy limit 100 x 5 #1", "new buy stop 105 106 x 5 #1", "new buy 100 x 5 ioc min 3 #1", "new buy stop 1 stop 2 x 5", "buy 100 x 5 #1", "new buy 100 x 5", "new  buy 100 x 5 #1", "new buy 100 x 5 day #1", "new buy 100 x 5 #1 ()",
     "new buy 100 x 5 #1 (account 1, )", "new buy 100 x 5 #1 (account)", "new buy 100 x 5 #{n}", "cancel 1"],
)  # fmt: skip
def test_a_command_that_is_none(line):
    with pytest.raises(ValueError, match=r"wanted one of: new buy\|sell PRICE"):
        command_of(line)


@pytest.mark.parametrize("line", ["", "accepted #1", "trade #1 with #2 at 5, 0 left", "rested #1 at 100, 5 left "])
def test_an_event_that_is_none(line):
    with pytest.raises(ValueError, match="wanted one of: accepted #ID"):
        expected_of(line)


def test_a_reason_that_is_none():
    with pytest.raises(ValueError, match="came the reason 'bad luck'; wanted one of: unsupported, invalid order id"):
        expected_of("rejected #1 (bad luck)")


def test_an_id_that_would_run_into_the_next_case():
    with pytest.raises(ValueError, match="came the order id 1000; wanted 0 to 999"):
        command_of("cancel #1000")


@pytest.mark.parametrize("home", ["account 10", "instrument 10", "account 1, instrument -1"])
def test_an_account_or_instrument_that_would_run_into_the_next_case(home):
    with pytest.raises(ValueError, match=r"came the (account|instrument) -?1\d?; wanted 0 to 9"):
        command_of(f"new buy 100 x 5 #1 ({home})")


def test_times_unrolls_its_line():
    assert list(unrolled("3 times: a #{n} #{n+6} {3-n}")) == ["a #1 #7 2", "a #2 #8 1", "a #3 #9 0"]
    assert (times("3 times: a"), times("a"), nth("3 times: #{n}", 2), nth("#{n}", 2)) == (3, 1, "#2", "#2")
