"""A tape in the journal, and then as each relation changes it: what is sent when, what is left, and how it ends."""

import os

import numpy as np
import pytest

from engines.adapters.plain import ENGINE
from harness.base.records import CommandKind, empty_commands
from harness.base.seeds import Seed
from harness.compose import plugs
from harness.evidence.archive import Archive
from harness.evidence.journal import Journal
from harness.instruments import Context
from harness.instruments.relate import MOST_AT_ONCE, Relate
from harness.pacing import Unpaced
from harness.port import EngineSetup, Processes
from harness.probes.process import ProcessProbe
from harness.relations import Changed, Relation
from harness.target import Target
from tests.fakes.clock import FakeClock
from tests.fakes.engine import FakeEngine
from tests.fakes.flow import FakeFlow
from tests.fakes.journaled import run_folder
from tests.fakes.related import FLOW


def whole(tape, chance):
    """The tape as it is."""
    del chance
    return Changed((tape.commands,), tape.commands["number"].copy())


def singly(tape, chance):
    return whole(tape, chance)._replace(at_once=1)


def halves(tape, chance):
    return whole(tape, chance)._replace(parts=tuple(np.split(tape.commands, 2)))


SAME, SINGLY, HALVES = (Relation(about="", there=there) for there in (whole, singly, halves))
NEVER = Relation(about="", there=lambda tape, chance: "not with this tape")


class Bench:
    """An instrument with all its parts, and what came of it."""

    def __init__(
        self,
        tmp_path,
        relations,
        relate=None,
        *,
        flow=None,
        stopped=lambda: False,
        limit_bytes=10**9,
        engine=None,
        **made,
    ):
        self.clock = FakeClock()
        self.engine = engine or FakeEngine(self.clock, **made)
        self.engine.start()
        self.told = []
        journal = Journal(run_folder(tmp_path), limit_bytes=limit_bytes)
        context = Context(
            clock=self.clock, seed=Seed(1), flow=flow or FakeFlow(), pacing=Unpaced(), probes=(ProcessProbe(Target(lambda: Processes("inside", (os.getpid(),)))),),
            stopped=stopped, progress=self.told.append, relations=relations,
        )  # fmt: skip
        self.outcome = (relate or Relate(commands=40)).run(self.engine, journal, context)
        journal.close()
        archive = Archive(tmp_path)
        self.info = archive.info("s")
        segments = list(archive.segments("s"))
        self.commands = np.concatenate([empty_commands(0), *(segment.commands for segment in segments)])
        self.events = np.concatenate([segment.events for segment in segments])

    def marks(self, relation):
        return [mark for mark in self.info.repeats if mark.relation == relation]


def test_the_tape_is_in_the_journal_and_each_relation_leaves_digests(tmp_path):
    bench = Bench(tmp_path, {"same": SAME, "singly": SINGLY})
    assert bench.outcome.status == "finished"
    assert bench.commands["number"].tolist() == bench.events["command"].tolist() == list(range(1, 41))
    assert [(mark.first, mark.count) for mark in bench.marks("same")] == [(1, 16), (17, 16), (33, 8)]
    assert [mark.digest for mark in bench.marks("same")] == [mark.digest for mark in bench.marks("singly")]
    assert bench.engine.got == list(range(1, 41)) * 3
    assert bench.engine.resets == 1 + 2
    assert [state.number for state in bench.info.states] == [40]


def test_each_part_goes_to_an_empty_engine_with_its_own_numbers(tmp_path):
    bench = Bench(tmp_path, {"halves": HALVES, "same": SAME})
    assert bench.engine.resets == 1 + 3
    assert bench.engine.got == [*range(1, 41), *range(1, 21), *range(1, 21), *range(1, 41)]
    assert [mark.digest for mark in bench.marks("halves")] == [mark.digest for mark in bench.marks("same")]


def test_a_relation_that_cannot_change_the_tape_costs_no_run_and_says_why(tmp_path):
    bench = Bench(tmp_path, {"never": NEVER})
    (mark,) = bench.info.repeats
    assert (mark.relation, mark.why) == ("never", "not with this tape")
    assert bench.engine.resets == 1


class Counting(FakeEngine):
    """Remembers how many commands each call brought."""

    def __init__(self, clock, **made):
        super().__init__(clock, **made)
        self.calls = []

    def send(self, commands):
        self.calls.append(len(commands))
        return super().send(commands)


def test_a_call_brings_many_commands_or_as_many_as_a_relation_says(tmp_path):
    engine = Counting(FakeClock())
    Bench(tmp_path, {"singly": SINGLY}, Relate(commands=5_000), engine=engine)
    assert engine.calls[:2] == [MOST_AT_ONCE, 5_000 - MOST_AT_ONCE]
    assert set(engine.calls[2:]) == {1}


def test_what_an_engine_owes_is_waited_for_once_in_a_run(tmp_path):
    bench = Bench(tmp_path, {"singly": SINGLY}, Relate(commands=40, answer_timeout_ns=10**9), silent=range(1, 41, 2))
    assert bench.outcome.status == "finished"
    assert 2 * 10**9 <= bench.outcome.duration_ns < 3 * 10**9
    assert [mark.count for mark in bench.marks("singly")] == [16, 16, 8]


def test_an_engine_that_dies_of_the_tape_has_failed_and_keeps_what_it_said(tmp_path):
    bench = Bench(tmp_path, {"singly": SINGLY}, dies_at=30)
    assert (bench.outcome.status, bench.outcome.failure) == ("engine failed", "the engine died")
    assert bench.events["command"].tolist() == list(range(1, 30))
    assert bench.info.repeats == ()


def test_one_that_dies_of_what_a_relation_made_of_it_has_failed_by_its_name(tmp_path):
    def dies(number):
        bench_engine.dies_at = 30 if number == 3 else 0

    bench_engine = FakeEngine(FakeClock(), on_reset=dies)
    bench = Bench(tmp_path, {"same": SAME, "singly": SINGLY, "later": SAME}, engine=bench_engine)
    assert bench.outcome.status == "engine failed"
    assert bench.outcome.failure == "the engine died (while the tape was sent as the relation singly changes it)"
    assert {mark.relation for mark in bench.info.repeats} == {"same"}


def test_the_user_may_end_it_at_any_call(tmp_path):
    left = iter([False] * 5 + [True] * 9)
    bench = Bench(tmp_path, {"singly": SINGLY}, stopped=lambda: next(left))
    assert bench.outcome.status == "interrupted"
    assert bench.engine.got == [*range(1, 41), *range(1, 5)]
    assert bench.info.repeats == ()


def test_a_journal_that_is_full_ends_it(tmp_path):
    bench = Bench(tmp_path, {"same": SAME}, Relate(commands=9_000), limit_bytes=100_000)
    assert bench.outcome.status == "bound reached"
    assert len(bench.commands) == MOST_AT_ONCE
    assert bench.info.repeats == ()


def test_no_run_begins_when_the_time_is_over(tmp_path):
    relate = Relate(commands=40).lasting(10**9)
    bench = Bench(tmp_path, {"same": SAME, "singly": SINGLY, "later": SAME}, relate, stall_at=35, stall_ns=6 * 10**8)
    assert bench.outcome.status == "finished"
    assert {mark.relation for mark in bench.info.repeats} == {"same"}
    assert relate.settings() == {"commands": 40, "duration_ns": 10**9, "answer_timeout_ns": 5 * 10**9}


def test_a_flow_that_ends_before_ends_the_tape(tmp_path):
    bench = Bench(tmp_path, {"same": SAME}, flow=FakeFlow(count=7))
    assert len(bench.commands) == 7
    assert [mark.count for mark in bench.marks("same")] == [7]


def test_progress_counts_all_runs(tmp_path):
    bench = Bench(tmp_path, {"same": SAME, "singly": SINGLY})
    assert [one.sent for one in bench.told] == [0, 40, 80]
    assert {one.planned for one in bench.told} == {120}


@pytest.mark.parametrize("name", plugs.relations())
def test_a_healthy_engine_answers_alike_whatever_a_relation_does(tmp_path, name):
    engine = ENGINE(EngineSetup(FLOW.instruments(), None, None))
    same = {"same": SAME, name: plugs.relations()[name]}
    bench = Bench(tmp_path, same, Relate(commands=300), flow=FLOW, engine=engine)
    assert [mark.digest for mark in bench.marks(name)] == [mark.digest for mark in bench.marks("same")]
    assert len(bench.marks(name)) == 19
    assert np.count_nonzero(bench.commands["kind"] == CommandKind.NEW) > 100
