"""The drive, with a clock that stands still: what is sent when, what is written down, and how it ends."""

import gc
import os

import numpy as np
import pytest

from harness.base.bits import digest, timeless
from harness.base.seeds import Seed
from harness.base.shortfall import Shortfall
from harness.evidence.archive import Archive
from harness.evidence.journal import Journal
from harness.instruments import Context
from harness.instruments.drive import MOST_TIMEOUTS, MOST_UNPACED, Drive
from harness.pacing import Constant, Unpaced
from harness.port import Processes
from harness.probes.process import ProcessProbe
from harness.target import Target
from tests.fakes.clock import FakeClock
from tests.fakes.engine import FakeEngine
from tests.fakes.flow import FakeFlow
from tests.fakes.journaled import run_folder


class Bench:
    """A drive with all its parts, and what came of it."""

    def __init__(
        self, tmp_path, drive, *, flow=None, pacing=None, stopped=lambda: False, limit_bytes=10**9, clock=None, **engine
    ):
        self.clock = clock or FakeClock()
        self.engine = FakeEngine(self.clock, **engine)
        self.engine.start()
        self.told = []
        journal = Journal(run_folder(tmp_path), limit_bytes=limit_bytes)
        context = Context(
            clock=self.clock, seed=Seed(1), flow=flow or FakeFlow(), pacing=pacing or Unpaced(), probes=(ProcessProbe(Target(lambda: Processes("inside", (os.getpid(),)))),),
            stopped=stopped, progress=self.told.append,
        )  # fmt: skip
        self.outcome = drive.run(self.engine, journal, context)
        journal.close()
        segments = list(Archive(tmp_path).segments("s"))
        self.commands = np.concatenate([segment.commands for segment in segments])
        self.events = np.concatenate([segment.events for segment in segments])
        self.folder = journal.folder


def test_every_command_goes_out_at_its_due_time_and_both_times_are_written(tmp_path):
    bench = Bench(tmp_path, Drive(commands=50), pacing=Constant(1000))
    assert bench.outcome.status == "finished"
    assert np.diff(bench.commands["due_ns"]).tolist() == [1_000_000] * 49
    assert (bench.commands["sent_ns"] >= bench.commands["due_ns"]).all()
    assert bench.commands["number"].tolist() == list(range(1, 51))


def test_a_stalled_engine_delays_no_due_time_but_shows_in_the_sent_ones(tmp_path):
    bench = Bench(tmp_path, Drive(commands=30), pacing=Constant(1000), stall_at=10, stall_ns=15_000_000)
    assert np.diff(bench.commands["due_ns"]).tolist() == [1_000_000] * 29
    late_ns = bench.commands["sent_ns"] - bench.commands["due_ns"]
    assert late_ns[:10].max() < 1_000_000
    assert late_ns[10] >= 13_000_000
    answered_ns = bench.events["received_ns"][9] - bench.commands["due_ns"][9]
    assert answered_ns >= 15_000_000


def test_unpaced_commands_are_due_when_they_are_sent_and_go_out_in_handfuls(tmp_path):
    bench = Bench(tmp_path, Drive(commands=10_000), flow=FakeFlow(batch=10_000), clock=FakeClock(tick_ns=10))
    assert (bench.commands["due_ns"] == bench.commands["sent_ns"]).all()
    _, handfuls = np.unique(bench.commands["sent_ns"], return_counts=True)
    assert handfuls.tolist() == [MOST_UNPACED, MOST_UNPACED, 10_000 - 2 * MOST_UNPACED]


def test_it_ends_with_the_flow_the_number_or_the_time(tmp_path):
    assert len(Bench(tmp_path / "a", Drive(commands=100), flow=FakeFlow(count=42)).commands) == 42
    assert len(Bench(tmp_path / "b", Drive(commands=142)).commands) == 142
    timed = Bench(tmp_path / "c", Drive().lasting(50_000_000), pacing=Constant(1000))
    assert len(timed.commands) == pytest.approx(50, abs=1)
    assert timed.outcome.status == "finished"
    assert timed.told[-1].planned == 50
    assert len(Bench(tmp_path / "d", Drive().lasting(10_000), clock=FakeClock(tick_ns=100)).commands) > 0


def test_who_is_late_at_the_end_sends_no_command_that_is_due_behind_it(tmp_path):
    late = Bench(tmp_path, Drive().lasting(50_000_000), pacing=Constant(1000), stall_at=45, stall_ns=30_000_000)
    assert len(late.commands) == 50


def test_commands_that_end_before_their_time_are_told_with_what_is_missing(tmp_path):
    ended = Bench(tmp_path / "a", Drive().lasting(100_000_000), flow=FakeFlow(count=42), pacing=Constant(1000))
    assert (ended.outcome.status, ended.outcome.short) == ("finished", Shortfall(42_000_000, 100_000_000, 42, 100))
    whole = Bench(tmp_path / "b", Drive().lasting(42_000_000), flow=FakeFlow(count=42), pacing=Constant(1000))
    assert (len(whole.commands), whole.outcome.short) == (42, None)
    by_number = Bench(tmp_path / "c", Drive(commands=142), flow=FakeFlow(count=42), pacing=Constant(1000))
    assert (len(by_number.commands), by_number.outcome.short) == (42, None)
    stopped = Bench(tmp_path / "d", Drive().lasting(100_000_000), pacing=Constant(1000), stopped=lambda: True)
    assert stopped.outcome.short is None


def test_a_run_that_cannot_keep_its_pace_ends_and_says_so(tmp_path):
    bench = Bench(
        tmp_path,
        Drive().lasting(1_000_000),
        pacing=Constant(1e9),
        flow=FakeFlow(batch=1000),
        clock=FakeClock(tick_ns=50_000_000),
    )
    assert bench.outcome.status == "bound reached"
    assert bench.outcome.duration_ns >= 10_000_000_000


def test_the_user_can_end_it_and_the_evidence_stays(tmp_path):
    stops = iter([False] * 5 + [True] * 10**6)
    bench = Bench(tmp_path, Drive(commands=10_000), stopped=lambda: next(stops))
    assert bench.outcome.status == "interrupted"
    assert 0 < len(bench.commands) < 10_000
    assert bench.events["command"].tolist() == bench.commands["number"].tolist()


def test_the_bound_of_evidence_ends_it_by_name(tmp_path):
    bench = Bench(tmp_path, Drive(commands=10_000), limit_bytes=112 * 1000)
    assert bench.outcome.status == "bound reached"
    assert len(bench.commands) <= 1000


def test_an_engine_that_dies_is_a_result(tmp_path):
    bench = Bench(tmp_path, Drive(commands=1000), dies_at=333)
    assert (bench.outcome.status, bench.outcome.failure) == ("engine failed", "the engine died")
    assert int(bench.commands["number"][-1]) >= 333, "what was under way is written down: its outcome is unknown"


def test_an_engine_that_takes_little_is_offered_the_rest_again(tmp_path):
    bench = Bench(tmp_path, Drive(commands=100), takes=7)
    assert bench.engine.got == list(range(1, 101))


def test_an_engine_that_takes_nothing_has_failed_within_its_time(tmp_path):
    bench = Bench(tmp_path, Drive(commands=10, answer_timeout_ns=1_000_000), takes=0, clock=FakeClock(tick_ns=1000))
    assert bench.outcome.status == "engine failed"
    assert "took no command" in bench.outcome.failure


def test_a_missing_answer_is_waited_for_and_not_for_ever(tmp_path):
    bench = Bench(tmp_path, Drive(commands=10, answer_timeout_ns=20_000_000), silent=(4,))
    assert bench.outcome.status == "finished"
    assert 4 not in bench.events["command"]
    assert 20_000_000 <= bench.outcome.duration_ns < 40_000_000


def test_an_engine_that_is_behind_and_goes_on_is_waited_for(tmp_path):
    bench = Bench(tmp_path, Drive(commands=10, answer_timeout_ns=20_000_000), step_ns=15_000_000)
    assert bench.events["command"].tolist() == list(range(1, 11))


def test_who_is_told_to_end_once_all_is_sent_hears_what_is_on_its_way(tmp_path):
    clock = FakeClock()
    bench = Bench(
        tmp_path, Drive(commands=30), clock=clock, step_ns=10_000_000, stopped=lambda: clock.time_ns > 50_000_000
    )
    assert (bench.outcome.status, len(bench.commands), len(bench.events)) == ("finished", 30, 30)


def test_an_engine_that_goes_on_for_ever_is_not(tmp_path):
    timeout_ns = 20_000_000
    bench = Bench(tmp_path, Drive(commands=100, answer_timeout_ns=timeout_ns), step_ns=timeout_ns * MOST_TIMEOUTS // 50)
    assert 40 < len(bench.events) < 60


def test_sessions_keep_the_order_of_commands(tmp_path):
    bench = Bench(tmp_path, Drive(commands=20), flow=FakeFlow(sessions=3))
    assert bench.engine.got == list(range(1, 21))
    assert len(bench.engine.sessions) == 3


def test_books_are_asked_for_on_the_way_and_at_the_end(tmp_path):
    bench = Bench(tmp_path, Drive(commands=1000, snapshot_every=400))
    kept = sorted(int(path.stem) for path in (bench.folder / "snapshots").glob("*.book"))
    assert kept[-1] == 1000
    assert len(kept) == 3


def test_a_repeat_leaves_the_digests_of_its_events(tmp_path):
    bench = Bench(tmp_path, Drive(commands=200, runs=3))
    lines = [line for line in (bench.folder / "digests.jsonl").read_text().splitlines() if '"repeat"' in line]
    assert bench.engine.resets == 3
    assert len(lines) == 2 * 4, "200 commands are four blocks of 64, in each of two repeats"
    first = bench.events[bench.events["command"] <= 64]
    assert digest(timeless(first)) in lines[0]
    assert len(bench.commands) == 200, "the repeats are not in the history"


def test_samples_and_progress_are_left(tmp_path):
    bench = Bench(tmp_path, Drive(commands=3000), pacing=Constant(1000))
    rows = (bench.folder / "samples.csv").read_text().splitlines()
    assert rows[0] == ",".join(("now_ns", "asked_commands", "sent_commands", *ProcessProbe.columns))
    assert len(rows) >= 4
    begun_ns = int(bench.commands["due_ns"][0])
    for row in rows[1:]:
        now_ns, asked, sent = (float(value) for value in row.split(",")[:3])
        assert asked == pytest.approx(min((now_ns - begun_ns) / 1e6, 3000), abs=1e-3)
        assert sent == (bench.commands["sent_ns"] <= now_ns).sum()
    assert bench.told[-1].sent == 3000
    assert [progress.sent for progress in bench.told] == sorted(progress.sent for progress in bench.told)


def test_settings_are_told_in_full():
    assert Drive(commands=5, runs=2).settings() == {
        "commands": 5, "duration_ns": 0, "snapshot_every": 0, "runs": 2, "answer_timeout_ns": 5_000_000_000,
    }  # fmt: skip


def repeated(bench):
    """The lines of the repeats."""
    lines = (bench.folder / "digests.jsonl").read_text().splitlines()
    return [line for line in lines if '"repeat"' in line]


def test_a_repeat_sends_as_many_commands_as_a_first_pass_that_time_ended(tmp_path):
    """The second pass is unpaced, so the same time would hold another number of commands, and their answers would differ."""
    bench = Bench(tmp_path, Drive(runs=2).lasting(100_000_000), pacing=Constant(1000))
    assert bench.outcome.status == "finished"
    assert len(bench.commands) == 100
    assert bench.engine.got == [*range(1, 101)] * 2
    digests = [digest(timeless(bench.events[at : at + 64])) for at in (0, 64)]
    assert [line.split('"digest":"')[1].split('"')[0] for line in repeated(bench)] == digests


def test_a_repeat_that_the_user_ended_leaves_no_digests_of_half_a_run(tmp_path):
    engine = []
    bench = Bench(tmp_path, Drive(commands=1000, runs=2), stopped=lambda: len(engine) > 1, on_reset=engine.append)
    assert bench.outcome.status == "interrupted"
    assert repeated(bench) == []


def test_the_collector_of_garbage_is_left_as_it_was(tmp_path):
    gc.freeze()
    Bench(tmp_path / "frozen", Drive(commands=5))
    assert gc.get_freeze_count() > 0
    gc.unfreeze()
    try:
        Bench(tmp_path / "not frozen", Drive(commands=5))
        assert gc.get_freeze_count() == 0
    finally:
        # As tests/conftest.py had it.
        gc.freeze()
