"""Runs the benches: gives each its engines and a folder, and puts its figures together with what the host and the versions are."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import msgspec

import harness
from harness.base import discover
from harness.base.capabilities import Instrument
from harness.base.errors import SetupError
from harness.bench import Bench, Site
from harness.compose import plugs
from harness.compose.beside import Beside
from harness.evidence.host import host
from harness.port import Engine
from harness.rounds import Result, measure, noise_pct

SCHEMA = 1
"""Version of what `gonogo bench --json` prints. 1: first."""


class BenchHost(msgspec.Struct, frozen=True, kw_only=True):
    """The machine that was measured on."""

    cpu: str
    cores: int
    governor: str
    noise_pct: float
    """How far the time of a fixed piece of work strayed, at the worst of the looks taken between the benches."""


class BenchReport(msgspec.Struct, frozen=True, kw_only=True):
    """All figures of one call."""

    schema: int = SCHEMA
    host: BenchHost
    versions: dict[str, str]
    results: tuple[Result, ...]

    def correct(self) -> bool:
        """Whether all the work was done right."""
        return all(one.correct for one in self.results)


def bench(asked: Sequence[str], rounds: int, share: float, tell: Callable[[str], None]) -> BenchReport:
    """Run these benches, all where none is asked for.

    Raises:
        SetupError: there is no such bench.
    """
    known = discover.names(plugs.BENCHES)
    if strange := [name for name in asked if name not in known]:
        raise SetupError(f"there is no bench {strange[0]!r}; there are: {', '.join(known)}")
    results: list[Result] = []
    noise = [noise_pct()]
    for name in asked or known:
        plug: Bench = discover.load(plugs.BENCHES, name, "BENCH")
        with tempfile.TemporaryDirectory(prefix="gonogo-bench-") as folder:
            for cases in plug(Site(engine=_engine, judge=Beside, folder=Path(folder), share=share)):
                results += measure(cases, rounds, tell)
        noise.append(noise_pct())
    machine = host()
    return BenchReport(
        host=BenchHost(cpu=machine.cpu, cores=machine.cores, governor=machine.governor, noise_pct=max(noise)),
        versions={"gonogo": harness.__version__, "python": platform.python_version(), "numba": version("numba"), "numpy": version("numpy")},
        results=tuple(results),
    )  # fmt: skip


def _engine(name: str, instruments: tuple[Instrument, ...]) -> Engine:
    return plugs.engine(name).engine(instruments, None)
