"""What a drop copy tells while others trade: kept with its time, to its last event; what ends it is told to whoever waits."""

import numpy as np
import pytest

from harness.base.capabilities import Capabilities
from harness.base.clock import MonotonicClock
from harness.base.errors import EngineDiedError
from harness.base.records import EVENT, Event, EventKind, events_of
from harness.evidence.history import History
from harness.load import hearing
from harness.load.hearing import Hearing
from tests.fakes.clock import FakeClock
from tests.fakes.command import until


class Engine:
    capabilities = Capabilities(answers_at_once=True)

    def __init__(self, *says):
        self.says = list(says)

    def poll(self, wait_ns):
        told = self.says.pop(0) if self.says else []
        if isinstance(told, BaseException):
            raise told
        return events_of(told) if told else np.zeros(0, EVENT)


def test_all_that_is_told_is_kept_with_the_time_at_which_it_came(tmp_path):
    engine = Engine([Event(order=1), Event(order=2)], [], [Event(order=3)])
    clock = MonotonicClock()
    with Hearing(engine, tmp_path / "copy", clock) as hearing:
        until(lambda: not engine.says)
    assert (hearing.heard, hearing.failure, hearing.trouble) == (3, "", None)
    (segment,) = History(tmp_path / "copy" / "history", fresh=True).segments()
    assert segment.events["order"].tolist() == [1, 2, 3]
    assert (segment.events["received_ns"] <= clock.now_ns()).all()
    assert (segment.events["received_ns"] > 0).all()


@pytest.mark.parametrize(
    ("raised", "failure"), [(EngineDiedError("it is gone"), "it is gone"), (OSError("no room"), "")]
)
def test_what_ends_it_is_told(raised, failure, tmp_path):
    with Hearing(Engine([Event(order=1)], raised), tmp_path / "copy", MonotonicClock()) as hearing:
        until(lambda: hearing.failure or hearing.trouble)
    assert hearing.failure == failure
    assert hearing.trouble is (None if failure else raised)
    assert hearing.heard == 1


def test_what_is_told_without_end_is_kept_in_short_segments_up_to_a_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(hearing, "LIMIT_BYTES", 112 * 100_000)
    monkeypatch.setattr(hearing, "SEGMENT_EVENTS", 10_000)
    engine = Engine(*[[Event(order=at)] * 1_000 for at in range(99)])
    with Hearing(engine, tmp_path / "copy", MonotonicClock()) as heard:
        until(lambda: not engine.says)
        assert not heard.full
        engine.says.append([Event(order=99)] * 1_000)
        until(lambda: heard.full)
    lengths = [len(segment.events) for segment in History(tmp_path / "copy" / "history", fresh=True).segments()]
    assert lengths == [10_000] * 10


def test_it_knows_what_is_answered_and_for_how_long_nothing_came(tmp_path):
    engine = Engine(
        [Event(order=1, kind=EventKind.ACCEPTED), Event(order=1, kind=EventKind.RESTED)],
        [],
        [Event(order=2, kind=EventKind.REJECTED)],
    )
    clock = FakeClock(tick_ns=1_000)
    with Hearing(engine, tmp_path / "copy", clock) as hearing:
        until(lambda: hearing.answered == 2)
        since_ns = hearing.quiet_ns
        until(lambda: hearing.quiet_ns > since_ns)
