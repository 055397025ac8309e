"""One command of two hundred is lost between the gateway and the engine, though it was taken: a queue that overwrites what it holds."""

from __future__ import annotations

from engines.service.pipeline import Pipeline
from engines.specimens import SpecimenPlug
from harness.base.records import Commands

EVERY = 200
HEALTHY = Pipeline.offer


def _offer(self: Pipeline, commands: Commands) -> int:
    before = self.counts.offered
    if len(commands) and before // EVERY != (before + len(commands)) // EVERY:
        taken = HEALTHY(self, commands[:-1])
        return taken + (taken == len(commands) - 1)
    return HEALTHY(self, commands)


def build() -> None:
    """Put it into the service of this process."""
    Pipeline.offer = _offer  # type: ignore[method-assign] # that is what a specimen is


SPECIMEN = SpecimenPlug(
    about="one command of two hundred is taken and never carried out", kind="pipeline", caught_by=("answered_once",),
    build=build, base="service",
)  # fmt: skip
