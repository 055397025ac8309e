"""An adapter whose operations take as long as they are told to: a pool that is taken from and given to, and what goes wrong."""

import os
import signal
import sys
import time
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
    sys.stdout.write("....\n")
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
    """Says which process it is, and never ends."""
    Path("stuck.pid").write_text(str(os.getpid()))
    sys.stderr.write("about to wait\n")
    time.sleep(1_000)


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
