"""Processes and what they started, on real ones."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path

import pytest

from engines.adapters._process import KEEPER as KEEPER_FILE
from engines.adapters._process import Log, Process
from harness.target import tree
from harness.target.tree import KEEPER, children, family, kept, read, threads
from tests.fakes.at_work import SHELL, WRAPPED, program


@pytest.fixture(params=["by thread", "by psutil"])
def _listed(request, monkeypatch):
    """As the kernel lists children, and as psutil does where it does not."""
    if request.param == "by psutil":
        monkeypatch.setattr(tree, "_is_listed", lambda: False)


@pytest.mark.usefixtures("_listed")
def test_a_family_is_all_that_was_started_each_once():
    with program(*WRAPPED) as script:
        [inside] = children(script.pid)
        assert set(family((script.pid, inside))) == {script.pid, inside}
        assert family((script.pid,), apart=(inside,)) == (script.pid,)
        assert inside in family((os.getpid(),))
        assert not {script.pid, inside} & set(family((os.getpid(),), apart=(script.pid,)))
    assert family((script.pid,)) == ()


@pytest.mark.usefixtures("_listed")
def test_what_any_thread_started_is_a_child():
    started: list[subprocess.Popen[bytes]] = []
    begun, over = threading.Event(), threading.Event()

    def start() -> None:
        with program(*SHELL) as one:
            started.append(one)
            begun.set()
            over.wait()

    thread = threading.Thread(target=start)
    thread.start()
    try:
        assert begun.wait(60)
        assert started[0].pid in children(os.getpid())
        assert str(os.getpid()) in threads(os.getpid())
        assert len(threads(os.getpid())) >= 2
    finally:
        over.set()
        thread.join()
    assert children(started[0].pid) == threads(started[0].pid) == ()


def test_behind_a_keeper_it_is_what_that_keeps_also_what_was_left_alone():
    before = set(children(os.getpid()))
    process = Process(["sh", "-c", "(sleep 600 >&2 &); read end"], Path.cwd(), {}, Log(), speaks=True)
    try:
        [keeper] = set(children(os.getpid())) - before
        # Once the shell between is gone, its keeper has adopted what it left.
        give_up = time.monotonic() + 60
        while len(process.pids()) < 2:
            assert time.monotonic() < give_up
        assert kept(process.pid) == (process.pid,)
        assert kept(keeper) == process.pids()
        assert process.pid in process.pids()
    finally:
        process.kill()
    assert process.pids() == ()
    assert KEEPER_FILE.name.encode() == KEEPER


def test_a_file_is_read_to_its_end():
    assert len(read("/proc/kallsyms")) > 1 << 17
    with pytest.raises(FileNotFoundError):
        read("/proc/nothing")
