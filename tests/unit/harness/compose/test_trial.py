"""A tape tried in memory: checks see of it what they would see of a run, and each tape begins on an empty engine."""

import re
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest

from engines.plain.engine import PlainEngine
from harness.base.ending import FILL, Ended, Ending
from harness.base.errors import EngineError
from harness.base.records import EVENT, CommandKind
from harness.base.seeds import Seed
from harness.compose import plugs, trial
from harness.compose.trial import Trial
from harness.flows import first_commands
from harness.flows.carried import CarriedFlow
from harness.flows.poisson import PoissonFlow
from tests.fakes.clock import FakeClock
from tests.fakes.engine import FakeEngine
from tests.fakes.mixed_flow import INSTRUMENTS, mixed_flow

FLOW = mixed_flow(seed=20, count=3_000)
FLOW_CARRIED = CarriedFlow(of=PoissonFlow(resting=200), episode=200)
CARRIED = first_commands(FLOW_CARRIED.batches(Seed(1)), 600)
"""Commands that every relation carries."""


def tried(engine, tape=FLOW, **given):
    with Trial(plugs.engine(engine), INSTRUMENTS) as trial:
        return trial.run(tape, plugs.checks(), **given)


@pytest.mark.parametrize("engine", ["plain", "reference"])
def test_of_a_healthy_engine_nothing_is_found(engine):
    done = tried(engine, runs=2, snapshot_every=500)
    assert (done.findings(), done.failure) == ((), "")
    assert done.facts["answered_once"].seen == done.facts["determinism"].seen == 3_000
    assert done.facts["state_digest"].seen == 6
    assert {name for name, facts in done.facts.items() if facts.unknown} == set()


@pytest.mark.parametrize(
    ("engine", "check", "given"),
    [
        ("taker_price", "trade_price", {}),
        ("dies_of_a_stale_cancel", "alive", {}),
        ("unstable_order", "determinism", {"runs": 2}),
        ("cancel_loses_neighbour", "state_digest", {"snapshot_every": 1}),
    ],
)
def test_a_check_sees_what_it_sees_of_a_run(engine, check, given):
    found = {finding.check for finding in tried(engine, **given).findings()}
    assert check in found


def test_what_an_engine_dies_of_is_told_and_what_it_said_before_is_kept():
    done = tried("dies_of_a_stale_cancel")
    assert "the engine died at commands" in done.failure
    assert len(done.events) > 0


def test_what_was_not_sent_any_more_is_not_shown_to_a_check():
    done = tried("dies_of_a_stale_cancel", of_one_session(), snapshot_every=100)
    (death,) = done.facts["alive"].findings
    assert death.first_command < len(FLOW)
    assert f"to {death.first_command}: " in done.failure


def test_a_long_tape_is_sent_in_batches_whenever_the_book_is_asked(monkeypatch):
    monkeypatch.setattr(trial, "BATCH", 8)
    healthy = tried("plain", of_one_session(), snapshot_every=150)
    assert (healthy.findings(), healthy.facts["state_digest"].seen) == ((), 20)
    for every in (0, 150):
        died = tried("dies_of_a_stale_cancel", of_one_session(), snapshot_every=every).failure
        first, last = map(int, re.findall(r"commands (\d+) to (\d+):", died)[0])
        assert last - first < 8


def of_one_session():
    """The flow, so that a batch is one call of the engine."""
    tape = FLOW.copy()
    tape["session"] = 1
    return tape


def test_each_tape_begins_on_an_empty_engine_and_stays_as_it_was():
    tape = FLOW[:200].copy()
    tape["number"] = 7
    with Trial(plugs.engine("plain"), INSTRUMENTS) as trial:
        first, second = (trial.run(tape, ["model"], snapshot_every=50) for _ in range(2))
    assert first.events["engine_seq"].tolist() == second.events["engine_seq"].tolist()
    assert first.commands["number"].tolist() == list(range(1, 201))
    assert (tape["number"] == 7).all()


def test_a_tape_of_several_sessions_is_sent_in_its_order():
    tape = FLOW[:300].copy()
    tape["session"] = np.arange(300) // 7 % 3
    done = tried("plain", tape)
    assert done.findings() == ()
    assert (np.diff(done.events["command"].astype(np.int64)) >= 0).all()


def test_an_empty_tape_says_nothing():
    done = tried("plain", FLOW[:0])
    assert (len(done.events), done.findings()) == (0, ())
    assert CommandKind.NEW not in done.commands["kind"]


class OneAtATime(FakeEngine):
    """Answers when it is polled, one command each time, with events beside that answer no command of the tape, and goes on in a further poll."""

    more = None

    def poll(self, wait_ns):
        if self.more is not None:
            told, self.more = self.more, None
            return told
        if not self._events:
            return np.zeros(0, EVENT)
        events = self._events.pop(0).repeat(3)
        events["command"][1:] = 0, 10**18
        self.more = events[:1]
        return events


def test_an_engine_is_polled_until_every_command_is_answered_and_nothing_more_comes(monkeypatch):
    monkeypatch.setattr(trial, "BATCH", 4)
    slow = OneAtATime(clock=None)
    with Trial(SimpleNamespace(name="slow", engine=lambda *_: slow), INSTRUMENTS) as tries:
        done = tries.run(of_one_session()[:10], ["answered_once"])
    assert done.failure == ""
    answers = done.events["command"][done.events["command"] % 10**18 > 0].tolist()
    assert answers == [number for number in range(1, 11) for _ in range(2)]


class Keeping(FakeEngine):
    """Keeps one fill of a match that it told nobody of, and says so once it was stopped gracefully."""

    says_how_it_ended = True
    capabilities = msgspec.structs.replace(FakeEngine.capabilities, durable=True, carries=("match", "price", "qty"))
    asked = 0

    def stop(self, *, graceful):
        super().stop(graceful=graceful)
        self.ends_well = graceful

    def ended(self):
        self.asked += 1
        fills = np.array([(7, 100, 5)], FILL)
        return Ended(Ending(wrong="" if self.ends_well else "it was killed", verified=True, fills=1), fills)


def test_an_engine_that_says_how_it_ended_is_ended_before_checks_are_asked_and_started_anew_for_the_next_tape():
    keeping = Keeping(clock=FakeClock())
    with Trial(SimpleNamespace(name="keeping", engine=lambda *_: keeping), INSTRUMENTS) as tries:
        for number in (1, 2):
            done = tries.run(of_one_session()[:5], ["audit_trail", "alive", "answered_once"])
            assert [(one.check, one.kind) for one in done.findings()] == [("audit_trail", "never_told")]
            assert (keeping.starts, keeping.asked) == (number, number)


def test_an_end_that_fails_is_told_and_excuses_nothing():
    class Stuck(Keeping):
        def stop(self, *, graceful):
            if graceful:
                raise EngineError("it could not be ended")

    with Trial(
        SimpleNamespace(name="stuck", engine=lambda *_: Stuck(clock=FakeClock(), silent=[3])), INSTRUMENTS
    ) as tries:
        done = tries.run(of_one_session()[:5], ["alive", "answered_once"])
    assert done.failure == ""
    assert {(one.kind, one.got) for one in done.findings()} == {
        ("bad_end", "it could not be ended"), ("unanswered", "none by the end of the run"),
    }  # fmt: skip


class Apart(FakeEngine):
    """Tells each account's connection from the others."""

    capabilities = msgspec.structs.replace(FakeEngine.capabilities, accounts_apart=True)


@pytest.mark.parametrize(("given", "sessions"), [({}, [1, 2]), ({"runs": 2}, [1, 1])])
def test_accounts_are_sent_for_apart_but_where_another_run_must_take_the_same_order(given, sessions):
    tape = of_one_session()[:4].copy()
    tape["account"] = 1, 2, 1, 2
    engine = Apart(clock=FakeClock())
    with Trial(SimpleNamespace(name="apart", engine=lambda *_: engine), INSTRUMENTS) as tries:
        tries.run(tape, ["answered_once"], **given)
    assert engine.sessions == sessions


def related(engine, relations, **given):
    with Trial(plugs.engine(engine), FLOW_CARRIED.instruments()) as trial:
        return trial.run(CARRIED, ("metamorphic", "determinism", "alive"), relations=relations, **given)


def test_relations_are_driven_beside_the_tape_as_often_as_asked():
    done = related("reference", ("mirror", "shift"), runs=2)
    assert done.findings() == ()
    assert done.facts["metamorphic"].seen == 2 * 2 * 600
    assert done.facts["metamorphic"].told == {"relations held": "mirror, shift"}
    assert "determinism" not in done.facts
    assert related("levels_by_float", ("mirror",)).findings() == ()
    (finding,) = related("levels_by_float", ("shift",)).findings()
    assert (finding.check, finding.kind) == ("metamorphic", "shift")


def test_a_tape_without_relations_says_nothing_of_them():
    assert "metamorphic" not in related("reference", ()).facts


class Fragile(PlainEngine):
    """Dies of a price far away."""

    def refusal_of_new(self, new):
        if new.price > 2**39:
            raise OverflowError("too dear")
        return super().refusal_of_new(new)


def test_an_engine_that_dies_of_what_a_relation_made_is_dead():
    choice = plugs.EngineChoice("fragile", "plain", Fragile)
    with Trial(choice, FLOW_CARRIED.instruments()) as trial:
        done = trial.run(CARRIED, ("metamorphic", "alive"), relations=("mirror", "shift", "singly"))
    assert "too dear" in done.failure
    assert {finding.check for finding in done.findings()} == {"alive"}
    assert done.facts["metamorphic"].told == {"relations held": "mirror"}


def test_a_changed_tape_comes_in_calls_as_long_as_the_tape_itself():
    """Else what an engine does wrong between calls would be told as a fault of every relation."""
    found = related("cancels_overtake_orders", plugs.relations(), snapshot_every=100).findings()
    assert "singly" in {finding.kind for finding in found}
    assert not {"mirror", "shift", "scale"} & {finding.kind for finding in found}
