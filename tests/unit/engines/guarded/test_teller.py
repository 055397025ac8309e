"""All that the stage and the engine tell stands in one row, numbered without gaps and stamped."""

from harness.base.records import EventKind, commands_of
from tests.fakes.guarded_session import account, open_to
from tests.fakes.lines import commands


def test_the_numbers_have_no_gaps_whoever_tells():
    stage = open_to(account(long_max=3))
    numbers = []
    for lines in ("B 100x4 #1; B 100x3 #2", "S 100x2 #3 a8; cancel #9", "B 90x9 #4"):
        stage.clock.pass_ns(10)
        events = stage.engine.submit(commands_of(commands(lines)))
        numbers += events["engine_seq"].tolist()
        assert set(events["engine_ns"].tolist()) == {stage.clock.time_ns}
    assert numbers == list(range(1, len(numbers) + 1))


def test_what_was_stamped_is_given_once():
    teller = open_to(account()).engine.tell
    teller.by_breaker(EventKind.HALTED, 2)
    assert [event.instrument for event in teller.stamped(5)] == [2]
    assert teller.stamped(6) == []
    teller.by_breaker(EventKind.RESUMED, 1)
    assert [event.kind for event in teller.stamped(7)] == [EventKind.RESUMED]
    events = teller.take()
    assert events["engine_ns"].tolist() == [5, 7]
    assert events["engine_seq"].tolist() == [1, 2]
    assert len(teller.take()) == 0
