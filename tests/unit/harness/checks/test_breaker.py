"""The check `breaker` tells halts that did not come, that came without a cause, and pauses that end too early or too late."""

import pytest
from msgspec.structs import replace as changed

from harness.base.controls import AccountControls, InstrumentControls, LimitCode
from harness.base.records import CommandKind, EventKind
from harness.checks.breaker import CHECK
from tests.fakes.history import BUY, SELL, new
from tests.fakes.told import SERVICE, Told, breaker_says, held

TRADER = AccountControls(account=1, firm=1)
BY_PRICE = held(TRADER, InstrumentControls(instrument=1, breaker_ticks=5, breaker_window_ns=10, pause_ns=20))
BY_VOLUME = held(TRADER, InstrumentControls(instrument=1, volume_max=10, breaker_window_ns=10, pause_ns=20))
HALTED, RESUMED = breaker_says(EventKind.HALTED), breaker_says(EventKind.RESUMED)


class Traded(Told):
    """A history in which the same price and quantity trades in two commands, of which the second is the trade."""

    def prints(self, price, lots=1, instrument=1):
        order = 10 * len(self.commands) + 10
        self.takes(new(order, SELL, price, lots, account=8, instrument=instrument))
        return self.takes(
            new(order + 1, BUY, price, lots, account=9, instrument=instrument), (order, price, lots)
        )  # fmt: skip

    def resumes_before(self, command):
        """A breaker's resumption comes first in the answer to a command that is taken."""
        self.takes(command)
        at = next(at for at, event in enumerate(self.events) if event.command == len(self.commands))
        self.events.insert(at, self.adds(RESUMED).events.pop())
        return self


def found(told, controls=BY_PRICE, **run):
    return told.found(CHECK, controls, **run)


@pytest.mark.parametrize(("price", "halts"), [(105, False), (106, True), (95, False), (94, True)])
def test_prices_too_far_apart_halt_and_others_do_not(price, halts):
    told = Traded().prints(100).prints(price)
    assert found(told) == [("not_halted", 4)] * halts
    assert found(told.adds(HALTED)) == [("halted_without_cause", 4)] * (not halts)


@pytest.mark.parametrize(("lots", "halts"), [(7, False), (8, True)])
def test_too_many_lots_halt(lots, halts):
    told = Traded().prints(100, 3).prints(100, lots)
    assert found(told, BY_VOLUME) == [("not_halted", 4)] * halts
    assert found(told.adds(HALTED), BY_VOLUME) == [("halted_without_cause", 4)] * (not halts)


def test_a_finding_tells_the_numbers():
    (one,) = Traded().prints(100).prints(94).facts(CHECK, BY_PRICE).findings
    assert one.expected == (
        "instrument 1 halted at the end of command 4: its trades lie 6 ticks apart, from 94 to 100; at most 5"
    )
    (one,) = Traded().prints(100, 11).facts(CHECK, BY_VOLUME).findings
    assert one.expected.endswith("11 lots traded within its window; at most 10")


@pytest.mark.parametrize(("wait_ns", "halts"), [(7, True), (8, False)])
def test_only_what_is_younger_than_the_window_counts(wait_ns, halts):
    """The first trade is stamped 2, the second 4 and what was waited; a window of 10 ns holds what is younger than 10."""
    told = Traded().prints(100).waits(wait_ns).prints(106)
    assert found(told) == [("not_halted", 4)] * halts
    told = Traded().prints(100, 6).waits(wait_ns).prints(100, 6)
    assert found(told, BY_VOLUME) == [("not_halted", 4)] * halts


def test_another_instrument_counts_for_itself():
    assert found(Traded().prints(100).prints(200, instrument=2)) == []
    told = Traded().prints(100).prints(106).adds(breaker_says(EventKind.HALTED, 2))
    assert found(told) == [("halted_without_cause", 4), ("not_halted", 4)]


def test_a_halt_that_comes_one_command_too_late_is_two_findings():
    told = Traded().prints(100).prints(106).takes(new(5, BUY, 1, 1)).adds(HALTED)
    assert found(told) == [("not_halted", 4), ("halted_without_cause", 5)]


def halted():
    """Halted at 4 ns, to go on at 24."""
    return Traded().prints(100).prints(106).adds(HALTED)


@pytest.mark.parametrize(("wait_ns", "wanted"), [(18, [("resumed_early", 5)]), (19, []), (30, [])])
def test_a_pause_ends_with_the_first_input_at_its_end_or_beyond(wait_ns, wanted):
    assert found(halted().waits(wait_ns).resumes_before(new(5, BUY, 1, 1))) == wanted


@pytest.mark.parametrize(
    ("wait_ns", "ticks", "wanted"), [(18, 1, []), (18, 2, [("not_resumed", 6)]), (19, 2, [("not_resumed", 5)])]
)
def test_a_pause_that_goes_on_is_told_once(wait_ns, ticks, wanted):
    told = halted().waits(wait_ns)
    for _ in range(ticks):
        told.asks(CommandKind.TICK, order=0)
    assert found(told) == wanted
    assert found(told.asks(CommandKind.TICK, order=0), BY_PRICE)[1:] == []


def test_a_resumption_after_the_answer_comes_too_late():
    assert found(halted().waits(19).takes(new(5, BUY, 1, 1)).adds(RESUMED)) == [
        ("not_resumed", 5),
        ("resumed_early", 5),
    ]


def test_a_resumption_without_a_pause_is_told():
    assert found(Traded().resumes_before(new(5, BUY, 1, 1))) == [("resumed_early", 1)]


def test_the_windows_begin_anew_when_it_goes_on():
    told = halted().waits(19).resumes_before(new(5, BUY, 1, 1)).prints(94)
    assert found(told) == []
    told = Traded().prints(100).halts().halts(resumes=True).prints(106)
    assert found(told) == []


def test_what_trades_during_a_halt_halts_nothing():
    assert found(halted().prints(200)) == []
    assert found(halted().prints(200).adds(HALTED)) == [("halted_without_cause", 6)]


def test_an_operators_halt_has_no_end_and_takes_over_a_pause():
    assert found(halted().halts().waits(100).asks(CommandKind.TICK, order=0)) == []
    assert found(halted().halts().waits(100).resumes_before(new(5, BUY, 1, 1))) == [("resumed_early", 6)]


def test_an_operator_may_end_a_pause():
    assert found(halted().halts(resumes=True).waits(100).asks(CommandKind.TICK, order=0)) == []


def test_a_limit_that_is_set_counts_from_there():
    told = Traded().prints(100).asks(CommandKind.LIMIT, instrument=1, type=int(LimitCode.BREAKER_TICKS), qty=3)
    controls = held(TRADER)
    assert found(told.prints(104), controls) == []
    assert found(told.prints(100), controls) == [("not_halted", 7)]


def test_the_last_command_of_a_run_that_was_cut_short_may_lack_its_halt():
    told = Traded().prints(100).prints(106)
    assert found(told, failure="it died") == []
    assert found(told.takes(new(5, BUY, 1, 1)), failure="it died") == [("not_halted", 4)]


def test_facts_may_be_asked_for_more_than_once():
    told = Traded().prints(100).prints(106)
    assert found(told) == found(told) == [("not_halted", 4)]


def test_stamps_never_go_back():
    told = Traded().prints(100)
    told.now_ns = 0
    assert found(told.prints(101)) == [("stamp", 3)]


def test_it_counts_halts_and_resumptions():
    facts = halted().waits(19).resumes_before(new(5, BUY, 1, 1)).facts(CHECK, BY_PRICE)
    assert facts.marks == {"halted": 1, "resumed": 1}


def test_an_engine_without_breakers_is_not_held_to_them():
    assert found(Traded().prints(100).prints(106), capabilities=changed(SERVICE, controls=())) == []
