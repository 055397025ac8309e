"""The bundled engine over standard input and output, as `gonogo serve --stdio`: matching alone, in memory, without ports or files.

It is what an engine under test looks like that speaks JSON lines. `gonogo serve` finds it here, by the name `STDIO`.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib.metadata import version
from typing import TextIO

import numpy as np

from engines.reference.engine import ReferenceEngine
from engines.reference.offered import CAPABILITIES, CONVENTIONS
from engines.service.operations.logs import Log
from engines.service.speaking import Conversation, Offer
from harness.base.capabilities import Conventions, Instrument
from harness.base.records import COMMAND

READ_BYTES = 1 << 20


def stdio(reading: int = 0, writing: int = 1, log: TextIO | None = None) -> bool:
    """Speak until the input ends; whether it ended, rather than that something wrong came."""
    said = Log(log or sys.stderr)
    talk = Conversation(Offer("reference", version("gonogo"), CAPABILITIES, CONVENTIONS, _built))
    # Who went away while something was said to him has ended the input too.
    with suppress(BrokenPipeError):
        while not talk.wrong and (came := os.read(reading, READ_BYTES)):
            _write(writing, talk.answer(came))
    why = talk.wrong or "end of input"
    said.say("ended", "error" if talk.wrong else "info", commands=talk.commands, events=talk.events, why=why)
    return not talk.wrong


def _built(instruments: tuple[Instrument, ...], conventions: Conventions) -> ReferenceEngine:
    """An engine whose kernels are loaded, or compiled, before it says that it is there."""
    engine = ReferenceEngine(instruments, conventions)
    engine.submit(np.zeros(0, COMMAND))
    return engine


def _write(writing: int, lines: bytes) -> None:
    while lines:
        lines = lines[os.write(writing, lines) :]


STDIO = stdio
