"""Finds the highest rate at which an engine keeps the limits of a policy: drives it at one rate after the other, and judges each trial as a run.

Each trial is a run folder like any other, on an engine that was started for it: nothing of a trial that broke down is left in the next one, and
all that a run is held to, from its correctness to the generator's own lag, holds here. What the rates are is for `harness.base.ladder` to say.
"""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import harness
from harness.base import discover, ladder
from harness.base.capacity import Capacity, Limit, Stage, StatedPeak, Trial
from harness.base.comparison import ComparedHost
from harness.base.errors import SetupError
from harness.base.ladder import Ask, Ladder, Tried
from harness.compose import plugs, running, thinning
from harness.compose.comparing import INTERRUPTED, compared_host
from harness.compose.driving import Planned
from harness.compose.held import Held
from harness.compose.outcome import Rest, summed
from harness.compose.warming import warm
from harness.evidence.archive import Archive
from harness.evidence.host import host
from harness.evidence.store import write_bytes, write_json
from harness.instruments import Progress
from harness.pacing import check_rate
from harness.pacing.shapes import StatedPeak as PeakPacing
from harness.policy import LoadedPolicy
from harness.rounds import noise_pct
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
    warm_up_ns: int = WARM_UP_NS
    repeats: int = REPEATS
    seed: int = 1
    data: Path | None = None
    out: Path = Path("runs")
    again: str = ""
    """The command line that does the same."""


class _Quiet:
    """Nobody watches a single trial: what came of it is told when it is done."""

    def begin(self, scenario: str, number: int, of: int) -> None:
        pass

    def progress(self, progress: Progress) -> None:
        pass

    def tell(self, line: str) -> None:
        pass


def find(order: Order, tell: Callable[[str], None], stopped: Callable[[], bool]) -> tuple[Capacity, Path]:
    """Search, and say what was found and where it is stored. Every trial that was whole is kept, whatever ends the search.

    Raises:
        SetupError: something of what was asked for cannot be; nothing was driven.
        KeyboardInterrupt: the user asked to end before the first trial was whole.
    """
    check(order)
    warm([order.engine.name], [order.scenario], tell)
    search = _Search(order, tell, stopped)
    ended = search.run()
    if not search.trials:
        raise KeyboardInterrupt
    return search.store(ended), search.folder / "capacity.json"


def check(order: Order) -> None:
    """Look at what can be looked at before the engine is started.

    Raises:
        SetupError: it cannot be searched for.
    """
    low, high = order.ladder
    for rate in order.ladder:
        check_rate(rate)
    if low > high:
        raise SetupError(f"--from {low:g} is above --to {high:g}; the search goes up")
    if order.repeats < 1 or order.repeats % 2 == 0:
        raise SetupError(f"{order.repeats} repeats cannot be in the majority one way or the other; wanted an odd number, such as {REPEATS}")  # fmt: skip
    timed_s = (order.length_ns - order.warm_up_ns) / 1e9
    if timed_s < LEAST_LENGTH_NS / 1e9:
        raise SetupError(
            f"a trial of {order.length_ns / 1e9:g} s with a warm-up of {order.warm_up_ns / 1e9:g} s is too short to say what rate was reached; wanted "
            f"{LEAST_LENGTH_NS / 1e9:g} s or more beyond the warm-up"
        )
    if (commands := low * timed_s) < LEAST_COMMANDS:
        raise SetupError(
            f"{timed_s:g} s of a trial at {low:g}/s are {commands:,.0f} commands, which say little of how long answers take; wanted {LEAST_COMMANDS:,} "
            "or more: give a longer --length, or a higher --from"
        )
    use = order.policy.policy.use[order.use]
    if not at_rate.limits(use) or not {"latency", "throughput"} & {*use.required}:
        raise SetupError(
            f"the use {order.use} limits neither latency nor throughput, so every rate keeps its limits; "
            f"name another one with --use, of: {', '.join(order.policy.policy.use)}"
        )
    if isinstance(plugs.scenario(order.scenario).pacing, PeakPacing):
        raise SetupError(f"the scenario {order.scenario} goes at a multiple of a stated peak, so its rate cannot be another; `gonogo list scenario` names those that tell a rate")  # fmt: skip
    if not _planned(order, low).pacing.rate_per_s:
        raise SetupError(
            f"the scenario {order.scenario} has no pace, so there is no rate to search for; `gonogo list scenario` names those that tell a rate"
        )


def _planned(order: Order, rate_per_s: float) -> Planned:
    """The scenario at a rate, with an engine that was never started."""
    asked = running.Order(
        name=Path(order.scenario).stem, scenarios=(order.scenario,), engine=order.engine, policy=order.policy, use=order.use, seed=order.seed,
        data=order.data, rate_per_s=rate_per_s, duration_ns=order.length_ns, warm_up_ns=order.warm_up_ns,
    )  # fmt: skip
    ((planned,), _) = running.plan(asked)
    use = order.policy.policy.use[order.use]
    judges = {*use.required, *use.where_it_applies, *ALWAYS}
    asked_for = planned.scenario.checks or CHECKS
    checks = tuple(name for name in CHECKS if name in judges and (name in asked_for or name in ALWAYS))
    return replace(planned, scenario=replace(planned.scenario, checks=checks), engine=Held(planned.engine))


class _Search:
    """A search under way: its trials so far."""

    def __init__(self, order: Order, tell: Callable[[str], None], stopped: Callable[[], bool]) -> None:
        self._order, self._tell, self._stopped = order, tell, stopped
        self._began, self._began_s = dt.datetime.now(dt.UTC), time.monotonic()
        self._noise_pct = noise_pct()
        self.folder = order.out / "capacity" / f"{self._began:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
        self.trials: list[Trial] = []
        self._tried: list[Tried] = []
        self._first: Planned | None = None

    def run(self) -> str:
        """All trials; why they ended early, or nothing."""
        rungs = self._order.ladder
        # The first run of a program fetches files and memory that later ones find there: it is told and does not count.
        if ended := self._try(0, "warm-up"):
            return ended
        if self.trials[0].why.startswith("gate_0"):
            return f"the engine did not get as far as a rate: {self.trials[0].why}"
        while (ask := ladder.next_ask(self._tried, rungs.top, self._order.repeats)) is not None:
            if ended := self._try(ask.rung, ask.stage):
                return ended
            self.store("it was cut short")
        return ""

    def store(self, ended: str) -> Capacity:
        """Write down what is known by now."""
        order, first = self._order, self._first
        if first is None:
            raise RuntimeError("nothing was driven")
        use = order.policy.policy.use[order.use]
        rest = Rest(
            started_utc=f"{self._began:%Y-%m-%dT%H:%M:%SZ}", wall_s=round(time.monotonic() - self._began_s, 1), gonogo=harness.__version__,
            engine=order.engine.identity(first.engine), inside=first.engine.capabilities.answers_at_once, host=self._host(last=not ended),
            scenario=first.name, use=order.use, seed=order.seed,
            limits=tuple(Limit(metric=name, limit=f"{limit.stat}{limit.text}") for name, limit in at_rate.limits(use)),
            checks=first.scenario.checks, policy_sha256=order.policy.sha256, length_ns=order.length_ns, warm_up_ns=order.warm_up_ns, repeats=order.repeats, again=order.again,
            peak=StatedPeak(commands_per_s=use.peak.commands_per_s, source=use.peak.source) if use.peak else None,
        )  # fmt: skip
        found = summed(rest, order.ladder, self.trials, self._tried, ended)
        page = discover.load(plugs.PAGES, "capacity", "PAGE")
        try:
            write_json(self.folder / "capacity.json", found)
            write_bytes(self.folder / "capacity.html", page(found).encode("utf-8", errors="replace"))
        except OSError as error:
            raise SetupError(f"cannot write into {self.folder}: {error.strerror}; name another place with --out") from error  # fmt: skip
        return found

    def _try(self, rung: int, stage: Stage) -> str:
        """One more trial; why it is none, or nothing."""
        if self._stopped():
            return INTERRUPTED
        rate_per_s = self._order.ladder.rate_per_s(rung)
        number = len(self.trials)
        self._tell(f"trial {number}: {rate_per_s:,.0f}/s ({stage})")
        planned = _planned(self._order, rate_per_s)
        self._first = self._first or planned
        begun_s = time.monotonic()
        archive = self._driven(planned, rate_per_s)
        if archive.run.status == "interrupted":
            return INTERRUPTED
        trial = self._trial(archive, planned, Ask(rung, stage))
        self.trials.append(trial)
        self._tried.append(Tried(rung, stage, trial.outcome))
        if not archive.verdict().findings:
            # What was found is to be replayed and made small; of the rest the facts say all.
            thinning.thin(archive)
        self._tell(f"trial {number}: {rate_per_s:,.0f}/s {said(trial)}, {time.monotonic() - begun_s:.0f} s")
        return ""

    def _driven(self, planned: Planned, rate_per_s: float) -> Archive:
        """Drive and judge it, as any run."""
        asked = running.Order(
            name=planned.name, scenarios=(planned.name,), engine=self._order.engine, policy=self._order.policy, use=self._order.use,
            seed=self._order.seed, out=self.folder / "trials", data=self._order.data, rate_per_s=rate_per_s, duration_ns=self._order.length_ns,
            warm_up_ns=self._order.warm_up_ns,
            options=("--rate", f"{rate_per_s:.15g}", "--duration", f"{self._order.length_ns / 1e9:g}s", "--warm-up", f"{self._order.warm_up_ns / 1e9:g}s"),
        )  # fmt: skip
        return running.run_planned(asked, (planned,), {}, _Quiet(), self._stopped)[0]

    def _trial(self, archive: Archive, planned: Planned, ask: Ask) -> Trial:
        """What came of it."""
        found = at_rate.seen(archive.facts(planned.name))
        held_ns = planned.engine.held_ns if isinstance(planned.engine, Held) else 0
        use = self._order.policy.policy.use[self._order.use]
        came = at_rate.at_rate(archive.verdict(), use, archive.info(planned.name), found, held_ns)
        record = archive.scenario(planned.name)
        return Trial(
            number=len(self.trials), stage=ask.stage, rate_per_s=self._order.ladder.rate_per_s(ask.rung), outcome=came.outcome,
            why=": ".join(filter(None, (came.why, record.failure.partition("\n")[0]))), asked_per_s=found.asked_per_s,
            answered_per_s=found.answered_per_s, response_ns=found.response_ns, lag_p99_ns=found.lag_p99_ns, held_ns=held_ns,
            commands=record.commands, duration_ns=record.duration_ns, run=str(archive.folder.relative_to(self.folder)),
        )  # fmt: skip

    def _host(self, *, last: bool) -> ComparedHost:
        if last:
            self._noise_pct = max(self._noise_pct, noise_pct())
        return compared_host(host(), self._noise_pct)


def said(trial: Trial) -> str:
    """A trial in a few words."""
    p99_ns = trial.response_ns.get("p99")
    took = "" if p99_ns is None else f", p99 {p99_ns / 1e6:.3g} ms"
    return f"{trial.outcome}{f' ({trial.why})' if trial.why else ''}{took}"
