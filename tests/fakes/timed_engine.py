"""An adapter whose operations take as long as they are told to: a pool that is taken from and given to, and what goes wrong."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from engines.adapters.plain import PlainInProcess
from harness.base.errors import EngineDiedError
from harness.operations import Offered, Operation

OBJECTS = 1_000
WORK = int(os.environ.get("TIMED_WORK", "20"))
"""How much each object takes; an environment variable, so that it must reach the workers."""


class Pool:
    """Objects that are taken and given back."""

    def __init__(self):
        self.free = list(range(OBJECTS))
        self.taken = []

    def take(self):
        for _ in range(OBJECTS):
            sum(range(WORK))
            self.taken.append(self.free.pop())

    def give(self):
        while self.taken:
            sum(range(WORK))
            self.free.append(self.taken.pop())


def take():
    """What the adapter prints must not be taken for pyperf's own."""
    sys.stdout.write("a pool is made\n")
    pool = Pool()

    def restore(_):
        if len(pool.taken) != OBJECTS:
            raise EngineDiedError("the pool gave too few")
        pool.give()

    return Operation(OBJECTS, pool.take, restore)


def give():
    pool = Pool()
    pool.take()
    return Operation(OBJECTS, pool.give, lambda _: pool.take())


def empty():
    pool = Pool()
    pool.free.clear()
    return Operation(OBJECTS, list, lambda _: take().restore(None))


def died():
    os.kill(os.getpid(), signal.SIGKILL)


def stuck():
    """Never ends, nor does a program that it starts; says which processes they are."""
    with subprocess.Popen(["sleep", "1000"]) as child:
        Path("stuck.part").write_text(f"{os.getpid()} {child.pid}")
        Path("stuck.part").rename("stuck")
        sys.stderr.write("about to wait\n")
        child.wait()


class Timed(PlainInProcess):
    """The plain engine, with operations of its own."""

    name = "timed"

    def operations(self):
        return {
            "pool_take": Offered("an object taken from the pool", take),
            "pool_give": Offered("an object given back", give, against="pool_take"),
            "too_few": Offered("a pool that gives nothing", empty),
            "died": Offered("an engine that is killed", died),
            "stuck": Offered("an engine that hangs", stuck),
        }


ENGINE = Timed
