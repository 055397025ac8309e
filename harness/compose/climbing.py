"""Finds the highest rate at which an engine keeps the limits of a policy: drives it at one rate after the other, and judges each trial as a run.

Each trial is a run folder like any other, on an engine that was started for it: nothing of a trial that broke down is left in the next one, and
all that a run is held to, from its correctness to the generator's own lag, holds here. What the rates are is for `harness.base.ladder` to say.
"""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import harness
from harness.base import discover, ladder
from harness.base.capacity import Capacity, Limit, Stage, StatedPeak, Trial
from harness.base.comparison import ComparedHost
from harness.base.errors import SetupError
from harness.base.ladder import Ask, Tried
from harness.compose import plugs, running, thinning
from harness.compose.climb_order import Order, checked, planned
from harness.compose.comparing import INTERRUPTED, compared_host
from harness.compose.driving import Planned
from harness.compose.held import Held
from harness.compose.outcome import Rest, summed
from harness.compose.warming import warm
from harness.evidence.archive import Archive
from harness.evidence.host import host
from harness.evidence.store import write_bytes, write_json
from harness.instruments import Progress
from harness.rounds import noise_pct
from harness.verdict import at_rate


class _Quiet:
    """Nobody watches a single trial: what came of it is told when it is done."""

    def begin(self, scenario: str, number: int, of: int) -> None:
        pass

    def progress(self, progress: Progress) -> None:
        pass

    def tell(self, line: str) -> None:
        pass

    def say(self, line: str) -> None:
        pass


def find(order: Order, tell: Callable[[str], None], stopped: Callable[[], bool]) -> tuple[Capacity, Path]:
    """Search, and say what was found and where it is stored. Every trial that was whole is kept, whatever ends the search.

    Raises:
        SetupError: something of what was asked for cannot be; nothing was driven.
        KeyboardInterrupt: the user asked to end before the first trial was whole.
    """
    order = checked(order)
    warm([order.engine.name], [order.scenario], tell)
    search = _Search(order, tell, stopped)
    ended = search.run()
    if not search.trials:
        raise KeyboardInterrupt
    return search.store(ended), search.folder / "capacity.json"


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
        use = order.rules()
        rest = Rest(
            started_utc=f"{self._began:%Y-%m-%dT%H:%M:%SZ}", wall_s=round(time.monotonic() - self._began_s, 1), gonogo=harness.__version__,
            engine=order.engine.identity(first.engine), inside=first.engine.capabilities.answers_at_once, host=self._host(last=not ended),
            scenario=first.name, use=order.use, seed=order.seed,
            limits=tuple(Limit(metric=name, limit=f"{limit.stat}{limit.text}") for name, limit in at_rate.limits(use)),
            checks=first.scenario.checks, policy_sha256=order.policy.sha256, length_ns=order.length_ns, warm_up_ns=order.warm_up_ns or 0, repeats=order.repeats, workers=order.workers, again=order.again,
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
        one = planned(self._order, rate_per_s)
        self._first = self._first or one
        begun_s = time.monotonic()
        archive = self._driven(one, rate_per_s)
        if archive.run.status == "interrupted":
            return INTERRUPTED
        trial = self._trial(archive, one, Ask(rung, stage))
        self.trials.append(trial)
        self._tried.append(Tried(rung, stage, trial.outcome))
        if not archive.verdict().findings:
            # What was found is to be replayed and made small; of the rest the facts say all.
            thinning.thin(archive)
        self._tell(f"trial {number}: {rate_per_s:,.0f}/s {said(trial)}, {time.monotonic() - begun_s:.0f} s")
        return ""

    def _driven(self, one: Planned, rate_per_s: float) -> Archive:
        """Drive and judge it, as any run."""
        asked = self._order.at(rate_per_s, self.folder / "trials")
        return running.run_planned(asked, (one,), {}, _Quiet(), self._stopped)[0]

    def _trial(self, archive: Archive, one: Planned, ask: Ask) -> Trial:
        """What came of it."""
        found = at_rate.seen(archive.facts(one.name))
        held_ns = one.engine.held_ns if isinstance(one.engine, Held) else 0
        use = self._order.rules()
        came = at_rate.at_rate(archive.verdict(), use, archive.info(one.name), found, held_ns)
        record = archive.scenario(one.name)
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
