"""A worker of a load, as a process: `python -P -m harness.compose.load_worker HOST PORT FOLDER`. It ends with whoever started it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import cast

import harness
from harness.base.clock import CommonClock
from harness.base.errors import SetupError
from harness.base.findings import Distribution
from harness.base.seeds import Seed
from harness.compose import plugs
from harness.compose.fitting import Asked, fitted, flow_of
from harness.engine_file import EngineFile
from harness.instruments import Context
from harness.instruments.drive import Drive
from harness.load.messages import Done, Job, Ready, Seats, Tally
from harness.load.places import Place
from harness.load.shares import Share, Whole
from harness.load.sources import write_part
from harness.load.tally import Tallied
from harness.load.withholding import Withholding
from harness.policy import Peak
from harness.port import Engine

GRAIN_S = 0.0001
"""How long one thread may keep the interpreter from another: the one that sends is due every few microseconds."""


class Sending:
    """One worker's part of a load."""

    def __init__(self, job: Job, seats: Seats, folder: Path) -> None:
        if job.gonogo != harness.__version__:
            raise SetupError(
                f"this worker is of gonogo {harness.__version__} and the master of {job.gonogo}; wanted the same"
            )
        self._job, self._seats, self._folder = job, seats, folder
        self._out = Tallied(folder)

    def run(self, begin: Callable[[Ready], int], stopped: Callable[[], bool]) -> Done:
        """Make ready, then send."""
        job = self._job
        whole = _whole(job)
        share, clock = Share(whole, self._seats), CommonClock()

        def begin_with_all() -> int:
            clock.count_from(begin(Ready(drawn=whole.fingerprint())))
            return 0

        file = EngineFile.model_validate_json(self._seats.engine)
        engine = plugs.EngineChoice("joined", file.adapter, file=file).engine(whole.flow.instruments(), None)
        context = Context(
            clock=clock, seed=whole.seed, flow=share, pacing=share, probes=(), stopped=stopped, progress=lambda _: None, begin=begin_with_all,
        )  # fmt: skip
        drive = Drive(duration_ns=job.duration_ns, commands=whole.most, answer_timeout_ns=job.answer_timeout_ns)
        try:
            engine.start()
            for account in self._seats.accounts:
                # Connected before anything is due.
                engine.session(account).close()
            outcome = drive.run(cast(Engine, Withholding(engine, share)), self._out, context)
            self._out.close()
            write_part(
                self._folder,
                share.numbers(self._out.sent),
                engine.spoken() if outcome.status != "engine failed" else (),
            )
        finally:
            engine.stop(graceful=False)
        return Done(
            status=outcome.status, failure=outcome.failure, sent=self._out.sent, received=self._out.received, elapsed_ns=outcome.duration_ns,
            drawn_out=share.drawn_out,
        )  # fmt: skip

    def tally(self) -> Tally:
        """What happened since this was asked for last."""
        return self._out.tally()

    def in_all(self) -> tuple[Distribution, Distribution]:
        """Response and service times of all that was told of."""
        return self._out.in_all()


def _whole(job: Job) -> Whole:
    """The flow that all workers share, as whoever runs it made it."""
    scenario = plugs.scenario(job.scenario)
    flow = flow_of(scenario, Path(job.data) if job.data else None)
    if isinstance(flow, str):
        raise SetupError(flow)
    peak = Peak(commands_per_s=job.peak_per_s, source="as the master says") if job.peak_per_s else None
    asked = Asked(rate_per_s=job.rate_per_s, speed=job.speed, duration_ns=job.asked_ns, peak=peak)
    made = fitted(flow, scenario.pacing, asked, job.capabilities, job.conventions)
    if isinstance(made, str):
        raise SetupError(made)
    seed = Seed(job.seed).branch(job.name or Path(job.scenario).stem)
    return Whole(made.flow, made.pacing.seeded(seed), seed, job.commands, job.duration_ns)


def _end_with_starter() -> None:
    """Whoever started this holds the other end of its input."""
    # No buffer, which an interpreter that ends would wait for.
    os.read(sys.stdin.fileno(), 1)
    os._exit(0)


def main() -> None:
    """Work until the master lets it go."""
    host, port, folder = sys.argv[1:]
    threading.Thread(target=_end_with_starter, daemon=True).start()
    sys.setswitchinterval(GRAIN_S)
    from harness.load.worker import Worker

    Worker(Place(host, int(port)), lambda job, seats: Sending(job, seats, Path(folder))).run()


if __name__ == "__main__":
    main()
