"""A server whose answers stop for a while, over and over: the reference engine over JSON lines, which goes on reading and carrying out.

    python stalling.py STALL_MS PERIOD_MS

Periods are counted from the first command on. It stalls in the middle of each, so that a run of whole periods has whole stalls.
"""

import os
import select
import sys
import time
from importlib.metadata import version

import numpy as np

from engines.reference.engine import ReferenceEngine
from engines.reference.offered import CAPABILITIES, CONVENTIONS
from engines.service.speaking import Conversation, Offer
from harness.base.records import COMMAND

READ_BYTES = 1 << 20


def built(instruments, conventions):
    """An engine whose kernels are there before the first command is due."""
    engine = ReferenceEngine(instruments, conventions)
    engine.submit(np.zeros(0, COMMAND))
    return engine


def left_s(since_s, stall_s, period_s):
    """How much of a stall is left, so long after the first command; 0 between stalls."""
    into_s = since_s % period_s - period_s / 2
    return stall_s - into_s if 0 <= into_s < stall_s else 0.0


def speak(stall_s, period_s):
    talk = Conversation(Offer("stalling", version("gonogo"), CAPABILITIES, CONVENTIONS, built))
    begun_s, told = 0.0, b""
    while not talk.wrong:
        wait_s = left_s(time.monotonic() - begun_s, stall_s, period_s) if begun_s else 0.0
        if told and not wait_s:
            told = told[os.write(1, told) :]
            continue
        ready, _, _ = select.select([0], [], [], wait_s if told else None)
        if ready:
            came = os.read(0, READ_BYTES)
            if not came:
                break
            told += talk.answer(came)
            begun_s = begun_s or (time.monotonic() if talk.commands else 0.0)


if __name__ == "__main__":
    speak(*(float(word) / 1e3 for word in sys.argv[1:3]))
