"""A master and a worker that shares no folder with it: what time it is there, and what it left, over Locust's own connection."""

import os
import signal
import subprocess
import sys
import tracemalloc
from contextlib import contextmanager

import pytest

from harness.load import parcels
from harness.load.crew import LOOPBACK, LoadError
from harness.load.messages import Chunk, Hello, Pong, plain
from harness.load.places import Place
from tests.fakes import load_worker
from tests.unit.harness.load.test_master import JOB

LONG = parcels.CHUNK_BYTES * (parcels.WINDOW + 3) + 17


@contextmanager
def led(how, part):
    """A master whose one worker has sent, and that worker's id."""
    from harness.load.master import Master

    with Master.listening(Place(LOOPBACK, 0), lambda: "") as master:
        words = [sys.executable, "-P", load_worker.__file__, how, LOOPBACK, str(master.port), str(part)]
        with subprocess.Popen(words, stdin=subprocess.PIPE) as process:
            try:
                seats = master.seat((7,), 1)
                master.begin(JOB, seats, lambda: False, apart=True)
                master.wait(lambda: master.done, 60, lambda: "it does not end")
                yield master, next(iter(seats)), process
            finally:
                master.let_go()
                process.stdin.close()


@pytest.fixture
def part(tmp_path):
    (tmp_path / "left" / "history").mkdir(parents=True)
    (tmp_path / "left" / "history" / "000001.commands").write_bytes(os.urandom(LONG))
    (tmp_path / "left" / "numbers.npy").write_bytes(b"")
    return tmp_path / "left"


def test_a_part_of_many_pieces_arrives_as_it_was_left_and_one_machine_has_one_clock(part, tmp_path):
    with led("leaves", part) as (master, worker, _):
        master.afar.collect(worker, master.done[worker].left, tmp_path / "came")
        clocks = master.clocks[worker]
        after = master.afar.offset(worker, "steady")
    for name in ("history/000001.commands", "numbers.npy"):
        assert (tmp_path / "came" / name).read_bytes() == (part / name).read_bytes()
    for one in (clocks.day, clocks.steady, after):
        assert abs(one.offset_ns) <= one.half_trip_ns + 1
    assert clocks.record(after).drift_ns == after.offset_ns - clocks.steady.offset_ns


def test_the_clock_of_another_machine_is_found_and_its_start_is_told_by_it(part):
    """It is 90 s ahead, in both of its clocks."""
    with led("ahead", part) as (master, worker, _):
        clocks = master.clocks[worker]
        done = master.done[worker]
    assert abs(clocks.day.offset_ns - 90 * 10**9) <= clocks.day.half_trip_ns + 1
    assert abs(clocks.steady.offset_ns - 90 * 10**9) <= clocks.steady.half_trip_ns + 1
    # When it was told to begin, by its own clock, less the time there when it heard that.
    assert abs(done.elapsed_ns) < load_worker.AHEAD_NS // 2


def test_a_part_that_is_not_what_was_announced_is_refused(part, tmp_path):
    with led("leaves", part) as (master, worker, _):
        (part / "history" / "000001.commands").write_bytes(os.urandom(LONG))
        with pytest.raises(LoadError, match=r"000001\.commands of a worker arrived damaged"):
            master.afar.collect(worker, master.done[worker].left, tmp_path / "came")


def test_a_worker_that_is_gone_before_its_part_came_is_told(part, tmp_path, monkeypatch):
    from harness.load.locusts import runners

    monkeypatch.setattr(runners, "HEARTBEAT_LIVENESS", 1)
    with led("leaves", part) as (master, worker, process):
        process.kill()
        with pytest.raises(LoadError, match="nothing is heard any more of worker 1 of 1"):
            master.afar.collect(worker, master.done[worker].left, tmp_path / "came")


def test_a_worker_that_says_nothing_is_not_waited_for_for_ever(part, tmp_path, monkeypatch):
    from harness.load import afar

    monkeypatch.setattr(afar, "ANSWER_S", 0.3)
    with led("keeps", part) as (master, worker, _), pytest.raises(LoadError, match=r"did not answer within 0\.3 s"):
        master.afar.collect(worker, master.done[worker].left, tmp_path / "came")


@contextmanager
def stranger(master):
    """Says to the master whatever it likes, in whose name it likes."""
    from locust.rpc import Message, zmqrpc

    client = zmqrpc.Client(LOOPBACK, master.port, "stranger")
    try:
        yield lambda name, told, whose="stranger": client.send(Message(name, plain(told), whose))
    finally:
        client.close(linger=0)
        client.socket.context.term()


def test_what_nobody_asked_for_is_not_kept(part, tmp_path):
    from harness.load.locusts import gevent

    body, refused = bytes(4096), []
    with led("leaves", part) as (master, worker, _), stranger(master) as say:
        tracemalloc.start()
        try:
            for at in range(1_000):
                for whose in ("stranger", worker):
                    say("chunk", Chunk(file=0, offset_bytes=0, body=body + bytes([at % 256])), whose)
                    say("pong", Pong(number=1, received_ns=at, said_ns=at), whose)
                if at % 50 == 0:
                    gevent.sleep(0.01)  # its own queue takes 1,000
            say("hello", Hello(gonogo="1", machine="last", address=""))
            # Of another version, and behind all else.
            master.arrivals.told = refused.append
            master.wait(lambda: refused, 60, lambda: "it is not heard")
            held_bytes, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert held_bytes < 1_000 * len(body) // 4
        master.afar.collect(worker, master.done[worker].left, tmp_path / "came")
    assert (tmp_path / "came" / "numbers.npy").read_bytes() == (part / "numbers.npy").read_bytes()


ASKS = {
    "pieces of another": (
        lambda afar, worker, left, folder: afar.collect(worker, left, folder),
        ("chunk", Chunk(file=0, offset_bytes=0, body=b""), "stranger"),
    ),
    "a pong of another": (
        lambda afar, worker, left, folder: afar.offset(worker, "steady"),
        ("pong", Pong(number=1, received_ns=0, said_ns=0), "stranger"),
    ),
    "a pong that was not awaited": (
        lambda afar, worker, left, folder: afar.offset(worker, "steady"),
        ("pong", Pong(number=-1, received_ns=0, said_ns=0), "itself"),
    ),
}


@pytest.mark.parametrize(("ask", "stray"), ASKS.values(), ids=list(ASKS))
def test_what_is_no_answer_does_not_make_the_wait_longer(ask, stray, part, tmp_path, monkeypatch):
    from harness.load import afar
    from harness.load.locusts import gevent

    name, told, whose = stray
    with led("leaves", part) as (master, worker, process), stranger(master) as say:
        monkeypatch.setattr(afar, "ANSWER_S", 1.0)

        def stray_often():
            for _ in range(50):
                say(name, told, worker if whose == "itself" else whose)
                gevent.sleep(0.1)

        process.send_signal(signal.SIGSTOP)
        straying = gevent.spawn(stray_often)
        try:
            with pytest.raises(LoadError, match=r"did not answer within 1 s"):
                ask(master.afar, worker, master.done[worker].left, tmp_path / "came")
            assert not straying.ready(), "it was waited for as long as anything came"
        finally:
            process.send_signal(signal.SIGCONT)
            straying.kill()


def test_the_user_can_end_a_transfer(part, tmp_path):
    with led("keeps", part) as (master, worker, _), pytest.raises(LoadError, match="its user ended the load while"):
        master.afar.collect(worker, master.done[worker].left, tmp_path / "came", lambda: True)
