"""What is kept, what is tried, and that the budget ends it."""

from harness.shrink.tries import Sight, Tries
from tests.fakes.history import BUY, new
from tests.fakes.taped import orders, tape_of

TAPE = tape_of([new(number, BUY, 100, 5) for number in range(1, 41)])


def needs(order, behind=0):
    """Fails where the order is followed by so many commands."""

    def still_fails(tape):
        at = orders(tape).index(order) if order in orders(tape) else -1
        return Sight(at + 1, (order,)) if at >= 0 and at + behind < len(tape) else None

    return still_fails


def tries(still_fails, most=100, expired=lambda: False):
    return Tries(TAPE, Sight(0), still_fails, most, expired)


def test_what_fails_is_kept_and_cut_behind_the_finding():
    made = tries(needs(7))
    assert made.keep(TAPE[4:])
    assert (orders(made.tape), made.sight, made.made) == ([5, 6, 7], Sight(3, (7,)), 2)


def test_what_does_not_fail_changes_nothing_and_is_tried_once():
    made = tries(needs(7))
    made.keep(TAPE)
    before = made.made
    assert not made.keep(TAPE[8:])
    assert not made.keep(TAPE[8:])
    assert (orders(made.tape)[-1], made.made) == (7, before + 1)


def test_a_finding_that_is_seen_late_keeps_the_commands_behind_it():
    made = tries(needs(7, behind=5))
    assert made.keep(TAPE)
    assert orders(made.tape) == list(range(1, 7 + 7 + 1)), "one less than 7 was too few"
    assert made.made == 5, "the whole, then 0, 1, 3 and 7 behind"


def test_a_finding_that_no_command_is_to_blame_for_is_not_cut_behind():
    made = tries(lambda tape: Sight(0) if 3 in orders(tape) else None)
    assert made.keep(TAPE)
    assert (len(made.tape), made.made) == (40, 1)


def test_a_longer_tape_that_fails_too_is_not_the_tape():
    made = tries(lambda tape: Sight(0) if 3 in orders(tape) else None)
    assert made.keep(TAPE[:5])
    assert made.keep(TAPE[:9])
    assert len(made.tape) == 5


def test_a_spent_budget_tries_nothing_more():
    made = tries(needs(7), most=2)
    assert made.keep(TAPE)
    assert made.spent
    assert not made.keep(TAPE[6:7])
    assert (orders(made.tape), made.made) == ([1, 2, 3, 4, 5, 6, 7], 2)


def test_that_the_fault_is_gone_is_found_out_beyond_any_budget():
    made = tries(needs(40), most=0, expired=lambda: True)
    assert not made.keep(TAPE[:30])
    assert not made.keep(TAPE[:20])
    assert (made.made, made.proven) == (2, False)
