"""What is asked of a search for a capacity: all that can be looked at before anything is driven, and each trial made ready to run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from harness.base.errors import SetupError
from harness.base.ladder import Ladder
from harness.compose import plugs, running
from harness.compose.driving import Planned
from harness.compose.held import Held
from harness.pacing import check_rate
from harness.pacing.shapes import StatedPeak
from harness.policy import LoadedPolicy, Use
from harness.verdict import at_rate

FROM_PER_S, TO_PER_S = 1_000.0, 1_000_000.0
LENGTH_NS = 4_000_000_000
WARM_UP_NS = 500_000_000
"""The first stretch of each trial, which is not timed: its engine was started for it."""
LEAST_LENGTH_NS = 1_500_000_000
"""Of what is timed of a trial: in less there are not the windows that a throughput needs."""
REPEATS = 5
LEAST_COMMANDS = 1_000
"""Of a trial at the lowest rate: fewer say nothing of a 99th percentile."""
CHECKS = ("gate_0", "alive", "answered_once", "numbering", "legal", "channels_agree", "latency", "throughput", "generator_lag", "quiet_host")  # fmt: skip
"""What judges a trial, as far as the use requires it: the checks that read millions of commands in seconds. `legal` holds an engine to all the rules of
matching that `model` and the checks of single rules do."""
ALWAYS = ("gate_0", "alive", "answered_once", "latency", "throughput", "generator_lag", "quiet_host")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the user asked for."""

    engine: plugs.EngineChoice
    scenario: str
    policy: LoadedPolicy
    use: str
    ladder: Ladder
    length_ns: int = LENGTH_NS
    """How long a trial drives, the warm-up among it."""
    warm_up_ns: int | None = None
    """None: WARM_UP_NS where the rate is the same all the time; of a shape it is the beginning that may matter."""
    repeats: int = REPEATS
    workers: int = 0
    """Processes that send the commands; 0: gonogo itself sends them."""
    seed: int = 1
    data: Path | None = None
    out: Path = Path("runs")
    again: str = ""
    """The command line that does the same."""

    def rules(self) -> Use:
        """The use whose limits are to be kept."""
        return self.policy.policy.use[self.use]

    def at(self, rate_per_s: float, out: Path) -> running.Order:
        """A trial at this rate as an order to run, whose folder goes to `out`."""
        options = {"rate": f"{rate_per_s:.15g}", "duration": f"{self.length_ns / 1e9:g}s"}
        if self.warm_up_ns:
            options["warm-up"] = f"{self.warm_up_ns / 1e9:g}s"
        if self.workers:
            options["workers"] = str(self.workers)
        return running.Order(
            name=Path(self.scenario).stem, scenarios=(self.scenario,), engine=self.engine, policy=self.policy, use=self.use, seed=self.seed, out=out,
            data=self.data, rate_per_s=rate_per_s, duration_ns=self.length_ns, warm_up_ns=self.warm_up_ns or 0, workers=self.workers,
            options=tuple(word for name, value in options.items() for word in (f"--{name}", value)),
        )  # fmt: skip


def checked(order: Order) -> Order:
    """The order with all that it leaves open, once it was looked at.

    Raises:
        SetupError: it cannot be searched for.
    """
    for rate in order.ladder:
        check_rate(rate)
    low, high = order.ladder
    if low > high:
        raise SetupError(f"--from {low:g} is above --to {high:g}; the search goes up")
    if order.repeats < 1 or order.repeats % 2 == 0:
        raise SetupError(
            f"{order.repeats} repeats cannot be in the majority one way or the other; wanted an odd number, such as {REPEATS}"
        )
    _check_limits(order)
    if isinstance(plugs.scenario(order.scenario).pacing, StatedPeak):
        raise SetupError(
            f"the scenario {order.scenario} goes at a multiple of a stated peak, so its rate cannot be another; `gonogo list scenario` names those that tell a rate"
        )
    pacing = planned(order, low).pacing
    if not pacing.rate_per_s:
        raise SetupError(
            f"the scenario {order.scenario} has no pace, so there is no rate to search for; `gonogo list scenario` names those that tell a rate"
        )
    if pacing.span_ns > order.length_ns:
        raise SetupError(
            f"the shape of {order.scenario} takes {pacing.span_ns / 1e9:.4g} s to be seen once at {low:g}/s, and a trial {order.length_ns / 1e9:g} s; "
            "give it a --length as long, so that its mean is the rate that is told"
        )
    if order.warm_up_ns is None:
        order = replace(order, warm_up_ns=0 if pacing.span_ns else WARM_UP_NS)
    _check_length(order)
    return order


def planned(order: Order, rate_per_s: float) -> Planned:
    """The scenario at a rate, with an engine that was never started and the checks that judge a trial."""
    ((found,), _) = running.plan(order.at(rate_per_s, order.out))
    use = order.rules()
    judges = {*use.required, *use.where_it_applies, *ALWAYS}
    asked_for = found.scenario.checks or CHECKS
    checks = tuple(name for name in CHECKS if name in judges and (name in asked_for or name in ALWAYS))
    return replace(found, scenario=replace(found.scenario, checks=checks), engine=Held(found.engine))


def _check_limits(order: Order) -> None:
    use = order.rules()
    if not at_rate.limits(use) or not {at_rate.LATENCY, at_rate.THROUGHPUT} & {*use.required}:
        raise SetupError(
            f"the use {order.use} limits neither latency nor throughput, so every rate keeps its limits; "
            f"name another one with --use, of: {', '.join(order.policy.policy.use)}"
        )


def _check_length(order: Order) -> None:
    low = order.ladder.from_per_s
    warm_up_s, length_s = (order.warm_up_ns or 0) / 1e9, order.length_ns / 1e9
    timed_s = length_s - warm_up_s
    if timed_s < LEAST_LENGTH_NS / 1e9:
        raise SetupError(
            f"a trial of {length_s:g} s with a warm-up of {warm_up_s:g} s is too short to say what rate was reached; wanted "
            f"{LEAST_LENGTH_NS / 1e9:g} s or more beyond the warm-up"
        )
    if (commands := low * timed_s) < LEAST_COMMANDS:
        raise SetupError(
            f"{timed_s:g} s of a trial at {low:g}/s are {commands:,.0f} commands, which say little of how long answers take; wanted {LEAST_COMMANDS:,} "
            "or more: give a longer --length, or a higher --from"
        )
