"""Finds a specimen's fault on a short tape as `gonogo specimens` does, and makes the tape small."""

from __future__ import annotations

from harness.base import discover
from harness.compose import plugs, tapes
from harness.compose.again import Again
from harness.compose.replaying import MARGIN
from harness.compose.shrinking import SPARE, smaller
from harness.compose.trial import Trial
from harness.shrink.shrinker import Budget, Shrunk
from harness.shrink.tries import Sight


def shrunk(name: str, tries: int = 2_000) -> Shrunk:
    """The smallest tape of the first flow on which a check that is meant to catch the specimen does."""
    plug = discover.load(plugs.SPECIMENS, name, "SPECIMEN")
    choice = plugs.engine(name)
    for tape in tapes.tapes():
        done = tapes.drive(choice, tape._replace(checks=plug.caught_by), 1)
        found = done.findings() if done else ()
        if found:
            break
    finding = found[0]
    scenario = plugs.scenario(tape.scenario)
    commands = done.commands[: SPARE * (finding.first_command + MARGIN)]
    with Trial(choice, scenario.flow.instruments(), scenario.conventions) as trial:
        again = Again(trial, finding.check, finding.kind)
        again.within(done.commands, done.notes.cases)
        made = smaller(again, commands, Sight(finding.first_command, finding.orders), Budget(tries=tries))
        assert made, "the tape shows its finding again"
        assert again.ever(made.tape), "and so does what is left of it"
    return made
