"""The stamp, and for whom counts what an account does."""

from engines.guarded.engine import GuardedEngine
from engines.guarded.holders import Scope
from harness.base.controls import AccountControls, Controls, FirmControls
from tests.fakes.guarded_session import INSTRUMENTS, account, open_to


def test_a_stamp_never_goes_back():
    stage = open_to(account())
    stamps = []
    for time_ns in (5, 9, 3, 9, 12):
        stage.clock.time_ns = time_ns
        stamps += [event.engine_ns for event in stage.rows("cancel #1")]
    assert stamps == [5, 9, 9, 9, 12]


def test_the_clock_is_looked_at_once_a_command_and_all_its_events_have_that_stamp():
    looks = iter(range(100, 200))
    stage = open_to(account())
    stage.engine._now_ns = looks.__next__
    rows = stage.rows("S 100x1 #1 a8; S 101x1 #2 a8; B 101x2 #3 a9; cancel #7")
    assert [(row.command, row.engine_ns) for row in rows] == [
        (1, 100), (1, 100), (2, 101), (2, 101), (3, 102), (3, 102), (3, 102), (4, 103),
    ]  # fmt: skip


def test_without_a_clock_of_its_own_it_has_the_machine_s():
    engine = GuardedEngine(INSTRUMENTS)
    first = engine.stamp()
    assert 0 <= first <= engine.stamp()


def test_holders_and_scopes():
    controls = Controls(
        accounts=(AccountControls(account=1, firm=4), AccountControls(account=2, firm=5)),
        firms=(FirmControls(firm=5, long_max=7),),
    )
    engine = GuardedEngine(INSTRUMENTS, controls=controls)
    assert engine.holders(1) == (engine.accounts[1], engine.firms[4])
    assert engine.holders(2) == (engine.accounts[2], engine.firms[5])
    assert engine.holders(3) == ()
    assert engine.scopes(2) == (Scope("account", 2), Scope("firm", 5))
    assert engine.scopes(3) == (Scope("account", 3),)
