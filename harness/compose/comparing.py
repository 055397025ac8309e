"""Compares two builds of an engine: their runs in pairs, side by side in time, on one host, and what those come to.

Which of a pair is first is dealt by the seed, as often the one as the other. So whatever changes while they run, be it a drift, a
neighbour or the place in the pair, falls on both sides alike, and the signs of the differences are as good as a coin's where the
builds are alike: the test that decides takes nothing else for granted. How many pairs are run is fixed before the first, and nothing
of the differences is shown before the last, so that nobody can stop at a lucky moment.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt

import harness
from harness.base import differences
from harness.base.comparison import METRICS, ComparedHost, Comparison, Turn
from harness.base.differences import Sample
from harness.base.errors import EngineError, SetupError
from harness.base.seeds import Seed
from harness.compose import plugs
from harness.compose.commits import checked_out
from harness.compose.nursery import Nursery
from harness.compose.turns import Ready, Side, Task, Timed, check_asked
from harness.compose.warming import warm
from harness.evidence.host import host
from harness.evidence.run import HostRecord
from harness.evidence.store import write_json
from harness.instruments.drive import DRAWN_AHEAD
from harness.policy import LoadedPolicy
from harness.rounds import noise_pct

SIDES = ("base", "head")
SCENARIOS = ("poisson", "volume")
"""One with a pace, for how long answers take; one without, for how many there can be."""
PAIRS = 30
LENGTH_NS = 1_000_000_000
FIRST_COMMANDS = 4_096
"""Sent to find out how many fill a run."""
FEWEST_COMMANDS = 1_000
"""Of a run: fewer say nothing of a rate."""
INTERRUPTED = "interrupted"
LAG_NS_MOST = 1_000_000
"""From which 99th percentile of its own lag on the generator is what latencies tell of: the limit of the built-in policy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the user asked to be compared."""

    base: str
    head: str
    """Engines, as `gonogo run --engine` takes them; the path of one with @COMMIT behind it: as it was there."""
    policy: LoadedPolicy
    budgets_pct: Mapping[str, float]
    scenarios: tuple[str, ...] = SCENARIOS
    pairs: int = PAIRS
    length_ns: int = LENGTH_NS
    """How long a run is to drive."""
    rate_per_s: float | None = None
    """Of the paced scenarios; None: their own."""
    seed: int = 1
    data: Path | None = None


@dataclass(slots=True)
class _Made:
    """What was measured so far."""

    turns: list[Turn] = field(default_factory=list)
    lags_ns: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    """By scenario and side."""
    ended: str = ""

    def pairs(self, order: Order) -> int:
        """How many are whole."""
        return len(self.turns) // (len(SIDES) * len(order.scenarios))

    def add(self, side: str, pair: int, scenario: str, timed: Timed) -> None:
        self.turns.append(
            Turn(scenario=scenario, side="base" if side == "base" else "head", pair=pair, values=timed.values)
        )
        self.lags_ns.setdefault((scenario, side), []).append(timed.lag_ns)


def compare(order: Order, tell: Callable[[str], None], stopped: Callable[[], bool]) -> Comparison:
    """Run the pairs and say what they come to.

    Raises:
        SetupError: something of what was asked for cannot be.
        EngineError: a side failed before the first pair was whole.
        KeyboardInterrupt: the user asked to end before that.
    """
    with checked_out(order.base) as base, checked_out(order.head) as head:
        return _compare(replace(order, base=base, head=head), tell, stopped)


def _compare(order: Order, tell: Callable[[str], None], stopped: Callable[[], bool]) -> Comparison:
    check_asked((order.base, order.head), order.scenarios)
    now, before_pct = dt.datetime.now(dt.UTC), noise_pct()
    warm([order.base, order.head], order.scenarios, tell)
    tell("making both sides ready")
    with Nursery(
        {name: _side(order, engine) for name, engine in zip(SIDES, (order.base, order.head), strict=True)}
    ) as nursery:
        ready = {side: nursery.ready(side) for side in SIDES}
        tasks, first = _tasks(order, ready["base"], nursery)
        deciding = _deciding(first, order.budgets_pct)
        if order.pairs < (fewest := differences.fewest_pairs(deciding)):
            raise SetupError(
                f"{order.pairs} pairs can never show a difference in {deciding} figures at once; wanted {fewest} or more"
            )
        made = _pairs(order, tasks, nursery, tell, stopped)
    pairs = made.pairs(order)
    if not pairs:
        raise KeyboardInterrupt if made.ended == INTERRUPTED else EngineError(made.ended)
    whole = [turn for turn in made.turns if turn.pair <= pairs]
    told = differences.compare(samples(whole, order.budgets_pct, paired=True, late=doubts(made.lags_ns)))
    word = differences.overall(told)
    return Comparison(
        started_utc=f"{now:%Y-%m-%dT%H:%M:%SZ}", gonogo=harness.__version__, base=ready["base"].identity, head=ready["head"].identity,
        host=compared_host(host(), max(before_pct, noise_pct())), seed=order.seed, pairs_asked=order.pairs, pairs=pairs, ended=made.ended,
        commands={task.scenario: task.commands for task in tasks}, word=word,
        # What ended early is never 0: a CI must not pass for having been cut short.
        exit=differences.EXITS[word] or (differences.EXITS["cannot tell"] if made.ended else 0), differences=told, turns=tuple(whole),
    )  # fmt: skip


def store(comparison: Comparison, out: Path) -> Path:
    """Write it into a folder of its own; where it lies."""
    moment = comparison.started_utc.replace("-", "").replace(":", "")
    path = out / "compare" / f"{moment}-{secrets.token_hex(2)}" / "comparison.json"
    try:
        write_json(path, comparison)
    except OSError as error:
        raise SetupError(f"cannot write {path}: {error.strerror}; name another place with --out") from error
    return path


def samples(
    turns: Sequence[Turn], budgets_pct: Mapping[str, float], *, paired: bool, late: Mapping[str, str]
) -> list[Sample]:
    """The turns, in their pairs' order, as samples, a metric of a scenario each; `late` says of which scenarios latencies say nothing, and why."""
    found: list[Sample] = []
    for scenario in dict.fromkeys(turn.scenario for turn in turns):
        own = [turn for turn in turns if turn.scenario == scenario]
        for metric in METRICS:
            base, head = (_taken(own, side, metric) for side in SIDES)
            if not (base.size and head.size):
                continue
            doubt = late.get(scenario, "") if metric.startswith(("response", "service")) else ""
            found.append(Sample(scenario, metric, base, head, paired, budgets_pct.get(metric), doubt))
    return found


def _taken(turns: Sequence[Turn], side: str, metric: str) -> npt.NDArray[np.float64]:
    return np.array([turn.values[metric] for turn in turns if turn.side == side and metric in turn.values])


def _side(order: Order, engine: str) -> Side:
    return Side(engine, order.scenarios, order.rate_per_s, order.seed, order.data, order.policy)


def compared_host(machine: HostRecord, noise: float | None = None) -> ComparedHost:
    """What a comparison tells of a machine."""
    return ComparedHost(
        cpu=machine.cpu, cores=machine.cores, kernel=machine.kernel, governor=machine.governor, noise_pct=noise
    )


def _tasks(order: Order, base: Ready, nursery: Nursery) -> tuple[list[Task], dict[str, Timed]]:
    """What each run of each scenario is, and what both sides' first runs came to, which do not count.

    Both send the same commands each time, as many as fill the time: at the pace, or else as fast as the base takes them.
    """
    tasks: list[Task] = []
    first: dict[str, Timed] = {}
    seconds = order.length_ns / 1e9
    for scenario, rate_per_s in base.rates_per_s.items():
        commands = _within(rate_per_s * seconds) if rate_per_s else FIRST_COMMANDS
        if not rate_per_s:
            for _ in range(2):
                # Twice: the first, short one tells little of how fast a warm engine is.
                timed = _first(nursery, "base", Task(scenario, commands))
                commands = _within(timed.commands * order.length_ns / max(timed.duration_ns, 1))
        for side in SIDES:
            first[scenario] = _first(nursery, side, Task(scenario, commands, looks=True))
        tasks.append(Task(scenario, commands))
    return tasks, first


def _within(commands: float) -> int:
    """What is drawn before the clock starts bounds a run from above."""
    return round(min(max(commands, FEWEST_COMMANDS), DRAWN_AHEAD))


def _first(nursery: Nursery, side: str, task: Task) -> Timed:
    try:
        return nursery.run(side, task)
    except EngineError as error:
        raise EngineError(f"{side}, {task.scenario}: {error}") from error


def _deciding(first: Mapping[str, Timed], budgets_pct: Mapping[str, float]) -> int:
    """How many figures decide."""
    if not (deciding := sum(metric in budgets_pct for timed in first.values() for metric in timed.values)):
        measured = sorted({metric for timed in first.values() for metric in timed.values})
        raise SetupError(
            f"no figure that is measured has a budget, so nothing would be decided; measured are: {', '.join(measured)}"
        )
    return deciding


def _pairs(
    order: Order, tasks: Sequence[Task], nursery: Nursery, tell: Callable[[str], None], stopped: Callable[[], bool]
) -> _Made:
    """All pairs, until one fails or the user does not wait for more."""
    made = _Made()
    for pair, sides in enumerate(dealt(order.pairs, order.seed), 1):
        tell(f"pair {pair} of {order.pairs}")
        for task in tasks:
            for side in sides:
                if stopped():
                    made.ended = INTERRUPTED
                    return made
                try:
                    timed = nursery.run(side, task)
                except EngineError as error:
                    made.ended = f"the {side} failed in pair {pair}, {task.scenario}: {error}"
                    return made
                made.add(side, pair, task.scenario, timed)
    return made


def dealt(pairs: int, seed: int) -> Iterator[tuple[str, ...]]:
    """Who is first in each pair, as often the one as the other."""
    base_first = np.arange(pairs) % 2 == 0
    for first in Seed(seed).stream("order of pairs").permutation(base_first):
        yield SIDES if first else SIDES[::-1]


def doubts(lags_ns: Mapping[tuple[str, str], Sequence[int]]) -> dict[str, str]:
    """Why latencies of a scenario say nothing of the engine, where the generator was what was late; by the lags of a scenario's side."""
    found: dict[str, str] = {}
    for (scenario, _), lags in lags_ns.items():
        if (lag_ns := median(lags)) > LAG_NS_MOST:
            found[scenario] = (
                f"the generator was late itself: {lag_ns / 1e6:.1f} ms (p99, in the middle one of the runs), limit {LAG_NS_MOST / 1e6:g} ms"
            )
    return found


def budgets(policy: LoadedPolicy, asked: Mapping[str, float]) -> dict[str, float]:
    """What each figure may be worse, in percent: by the policy, and before it by what was asked for; 0 takes a budget away."""
    compare = policy.policy.compare or plugs.policy(None).policy.compare
    found = {**(compare.budget_pct if compare else {}), **asked}
    return {metric: pct for metric, pct in found.items() if pct}
