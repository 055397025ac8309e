"""The books that seeds of the flow common leave behind an engine: as what it told says, and as it shows them itself where it can."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from harness.base.bits import digest
from harness.base.records import Commands
from harness.base.seeds import Seed
from harness.compose.plugs import EngineChoice
from harness.compose.trial import Trial
from harness.flows import first_commands
from harness.flows.common import FLOW
from tests.fakes.rebuilt import rebuilt
from tests.fakes.reference_ways import CONVENTIONS

CHECKS = ("answered_once", "channels_agree", "legal")
AT_ONCE = 250
"""Commands that are sent before their answers are waited for: the slowest wire says so many within its time on a busy machine."""


class Left(NamedTuple):
    """What one seed left."""

    digest: str
    """Of the book that follows from the events."""
    orders: int
    shown: str
    """The digest of the engine's own book; empty where it cannot be asked."""
    wrong: list[str]
    """What was found of it, in words."""


def commands_of(seed: int, count: int) -> Commands:
    """The first commands of a seed."""
    return first_commands(FLOW().batches(Seed(seed)), count)


def books_left(choice: EngineChoice, seeds: Iterable[int], count: int) -> Iterator[Left]:
    """One started engine takes the seeds one after another, and is reset in between."""
    with Trial(choice, FLOW().instruments(), CONVENTIONS) as trial:
        engine = trial.engine
        assert FLOW().fitted(engine.capabilities, engine.conventions) == FLOW(), "it offers all of the flow"
        for seed in seeds:
            done = trial.run(commands_of(seed, count), CHECKS, snapshot_every=AT_ONCE)
            rows, breaches = rebuilt(engine, done.commands, done.events)
            wrong = [done.failure, *(one.title for one in done.findings()), *(str(one) for one in breaches)]
            shown = engine.snapshot() if not done.failure else None
            yield Left(digest(rows), len(rows), digest(shown.rows) if shown else "", list(filter(None, wrong)))
