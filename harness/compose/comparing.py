"""Compares two builds of an engine: their runs in pairs, side by side in time, on one host, and what those come to.

Which of a pair is first is dealt by the seed, as often the one as the other. So whatever changes while they run, be it a drift, a
neighbour or the place in the pair, falls on both sides alike, and the signs of the differences are as good as a coin's where the
builds are alike: the test that decides takes nothing else for granted. What a quiet machine tells after few pairs takes a noisy one
more: the pairs are looked at when the first are made, and again after each further block while it cannot be told. When that is and what
each look may spend is fixed before the first pair, and nothing of the differences is shown before the last, so that nobody can stop at
a lucky moment.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt

import harness
from harness.base import differences
from harness.base.clock import Clock, MonotonicClock
from harness.base.comparison import METRICS, ComparedHost, Comparison, Difference, Turn
from harness.base.differences import Sample
from harness.base.errors import EngineError, SetupError
from harness.base.looks import LOOKS_MOST, level, looks
from harness.compose import plugs
from harness.compose.commits import checked_out
from harness.compose.nursery import Nursery
from harness.compose.pairing import INTERRUPTED as INTERRUPTED  # noqa: PLC0414 - who searches for a rate takes the word from here
from harness.compose.pairing import SIDES, Pairing, dealt
from harness.compose.turns import Ready, Side, Task, Timed, check_asked
from harness.compose.warming import warm
from harness.evidence.host import host
from harness.evidence.run import HostRecord
from harness.evidence.store import write_json
from harness.instruments.drive import DRAWN_AHEAD
from harness.policy import LoadedPolicy
from harness.rounds import noise_pct

SCENARIOS = ("poisson", "volume")
"""One with a pace, for how long answers take; one without, for how many there can be."""
PAIRS = 30
"""Before the first look."""
PAIRS_MOST = 1_000
TIME_NS = 900_000_000_000
LENGTH_NS = 1_000_000_000
FIRST_COMMANDS = 4_096
"""Sent to find out how many fill a run."""
FILLED = 3
"""How many runs of each side it takes to find that out."""
FEWEST_COMMANDS = 1_000
"""Of a run: fewer say nothing of a rate."""
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
    """Before the first look."""
    most_pairs: int = PAIRS * LOOKS_MOST
    """No further ones are run, whether it can be told by then or not."""
    most_ns: int = TIME_NS
    """No further look is gone on to that would come later than this; the first is, however long it takes."""
    length_ns: int = LENGTH_NS
    """How long a run is to drive."""
    rate_per_s: float | None = None
    """Of the paced scenarios; None: their own."""
    seed: int = 1
    data: Path | None = None


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
        ends = _looks(order, _deciding(first, order.budgets_pct))
        pairing = Pairing(run=nursery.run, tasks=tasks, order=dealt(ends, order.seed), stopped=stopped)
        told, made = looked(pairing, ends, order, tell, MonotonicClock())
    word = differences.overall(told)
    spent = level(len(ends))
    return Comparison(
        started_utc=f"{now:%Y-%m-%dT%H:%M:%SZ}", gonogo=harness.__version__, base=ready["base"].identity, head=ready["head"].identity,
        host=compared_host(host(), max(before_pct, noise_pct())), seed=order.seed, pairs_asked=ends[0], pairs_most=ends[-1], pairs=pairing.pairs,
        looks=made, looks_most=len(ends), alpha=spent.alpha, confidence=spent.confidence, ended=pairing.ended,
        commands={task.scenario: task.commands for task in tasks}, word=word,
        # What ended early is never 0: a CI must not pass for having been cut short.
        exit=differences.EXITS[word] or (differences.EXITS["cannot tell"] if pairing.ended else 0), differences=told, turns=pairing.whole(),
    )  # fmt: skip


def looked(
    pairing: Pairing, ends: Sequence[int], order: Order, tell: Callable[[str], None], clock: Clock
) -> tuple[tuple[Difference, ...], int]:
    """Make pairs until it can be told at one of the looks what they come to, or no more may be made; that, and how many looks it took.

    Raises:
        EngineError: a side failed before the first pair was whole.
        KeyboardInterrupt: the user asked to end before that.
    """
    begun_ns = clock.now_ns()
    for looks_made, end in enumerate(ends, 1):
        pairing.go_on(end, partial(_tell_pair, tell, end, ends[-1]))
        if not pairing.pairs:
            raise KeyboardInterrupt if pairing.ended == INTERRUPTED else EngineError(pairing.ended)
        found = samples(pairing.whole(), order.budgets_pct, paired=True, late=doubts(pairing.lags_ns))
        told = differences.compare(found, len(ends))
        if pairing.ended or end == ends[-1] or differences.is_settled(told):
            break
        spent_ns, following = clock.now_ns() - begun_ns, ends[looks_made]
        if spent_ns * following / end > order.most_ns:
            pairing.ended = (
                f"to go on to {following} pairs would have taken longer than {order.most_ns / 60e9:g} minutes in all"
            )
            break
    return told, looks_made


def _tell_pair(tell: Callable[[str], None], end: int, most: int, pair: int) -> None:
    tell(f"pair {pair} of {end}" + (f", {most} at the most" if most > end else ""))


def _looks(order: Order, deciding: int) -> tuple[int, ...]:
    """After how many pairs each look comes.

    Raises:
        SetupError: the most are fewer than the first, or too few for so many figures.
    """
    if order.most_pairs < order.pairs:
        raise SetupError(f"{order.pairs} pairs before the first look are more than {order.most_pairs} at the most")
    ends = looks(order.pairs, order.most_pairs)
    if ends[-1] < (fewest := differences.fewest_pairs(deciding, len(ends))):
        raise SetupError(
            f"{ends[-1]} pairs can never show a difference in {deciding} figures at once; wanted {fewest} or more"
        )
    return ends


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

    Both send the same commands each time, as many as fill the time: at the pace, or else as fast as the base takes them. What the base is asked
    to find that out, the head is asked too: what a side's process did before shows in how much memory its children take, and in how fast they are.
    """
    tasks: list[Task] = []
    first: dict[str, Timed] = {}
    seconds = order.length_ns / 1e9
    for scenario, rate_per_s in base.rates_per_s.items():
        commands = _within(rate_per_s * seconds) if rate_per_s else _filling(nursery, scenario, order.length_ns)
        for side in SIDES:
            first[scenario] = _first(nursery, side, Task(scenario, commands, looks=True))
        tasks.append(Task(scenario, commands))
    return tasks, first


def _filling(nursery: Nursery, scenario: str, length_ns: int) -> int:
    """How many commands fill the time as fast as the base takes them, by runs that are each as long as the one before tells.

    The first, short one tells little of how fast a warm engine is; of the others the fastest counts, in which nobody was in the way.
    """
    commands, found = FIRST_COMMANDS, []
    for _ in range(FILLED):
        timed, _ = (_first(nursery, side, Task(scenario, commands)) for side in SIDES)
        commands = _within(timed.commands * length_ns / max(timed.duration_ns, 1))
        found.append(commands)
    return max(found[1:])


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
