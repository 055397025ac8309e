"""The search: what it finds in an engine that is broken on purpose, and what it leaves when nothing is found."""

from itertools import count

import numpy as np
import pytest
from msgspec.structs import replace

from engines.adapters.plain import PlainInProcess
from engines.plain.engine import PlainEngine
from harness.base.capabilities import Capabilities, Conventions
from harness.base.discover import load
from harness.base.errors import EngineStartError
from harness.base.records import EVENT, NONE, CommandKind, EventKind, OrderType, Side, TimeInForce, command_rows
from harness.base.seeds import Seed
from harness.checks import model
from harness.evidence.archive import Archive
from harness.evidence.journal import Journal
from harness.flows.explored import INSTRUMENTS, ExploredFlow
from harness.instruments import Context
from harness.instruments._wishes import Spot, View
from harness.instruments.explore import Explore
from harness.oracle.model import Model
from harness.pacing import Unpaced
from harness.port import EngineSetup
from tests.fakes.clock import FakeClock
from tests.fakes.history import BUY, SELL, cancel, folded, info, new, numbered
from tests.fakes.journaled import run_folder

OWN = Conventions(self_trade="cancel_newest")
SMALL = Explore(examples=12, steps=12)
FINDS = Explore(examples=200, steps=8)
LASTS = Explore(examples=5_000, steps=10)


def specimen(name):
    return load("engines.specimens", name, "SPECIMEN").build


class Bench:
    """A search with all its parts, and what came of it."""

    def __init__(
        self, tmp_path, explore=SMALL, *, build=None, stopped=lambda: False, seed=1, engine=PlainInProcess, clock=None
    ):
        self.engine = engine(EngineSetup(INSTRUMENTS, OWN, build))
        self.engine.start()
        self.told = []
        journal = Journal(run_folder(tmp_path))
        context = Context(
            clock=clock or FakeClock(), seed=Seed(seed), flow=ExploredFlow(), pacing=Unpaced(), probes=(), stopped=stopped,
            progress=self.told.append,
        )  # fmt: skip
        self.outcome = explore.run(self.engine, journal, context)
        journal.close()
        self.history = list(Archive(tmp_path).segments("s"))
        self.commands = command_rows(np.concatenate([segment.commands for segment in self.history]))
        self.folder = journal.folder

    def findings(self):
        """What the check `model` says of what was written down."""
        run = info(capabilities=self.engine.capabilities, conventions=OWN, instruments=INSTRUMENTS)
        return folded(model.CHECK.start(run), self.history).findings


def test_a_search_that_is_killed_leaves_no_folder_of_its_own(tmp_path, monkeypatch):
    places = [tmp_path / name for name in ("here", "temporary")]
    for place in places:
        place.mkdir()
    monkeypatch.chdir(places[0])
    monkeypatch.setattr("tempfile.tempdir", str(places[1]))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    seen = []

    def stopped():
        # In the middle of the search: whoever kills it now leaves what is there.
        seen.extend(path for place in places for path in place.iterdir())
        return False

    Bench(tmp_path / "run", stopped=stopped)
    assert seen == []


def test_a_right_engine_leaves_the_sequence_with_the_longest_answer(tmp_path):
    bench = Bench(tmp_path)
    assert bench.outcome.status == "finished"
    assert SMALL.steps // 2 < len(bench.commands) <= SMALL.steps
    assert sum(len(segment.events) for segment in bench.history) > len(bench.commands), "not the plainest one"
    assert [one.number for one in bench.commands] == list(range(1, len(bench.commands) + 1))
    assert bench.findings() == ()
    assert (bench.folder / "snapshots" / f"{len(bench.commands)}.book").is_file()
    assert bench.told[-1].sent > 6 * SMALL.steps
    assert bench.told[-1].planned == SMALL.examples * SMALL.steps


FEW = 8
"""Commands at the most. Hypothesis draws from the constants of all modules that are loaded, so when it finds something hangs on other tests."""


@pytest.mark.parametrize("name", ["taker_price", "ioc_rests", "cancel_acknowledged_twice"])
def test_a_broken_engine_leaves_a_short_sequence_that_shows_it(tmp_path, name):
    bench = Bench(tmp_path, LASTS, build=specimen(name))
    assert bench.outcome.status == "finished"
    assert 0 < len(bench.commands) <= FEW
    assert [finding.first_command for finding in bench.findings()] == [len(bench.commands)]


def test_a_seed_gives_the_same_again_and_another_one_others(tmp_path):
    first, again, other = (
        [one._replace(due_ns=0, sent_ns=0) for one in Bench(tmp_path / str(at), seed=seed).commands]
        for at, seed in enumerate((1, 1, 2))
    )
    assert first == again != other


def test_what_does_not_come_again_is_the_engines_failure(tmp_path):
    builds = count()
    broken = specimen("ioc_rests")

    def build(instruments, conventions):
        return (broken if next(builds) < 60 else PlainEngine)(instruments, conventions)

    bench = Bench(tmp_path, FINDS, build=build)
    assert bench.outcome.status == "engine failed"
    assert "answered otherwise when the same commands were sent again; before: new" in bench.outcome.failure
    assert bench.commands


def test_an_engine_that_could_not_be_emptied_once_has_failed(tmp_path):
    class Stuck(PlainInProcess):
        resets = 0

        def reset(self):
            self.resets += 1
            if self.resets == 5:
                raise EngineStartError("no room")
            super().reset()

    bench = Bench(tmp_path, engine=Stuck)
    assert bench.outcome.status == "engine failed"
    assert bench.outcome.failure.endswith("before: no room")


def test_an_engine_that_dies_dies_again_with_the_journal(tmp_path):
    bench = Bench(tmp_path, build=specimen("dies_of_a_stale_cancel"))
    assert bench.outcome.status == "engine failed"
    assert "the engine died at commands" in bench.outcome.failure
    assert len(bench.commands) == 1


def test_an_engine_whose_book_alone_is_wrong_is_found(tmp_path):
    class Hides(PlainEngine):
        def snapshot(self):
            return super().snapshot()[:2]

    bench = Bench(tmp_path, FINDS, build=Hides)
    assert len(bench.commands) == 3
    assert bench.findings() == ()


def test_the_user_can_end_it(tmp_path):
    stops = iter([False] * 3 + [True] * 10**6)
    bench = Bench(tmp_path, stopped=lambda: next(stops))
    assert bench.outcome.status == "interrupted"
    assert 0 < len(bench.commands) <= SMALL.steps
    assert Bench(tmp_path / "at once", stopped=lambda: True).outcome.status == "interrupted"


def test_it_ends_with_its_time(tmp_path):
    lasting = SMALL.lasting(50_000_000)
    assert lasting.settings()["duration_ns"] == 50_000_000
    bench = Bench(tmp_path, lasting, clock=FakeClock(tick_ns=10_000))
    assert bench.outcome.status == "finished"
    assert 0 < bench.told[-1].sent < SMALL.examples * SMALL.steps * 100
    assert bench.told[-1].planned == 0


def test_an_engine_that_answers_late_is_waited_for(tmp_path):
    class Slow(PlainInProcess):
        capabilities = replace(PlainInProcess.capabilities, answers_at_once=False)
        polls = 0

        def poll(self, wait_ns):
            self.polls += 1
            if self.polls % 3:
                return np.zeros(0, EVENT)
            return super().poll(wait_ns)

        def take(self, commands):
            self.polls = 0
            return super().take(commands)

    bench = Bench(tmp_path, engine=Slow)
    assert bench.outcome.status == "finished"
    assert len(bench.commands) > SMALL.steps // 2, "nothing failed"
    assert bench.findings() == ()


def test_an_engine_that_says_nothing_has_answered_wrongly(tmp_path):
    class Silent(PlainInProcess):
        def poll(self, wait_ns):
            return super().poll(wait_ns)[:0]

    bench = Bench(tmp_path, Explore(examples=5, steps=5, answer_timeout_ns=1_000_000), engine=Silent)
    assert bench.outcome.status == "finished"
    assert len(bench.commands) == 1


def test_only_what_the_engine_offers_is_asked(tmp_path):
    class Bare(PlainInProcess):
        capabilities = Capabilities(
            commands=("new", "cancel"), tifs=("gtc",), carries=("price", "qty", "remaining", "maker")
        )

    bench = Bench(tmp_path, engine=Bare)
    assert {one.kind for one in bench.commands} <= {CommandKind.NEW, CommandKind.CANCEL}
    new_ones = [one for one in bench.commands if one.kind == CommandKind.NEW]
    assert {(one.type, one.tif, one.flags, one.stop) for one in new_ones} == {
        (OrderType.LIMIT, TimeInForce.GTC, 0, NONE)
    }


def test_a_price_lies_where_the_book_says():
    narrow = INSTRUMENTS[0]
    market = Model(INSTRUMENTS, OWN)
    assert Spot("other", 2).price(narrow, Side.BUY, market) == 34, "around the center of an empty book"
    for one in numbered([new(1, BUY, 30, 1), new(2, SELL, 40, 1, account=2)]):
        market.apply(one)
    assert Spot("other", 1).price(narrow, Side.BUY, market) == 41
    assert Spot("other", 1).price(narrow, Side.SELL, market) == 29
    assert Spot("own", -2).price(narrow, Side.BUY, market) == 28
    assert Spot("last", 0).price(narrow, Side.BUY, market) == 32
    market.apply(new(3, BUY, 40, 1, account=3))
    assert Spot("last", 0).price(narrow, Side.BUY, market) == 40
    assert Spot("odd", 0).price(narrow, Side.BUY, market) == 1


def test_an_order_is_named_by_how_many_are_newer():
    market = Model(INSTRUMENTS, OWN)
    asked = numbered([new(1, BUY, 30, 1), new(2, BUY, 30, 1), new(3, BUY, 30, 1), cancel(3)])
    assert {event.kind for one in asked for event in market.apply(one)} >= {EventKind.RESTED, EventKind.CANCELED}
    view = View(INSTRUMENTS, market, asked)
    assert [view.named(back, stale=False).order for back in range(3)] == [2, 1, 2]
    assert [view.named(back, stale=True).order for back in range(3)] == [3, 2, 1]
    assert View(INSTRUMENTS, market, []).named(0, stale=True).order == 1
