"""Scenarios that are sent by workers instead of by gonogo itself: which can be, and what each worker is told."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

import harness
from harness.base.errors import SetupError
from harness.compose import own_files
from harness.compose.driving import Planned
from harness.compose.fitting import Asked
from harness.instruments.drive import Drive
from harness.instruments.load import Load
from harness.load.crew import Crew
from harness.load.messages import Job
from harness.load.places import Meeting

WORKER = (sys.executable, "-P", "-m", "harness.compose.load_worker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hiring:
    """What the user asked of workers, and of what they send."""

    workers: int
    page_port: int
    asked: Asked
    seed: int
    """Of the run."""
    data: Path | None
    meeting: Meeting | None = None
    """Where workers of other machines come to; None: they are started here."""


def by_workers(planned: Planned, hiring: Hiring) -> Planned | str:
    """The same scenario with its commands sent by workers, or why that cannot be.

    Raises:
        SetupError: the engine takes one process alone.
    """
    drive = planned.scenario.instrument
    if not isinstance(drive, Drive) or drive.runs > 1 or drive.snapshot_every or planned.flow.notes().cases:
        return "its commands go in one order by one sender, so workers cannot share them"
    if not planned.pacing.rate_per_s:
        return "it has no pace, and as fast as the engine takes them commands cannot be shared among workers"
    if not planned.engine.joinable:
        raise SetupError(
            f"--workers: the engine {planned.engine.name} is driven by gonogo's own process alone; wanted one that listens for OUCH or FIX, such as service (docs/load.md)"
        )
    load = Load(commands=drive.commands, duration_ns=drive.duration_ns, answer_timeout_ns=drive.answer_timeout_ns)
    crew = Crew(
        workers=hiring.workers,
        job=_job(planned, drive, hiring),
        command=WORKER,
        page_port=hiring.page_port,
        meeting=hiring.meeting,
    )
    if hiring.meeting:
        crew = _met(crew, hiring.meeting, planned.source, hiring.data)
    return replace(planned, scenario=replace(planned.scenario, instrument=load), crew=crew)


def _job(planned: Planned, drive: Drive, hiring: Hiring) -> Job:
    asked = hiring.asked
    return Job(
        gonogo=harness.__version__, scenario=planned.source or planned.name, name=planned.name, seed=hiring.seed, rate_per_s=asked.rate_per_s, speed=asked.speed,
        peak_per_s=planned.peak.commands_per_s if planned.peak else 0.0, asked_ns=asked.duration_ns,
        data=str(hiring.data.resolve()) if hiring.data else "", commands=drive.commands, duration_ns=drive.duration_ns,
        answer_timeout_ns=drive.answer_timeout_ns, capabilities=planned.engine.capabilities, conventions=planned.engine.conventions,
    )  # fmt: skip


def _met(crew: Crew, meeting: Meeting, source: str, data: Path | None) -> Crew:
    """The same crew out of workers of other machines, which read their own files: each is told what these must be like."""
    found = own_files.recorded(source or crew.job.scenario, data)
    job = msgspec.structs.replace(
        crew.job, scenario=Path(source).name or crew.job.scenario, scenario_digest=own_files.digest(Path(source)) if source else "",
        data_digest=own_files.digest(found) if found else "", data="",
    )  # fmt: skip
    words = (
        *((job.scenario,) if source else ()),
        *(("--data", "DIR") if found and not source.endswith(".toml") else ()),
    )
    return replace(crew, job=job, meeting=meeting._replace(words=words))
