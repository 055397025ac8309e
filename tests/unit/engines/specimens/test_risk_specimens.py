"""Each specimen of the guarded engine does wrong what it says, on as few lines as show it; the healthy engine does it right."""

import pytest

from engines.guarded.engine import GuardedEngine
from harness.base.controls import AccountControls, Controls, FirmControls, InstrumentControls, LimitCode, Rate
from harness.base.discover import load, names
from tests.fakes.guarded_session import GuardedSession

PACKAGE = "engines.specimens"
FREE = (AccountControls(account=8, firm=9), AccountControls(account=9, firm=9))
POSITION, EXPOSURE, LOSS = "risk position", "risk exposure", "risk loss"
RATE, DUPLICATE, DISABLED, HALTED = "risk rate", "risk duplicate", "risk disabled", "halted"

TICKS = InstrumentControls(instrument=1, breaker_ticks=5, pause_ns=50)
TRADES = "S 100x1 #1 a8; B 100x1 #2 a9; S 106x1 #3 a8; B 106x1 #4 a9"
FALLEN = "S 100x9 #1 a8; B 100x9 #2; S 80x1 #3 a8; B 80x1 #4 a9"
CASES = {
    "position_limit_seen_too_late": ({"long_max": 5}, (), "B 1x9 #9", POSITION, ""),
    "open_orders_not_counted": ({"long_max": 5}, (), "B 1x4 #1; B 1x4 #9", POSITION, ""),
    "limit_off_by_one": ({"long_max": 5}, (), "B 1x6 #9", POSITION, ""),
    "replace_bypasses_the_controls": ({"long_max": 5}, (), "B 1x4 #1; replace #1 #1 1x6", POSITION, ""),
    "firm_not_counted": ({}, (FirmControls(firm=1, long_max=5),), "B 1x6 #9", POSITION, ""),
    "rate_per_session": ({"messages": Rate(most=1)}, (), "B 1x1 #1; SESSION 2; B 1x1 #9", RATE, ""),
    "rate_counts_orders_only": ({"messages": Rate(most=2)}, (), "B 1x1 #1; cancel #1; B 1x1 #9", RATE, ""),
    "duplicates_forgotten": ({"duplicates": Rate(most=1)}, (), "B 1x1 #1; B 2x1 #2; B 1x1 #9", DUPLICATE, ""),
    "released_twice": ({"long_max": 5}, (), "B 1x5 #1; cancel #1; B 1x9 #9", POSITION, ""),
    "reject_reserves": ({"long_max": 5}, (), "B 1x1 #1; B 1x1 #1; B 1x4 #9", "", POSITION),
    "wrong_reason_told": ({"long_max": 5}, (), "B 1x6 #9", POSITION, EXPOSURE),
    "market_orders_unlimited": ({"long_max": 5}, (), "B x6 #9 market", POSITION, ""),
    "exposure_forgets_trades": ({"exposure_max": 5}, (), "S 1x5 #1 a8; B 1x5 #2; B 1x5 #9", EXPOSURE, ""),
    "replace_counts_its_target": ({"long_max": 5}, (), "B 1x5 #1; replace #1 #1 2x5", "", POSITION),
    "loss_of_closed_trades_only": ({"loss_max": 5}, (), f"{FALLEN}; B 1x1 #9", LOSS, ""),
    "breaker_halts_late": ({}, (TICKS,), f"{TRADES}; B 1x1 #9", HALTED, ""),
    "breaker_never_resumes": ({}, (TICKS,), f"{TRADES}; LATER; B 1x1 #9", "", HALTED),
    "halt_lets_orders_in": ({}, (), "HALT; B 1x1 #9", HALTED, ""),
    "kill_misses_resting_orders": ({}, (), "B 1x1 #1; KILL; cancel #1", "unknown order", ""),
    "kill_lets_new_orders_in": ({}, (), "KILL; B 1x1 #9", DISABLED, ""),
    "kill_runs_out": ({}, (), "KILL; B 1x1 #1; B 1x1 #2; B 1x1 #9", DISABLED, ""),
    "reconnect_enables": ({}, (), "B 1x1 #1; KILL; SESSION 2; B 1x1 #9", DISABLED, ""),
    "limit_change_ignored": ({"long_max": 5}, (), "LIMIT; B 1x4 #9", POSITION, ""),
}
"""Limits of account 1, further controls, what is said, and why the last of it is refused by right and by the specimen."""


def last_refusal(build, limits, more, script):
    """Why the last line of a script is refused; the words in capitals are what operators and the clock do."""
    accounts = (AccountControls(account=1, **limits), *FREE)
    firms = tuple(one for one in more if isinstance(one, FirmControls))
    instruments = tuple(one for one in more if isinstance(one, InstrumentControls))
    stage = GuardedSession(Controls(accounts=accounts, firms=firms, instruments=instruments), build)
    session, refusal = None, ""
    for line in map(str.strip, script.split(";")):
        match line.split():
            case ["KILL"]:
                stage.asks("kill_account", account=1)
            case ["HALT"]:
                stage.asks("halt", instrument=1)
            case ["LIMIT"]:
                stage.asks("limit", account=1, type=LimitCode.LONG_MAX, qty=3)
            case ["LATER"]:
                stage.clock.pass_ns(50)
            case ["SESSION", number]:
                session = int(number)
            case _:
                refusal = stage.refusal(line, session)
    return refusal


def test_there_is_a_script_for_each_of_them():
    assert set(CASES) == {name for name in names(PACKAGE) if load(PACKAGE, name, "SPECIMEN").base == "guarded"}


@pytest.mark.parametrize("name", CASES)
def test_it_does_wrong_what_it_says(name):
    *given, right, wrong = CASES[name]
    assert last_refusal(GuardedEngine, *given) == right
    assert last_refusal(load(PACKAGE, name, "SPECIMEN").build, *given) == wrong
