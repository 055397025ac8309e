"""Flows drawn and played against the oracle's model: what a flow gives, without an engine or an instrument."""

from itertools import islice

import numpy as np

from harness.base.capabilities import Conventions
from harness.base.records import COMMAND, command_rows
from harness.base.seeds import Seed
from harness.oracle.model import Model

BLOCK = 1024


def drawn(flow, seed, blocks):
    """The flow's first `blocks` times 1,024 commands."""
    commands = np.zeros(0, COMMAND)
    batches = flow.batches(seed)
    while len(commands) < blocks * BLOCK:
        commands = np.concatenate([commands, *islice(batches, 8)])
    return commands[: blocks * BLOCK]


def played(flow, blocks):
    """The flow's first commands and what the oracle's model answers to each."""
    model = Model(flow.instruments(), Conventions(self_trade="cancel_newest"))
    rows = command_rows(drawn(flow, Seed(1), blocks))
    return [(row, model.apply(row)) for row in (row._replace(number=at) for at, row in enumerate(rows, 1))], model


def share(answers, kind, of):
    """How many events of `kind` come for a command of the kinds `of`."""
    asked = [events for command, events in answers if command.kind in of]
    return sum(event.kind == kind for events in asked for event in events) / len(asked)
