"""The pipeline loses nothing, tells nothing that is not durable, turns back what it has no room for, and drains to the last event."""

import threading
import time

import numpy as np
import pytest

from engines.reference.engine import ReferenceEngine
from engines.service.pipeline import Pipeline, PipelineSettings
from harness.base.capabilities import Instrument
from harness.base.records import EVENT, EventKind, commands_of
from tests.fakes.lines import commands as lines

INSTRUMENTS = (Instrument(id=1, symbol="ONE", price_max=10_000, qty_max=1_000),)
TIMEOUT_S = 30


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """Kernels that are not kept yet take longer to compile than any test may wait."""
    Matching(INSTRUMENTS).submit(orders(2))
    with Service() as service:
        service.send(orders(2))
        service.hear(4)


class Disk:
    """A journal in memory whose disk can be held up, and can break."""

    def __init__(self):
        self.synced = self.appended = 0
        self.kept = []
        self.free = threading.Event()
        self.free.set()
        self.breaks = self.is_lazy = False
        self.commits = 0

    @property
    def durable(self):
        return self.synced

    def append(self, first, commands):
        assert first == self.appended + 1
        self.appended += len(commands)
        self.kept.append(commands.copy())

    def commit(self):
        self.commits += 1
        if not self.is_lazy or self.commits % 3 == 0:
            self.sync()

    def sync(self):
        upto = self.appended
        assert self.free.wait(TIMEOUT_S)
        if self.breaks:
            raise OSError(5, "Input/output error")
        self.synced = upto


class Paper:
    def __init__(self):
        self.events = []

    def append(self, events, last_command, durable):
        assert last_command <= durable
        self.events.append(events.copy())


class Matching(ReferenceEngine):
    wants_ns = None

    def due_ns(self):
        return self.wants_ns


class Service:
    def __init__(self, **settings):
        self.disk, self.trail, self.engine = Disk(), Paper(), Matching(INSTRUMENTS)
        self.pipeline = Pipeline(self.engine, self.disk, self.trail, PipelineSettings(**settings), stamp_ns=77)
        self.heard = []

    def __enter__(self):
        self.pipeline.start()
        return self

    def __exit__(self, *_):
        self.pipeline.stop()

    def hear(self, count):
        """Take events until there are so many."""
        out, ends_s = np.zeros(64, EVENT), time.monotonic() + TIMEOUT_S
        while sum(map(len, self.heard)) < count:
            assert time.monotonic() < ends_s, f"{sum(map(len, self.heard))} events of {count}"
            if done := self.pipeline.events.take(out):
                self.heard.append(out[:done].copy())
            else:
                self.pipeline.events.block(10_000_000)
        return np.concatenate([np.zeros(0, EVENT), *self.heard], dtype=EVENT)

    def send(self, commands):
        sent, ends_s = 0, time.monotonic() + TIMEOUT_S
        while sent < len(commands):
            assert time.monotonic() < ends_s
            sent += self.pipeline.offer(commands[sent:])


def orders(count):
    """Pairs that trade: five events a pair."""
    made = commands_of(lines("; ".join(f"S 100x5 #{at}; B 100x5 #{at + 1} a2" for at in range(1, count, 2))))
    made["number"] = np.arange(1, len(made) + 1)
    return made


def test_all_that_is_sent_is_answered_in_order_journaled_and_in_the_trail():
    with Service(ring_commands=64, ring_events=64, batch=48) as service:
        given = orders(2_000)
        sender = threading.Thread(target=service.send, args=(given,))
        sender.start()
        events = service.hear(4_000)
        sender.join()
        assert service.pipeline.drain(10**10)
        counts = service.pipeline.snapshot_counts()
    assert events["engine_seq"].tolist() == list(range(1, 4_001))
    assert np.concatenate(service.trail.events, dtype=EVENT).tolist() == events.tolist()
    assert np.concatenate(service.disk.kept)["number"].tolist() == given["number"].tolist()
    assert counts.gaps() == {}
    assert (counts.offered, counts.synced, counts.matched, counts.published) == (2_000, 2_000, 2_000, 4_000)


def test_nothing_is_told_before_it_is_durable():
    with Service() as service:
        service.disk.free.clear()
        service.send(orders(2))
        while service.pipeline.counts.matched < 2:
            time.sleep(0.001)
        assert service.pipeline.events.pending() == 0
        assert service.trail.events == []
        service.disk.free.set()
        assert service.hear(4)["kind"].tolist() == [
            EventKind.ACCEPTED,
            EventKind.RESTED,
            EventKind.ACCEPTED,
            EventKind.TRADE,
        ]


def test_while_the_disk_is_held_up_no_more_is_taken_than_may_wait():
    with Service(ring_commands=16, batch=4, waiting_events=8) as service:
        service.disk.free.clear()
        given = orders(100)
        sent = service.pipeline.offer(given)
        while sent < len(given) and (service.pipeline.counts.matched < 4 or service.pipeline.commands.pending() < 16):
            sent += service.pipeline.offer(given[sent:])
        assert sent < len(given)
        assert service.pipeline.counts.turned_back > 0
        service.disk.free.set()
        service.send(given[sent:])
        assert len(service.hear(200)) == 200


def test_who_has_no_room_for_events_holds_the_engine_up_and_loses_none():
    with Service(ring_commands=16, ring_events=16, batch=4, waiting_events=32) as service:
        given = orders(400)
        sender = threading.Thread(target=service.send, args=(given,))
        sender.start()
        while service.pipeline.counts.turned_back == 0:
            time.sleep(0.001)
        assert service.hear(800)["engine_seq"].tolist() == list(range(1, 801))
        sender.join()


def test_a_drain_publishes_the_last_partial_bundle_and_takes_nothing_more():
    with Service(bundle_events=1_000, bundle_ns=10**15) as service:
        service.send(orders(2))
        assert service.pipeline.drain(10**10)
        assert service.pipeline.offer(orders(2)) == 0
        assert len(service.hear(4)) == 4
        assert service.pipeline.snapshot_counts().gaps() == {}


def test_a_drain_in_which_nobody_takes_the_events_ends_and_says_so():
    with Service(ring_events=2) as service:
        service.send(orders(4))
        assert not service.pipeline.drain(50_000_000)
        counts = service.pipeline.snapshot_counts()
    assert counts.gaps() == {}
    assert counts.in_bundles == 6


def test_a_disk_that_breaks_ends_it_with_nothing_told():
    with Service() as service:
        service.disk.breaks = True
        service.send(orders(2))
        service.pipeline._ended.wait(TIMEOUT_S)
        assert isinstance(service.pipeline.failure, OSError)
        assert service.pipeline.offer(orders(2)) == 0
        assert service.pipeline.events.pending() == 0
        assert not service.pipeline.drain(10**9)


def test_what_waits_for_the_next_sync_is_told_though_nobody_sends_more():
    with Service() as service:
        service.disk.is_lazy = True
        service.send(orders(2))
        assert len(service.hear(4)) == 4


def test_a_drain_syncs_whatever_the_policy():
    with Service(commit_again_ns=10**15) as service:
        service.disk.is_lazy = True
        service.send(orders(2))
        assert service.pipeline.drain(10**10)
        assert service.disk.synced == 2
        assert len(service.hear(4)) == 4


def test_stamps_never_go_back_behind_what_was_given_before():
    with Service() as service:
        service.pipeline._stamp_ns = 2**62
        service.send(orders(2))
        service.hear(4)
    assert set(np.concatenate(service.disk.kept)["sent_ns"].tolist()) == {2**62}


def test_commands_get_the_numbers_of_the_journal_and_events_name_them():
    with Service() as service:
        given = orders(4)
        given["number"] = 77
        service.send(given)
        assert service.hear(8)["command"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4]
    assert np.concatenate(service.disk.kept)["number"].tolist() == [1, 2, 3, 4]


def test_an_engine_that_wants_a_tick_gets_one_though_nobody_sends():
    disk, engine = Disk(), Matching(INSTRUMENTS)
    tick = commands_of(lines("S 100x5 #9"))
    engine.wants_ns = 0
    ticked = threading.Event()
    submit = engine.submit

    def once(commands):
        engine.wants_ns = None
        ticked.set()
        return submit(commands)

    engine.submit = once
    pipeline = Pipeline(engine, disk, Paper(), PipelineSettings(), tick=tick)
    pipeline.start()
    try:
        assert ticked.wait(TIMEOUT_S)
    finally:
        pipeline.stop()
    assert [len(one) for one in disk.kept] == [1]
    assert (pipeline.counts.own, pipeline.counts.offered, pipeline.snapshot_counts().gaps()) == (1, 0, {})


def test_between_batches_it_is_told_what_was_carried_out_and_what_the_trail_holds():
    seen = []
    with Service() as service:
        service.pipeline._between = lambda *one: seen.append(one)
        service.disk.free.clear()
        service.send(orders(2))
        while (2, 0) not in seen:
            time.sleep(0.001)
        assert max(trailed for _, trailed in seen) == 0
        service.disk.free.set()
        service.hear(4)
        while seen[-1] != (2, 2):
            time.sleep(0.001)


@pytest.mark.parametrize("lost", ["offered", "matched", "trailed", "published"])
def test_a_count_that_is_short_is_a_gap_with_a_name(lost):
    with Service() as service:
        service.send(orders(2))
        service.hear(4)
        assert service.pipeline.drain(10**10)
        setattr(service.pipeline.counts, lost, getattr(service.pipeline.counts, lost) - 1)
        assert service.pipeline.snapshot_counts().gaps()


def test_who_takes_events_may_ask_how_many_commands_they_answer():
    with Service(batch=2) as service:
        service.send(orders(4))
        service.hear(8)
        asked = [service.pipeline.answered(events) for events in (0, 3, 4, 7, 8)]
    assert asked == [0, 0, 2, 2, 4]
