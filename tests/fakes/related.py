"""Tapes that every relation carries, and an engine that a changed tape is sent to."""

import numpy as np

from engines.adapters.plain import ENGINE
from harness.base.bits import copied
from harness.base.records import Commands
from harness.base.seeds import Seed
from harness.flows import first_commands
from harness.flows.carried import CarriedFlow
from harness.flows.explored import ExploredFlow
from harness.port import EngineSetup
from harness.relations import Tape
from tests.fakes.history import INSTRUMENTS
from tests.fakes.taped import tape_of

FLOW = CarriedFlow(of=ExploredFlow(), episode=100)
CHANCE = np.random.default_rng(1)


def by_hand(*rows, instruments=INSTRUMENTS) -> Tape:
    """A tape of these rows."""
    return Tape(tape_of(rows), instruments)


def drawn(seed: int, count: int = 600) -> Tape:
    """A tape of all sorts of commands."""
    return Tape(first_commands(FLOW.batches(Seed(seed)), count), FLOW.instruments())


def said(tape: Tape, commands: Commands):
    """What a healthy engine, which is empty, says to the commands, which are numbered from 1."""
    engine = ENGINE(EngineSetup(tape.instruments, None, None))
    engine.start()
    sent = copied(commands)
    sent["number"] = np.arange(1, len(sent) + 1)
    engine.session(1).send(sent)
    return engine.poll(0)


def column(records, field: str) -> list[int]:
    """A field of all records."""
    return records[field].tolist()
