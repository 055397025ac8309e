"""The socket of the benches: what gonogo's own parts and the bundled engine cost, each beside a baseline of the same run.

A new bench is one file here with the public name `BENCH`: a function that takes a `Site` and gives its cases. The cases of one group
take turns, round by round, so that a noisy moment hits the baseline too; each times itself, so that looking whether the work was
done right costs it nothing. A figure whose work was not right is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple, Protocol, Self, TypeAlias

from harness.base.capabilities import Instrument
from harness.port import Engine

Category: TypeAlias = Literal["in_process", "adapter", "wire", "harness"]
Unit: TypeAlias = Literal["1/s", "ns", "s"]


class Round(NamedTuple):
    """One turn of a case."""

    elapsed_ns: int
    right: bool
    """Whether what came out is what had to."""


class Goal(NamedTuple):
    """What a figure means to reach; None: no such goal."""

    ratio: float | None = None
    """At least so many times as good as the baseline."""
    least: float | None = None
    most: float | None = None


NO_GOAL = Goal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One figure."""

    name: str
    about: str
    amount: int
    """How many things one round handles: messages, events, values."""
    run: Callable[[], Round]
    category: Category = "in_process"
    unit: Unit = "1/s"
    """1/s: things a second; ns: nanoseconds a thing; s: seconds for all."""
    baseline: str = ""
    """The name of another case of the same group."""
    goal: Goal = NO_GOAL
    warms: bool = True
    """Whether the first round is other than the rest, as where kernels are loaded: it is then no run."""
    most_rounds: int = 100
    """For work that is slow and steady: it takes part in the first rounds only."""


class Building(Protocol):
    """Makes a bundled engine, stopped, by its name on the command line."""

    def __call__(self, name: str, instruments: tuple[Instrument, ...]) -> Engine: ...


class Judge(Protocol):
    """A judge in a process beside a run, as `gonogo run` has it for a bounded history; leaving its context ends it."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...

    def start(self) -> None:
        """Start it and wait until it is ready; journal and papers of the run must be there."""

    def at_work(self) -> bool:
        """Whether it still folds what is written."""

    def finish(self) -> str:
        """Wait until it has folded everything; what became of it, where it did not come so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where benches run."""

    engine: Building
    judge: Callable[[Path, str], Judge]
    """The judge of a run folder's scenario, not yet started."""
    folder: Path
    """An empty folder for files; it goes away."""
    share: float = 1.0
    """How much of the full work is done: 1 all of it, less for a quick look."""

    def part(self, amount: int) -> int:
        """So much of the full amount as is to be done, one at least."""
        return max(int(amount * self.share), 1)


class Bench(Protocol):
    """A bench: one file in `harness/bench`, public name `BENCH`. Gives its cases in groups, each made when its turn comes."""

    def __call__(self, site: Site) -> Iterator[Sequence[Case]]: ...
