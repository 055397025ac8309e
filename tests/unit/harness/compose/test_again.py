"""Whether a tape still shows a finding: by check and kind, with what the check needs."""

import msgspec
import numpy as np
import pytest

from harness.base.capabilities import Conventions, Instrument
from harness.base.errors import SetupError
from harness.base.notes import Case, ExpectedEvent
from harness.base.records import empty_commands
from harness.compose import plugs
from harness.compose.again import ATTEMPTS, Again
from harness.compose.trial import Trial
from tests.fakes.history import BUY, INSTRUMENTS, IOC, SELL, cancel, mass_cancel, new
from tests.fakes.taped import tape_of

CONVENTIONS = Conventions(self_trade="cancel_newest")
CROSSED = [new(1, SELL, 100, 1), new(2, BUY, 101, 1, account=2)]
TAKEN = Case(
    name="taken", about="a resting order is taken at its price", first=2,
    expect=(
        (ExpectedEvent(kind="accepted"), ExpectedEvent(kind="rested")),
        (ExpectedEvent(kind="accepted"), ExpectedEvent(kind="trade", price=100)),
        (ExpectedEvent(kind="canceled"),),
    ),
)  # fmt: skip


def asked(engine, check, kind, rows, how=lambda again, tape: again(tape)):
    with Trial(plugs.engine(engine), INSTRUMENTS, CONVENTIONS) as trial:
        again = Again(trial, check, kind)
        return how(again, tape_of(rows)), again


def test_the_same_kind_of_the_same_check_is_seen_with_its_place():
    sight, again = asked("taker_price", "trade_price", "maker_price", [cancel(9), *CROSSED])
    assert (sight.number, set(sight.orders)) == (3, {1, 2})
    assert (again.finding.kind, again.why_unknown()) == ("maker_price", "")


@pytest.mark.parametrize(
    ("engine", "kind"), [("plain", "maker_price"), ("taker_price", "limit")], ids=["healthy", "another kind"]
)
def test_what_is_not_seen_is_gone_and_known_to_be(engine, kind):
    sight, again = asked(engine, "trade_price", kind, CROSSED)
    assert (sight, again.finding, again.why_unknown()) == (None, None, "")


def test_a_book_is_looked_at_after_each_command_of_a_short_tape():
    rows = [
        new(1, SELL, 100, 1),
        new(2, SELL, 100, 1, account=2),
        new(3, SELL, 100, 1, account=2),
        cancel(1),
        mass_cancel(),
    ]
    sight, _ = asked("cancel_loses_neighbour", "state_digest", "book", rows)
    assert sight.number == 4, "at the end the book is empty again"


def test_runs_are_compared_often_enough_for_chance_to_show():
    rows = [new(1, BUY, 100, 1), new(2, BUY, 99, 1), mass_cancel()]
    assert all(asked("unstable_order", "determinism", "differs", rows)[0] for _ in range(20))


def test_what_shows_now_and_then_is_asked_for_some_times():
    calls = []

    class Moody(Again):
        def _seen(self, tape, snapshot_every):
            calls.append(len(tape))
            return super()._seen(tape, snapshot_every) if len(calls) == ATTEMPTS else None

    with Trial(plugs.engine("taker_price"), INSTRUMENTS, CONVENTIONS) as trial:
        assert Moody(trial, "trade_price", "maker_price").ever(tape_of(CROSSED)).number == 2
        assert len(calls) == ATTEMPTS
        assert not Moody(trial, "trade_price", "maker_price").ever(tape_of(CROSSED))


def test_what_many_commands_at_once_show_is_seen_though_a_short_tape_is_looked_at_command_by_command():
    rows = [new(1, BUY, 100, 1), cancel(1)]
    sight, _ = asked("cancels_overtake_orders", "model", "answer", rows)
    assert sight is None
    sight, _ = asked("cancels_overtake_orders", "model", "answer", rows, Again.ever)
    assert sight.number == 1


def test_only_the_relation_that_is_asked_for_is_tried():
    deep = (Instrument(id=1, symbol="ONE", price_max=2**40),)
    rows = [new(1, BUY, 100, 1), new(2, BUY, 101, 1), new(3, SELL, 100, 1, account=2)]
    with Trial(plugs.engine("levels_by_float"), deep, CONVENTIONS) as trial:
        tries = {kind: Again(trial, "metamorphic", kind) for kind in ("shift", "mirror")}
        assert {kind: again(tape_of(rows)) is not None for kind, again in tries.items()} == {
            "shift": True,
            "mirror": False,
        }
    assert tries["shift"].tried.facts["metamorphic"].told == {"relations held": "shift"}


def test_a_short_tape_is_changed_often_enough_for_chance_to_show():
    rows = [new(1, BUY, 100, 1), new(2, SELL, 100, 1, account=2, instrument=2)]
    _, again = asked("plain", "metamorphic", "interleave", rows)
    assert again.tried.facts["metamorphic"].seen > 2


def test_a_tape_that_a_relation_cannot_change_shows_nothing_and_says_why():
    _, again = asked("plain", "metamorphic", "restart", [new(1, BUY, 100, 1)])
    assert again.why_unknown() == "no relation could change the commands"


def test_a_hand_made_case_is_found_as_a_whole_wherever_it_stands():
    rows = [new(7, BUY, 50, 1), *CROSSED, cancel(7)]

    def ask(again, tape):
        again.within(tape, (TAKEN,))
        whole, moved, torn = again(tape), again(tape[1:]), again(np.delete(tape, 1))
        return whole, moved, torn, again.why_unknown(), again.cases(tape[1:])[0].first

    (whole, moved, torn, why, first), _ = asked("taker_price", "edge_cases", "taken", rows, ask)
    assert (whole.number, moved.number, torn, first) == (4, 3, None, 1), (
        "the end of the case, not the command that went wrong"
    )
    assert "not whole" in why


def test_a_tape_that_is_shorter_than_the_case_holds_none():
    five = TAKEN.expect[:1] * 5
    with Trial(plugs.engine("plain"), INSTRUMENTS, CONVENTIONS) as trial:
        again = Again(trial, "edge_cases", "taken")
        again.within(
            tape_of([new(number, SELL, 100, 1) for number in range(1, 6)]),
            (msgspec.structs.replace(TAKEN, first=1, expect=five),),
        )
        assert again(tape_of([new(number, SELL, 100, 1) for number in (1, 2, 1)])) is None


def test_what_left_no_trace_is_told():
    rows = [cancel(9), new(5, BUY, -7, 1), new(6, BUY, 90, 1, IOC), *CROSSED, new(7, BUY, 90, 1), cancel(7)]
    sight, _ = asked("taker_price", "trade_price", "maker_price", rows)
    assert sight.idle == (1, 2, 3), "two refused, and one that could not trade"


def test_what_cannot_be_known_says_why():
    _, again = asked("plain", "latency", "slow", CROSSED)
    assert again.why_unknown() == "the check latency cannot look at commands alone: it needs pace, times"
    _, again = asked("dies_of_a_stale_cancel", "trade_price", "maker_price", [cancel(9)])
    assert "the engine died" in again.why_unknown()
    with pytest.raises(SetupError, match="no check 'imagined'; there are: alive"):
        asked("plain", "imagined", "x", CROSSED)


def test_an_empty_tape_shows_nothing():
    with Trial(plugs.engine("taker_price"), INSTRUMENTS, CONVENTIONS) as trial:
        assert Again(trial, "trade_price", "maker_price")(empty_commands(0)) is None
