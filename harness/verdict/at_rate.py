"""Whether a judged run kept the limits at the rate that it was driven at, and if not, at whose door that is laid.

A run that is cut for a search of the capacity is too short for much that a use requires: what lacks evidence there speaks neither way. What
counts is that no check that the use requires found anything, that every limit on times and rates passes, and that the engine kept up.
"""

from __future__ import annotations

from typing import NamedTuple

from harness.base.capacity import Outcome
from harness.base.findings import Facts
from harness.base.histogram import Histogram
from harness.base.judgement import CheckResult, Measured, RunVerdict
from harness.base.limits import Limit, parse_limit
from harness.base.stats import rank
from harness.evidence.fold import RunInfo
from harness.policy import Use
from harness.verdict.judge import LAG
from harness.verdict.measured import KEPT_UP
from harness.verdict.noise import crowded

LATENCY, THROUGHPUT, GENERATOR = "latency", "throughput", "generator_lag"
HOST = "host."
"""How the names of metrics begin that tell of the machine."""
LAG_NS_MOST = 1_000_000
"""From which 99th percentile of its lag on the generator is taken for late where the policy sets no limit to it: that of the built-in one."""
HELD_SHARE = 0.9
"""So much of its lag the generator must have been held up, asleep since the engine took nothing, for the lag to be the engine's doing."""
QUANTILES = {"p50": 0.5, "p99": 0.99, "p99.9": 0.999}


class Seen(NamedTuple):
    """What a run's facts say of its rate."""

    asked_per_s: float | None
    """Over the windows that the throughput was counted in; None where there are none."""
    answered_per_s: float | None
    response_ns: dict[str, int]
    lag_p99_ns: int | None


class AtRate(NamedTuple):
    """What came of a run, and why it was not kept."""

    outcome: Outcome
    why: str = ""


KEPT = AtRate("kept")


def seen(facts: dict[str, Facts]) -> Seen:
    """What the facts of one scenario say, by the names of the checks."""
    asked, answered = _rates(facts)
    response = _histogram(facts, LATENCY, "latency.response")
    lag = _histogram(facts, GENERATOR, LAG)
    times = {name: response.at_rank(rank(part, response.total)) for name, part in QUANTILES.items()} if response else {}
    return Seen(asked, answered, times, lag.at_rank(rank(0.99, lag.total)) if lag else None)


def at_rate(verdict: RunVerdict, use: Use, run: RunInfo, found: Seen, held_ns: int) -> AtRate:
    """What came of the run; `held_ns` is how far gonogo was behind since the engine took no more commands."""
    deciding = next(one for one in verdict.uses if one.name == verdict.use)
    failed = [one for one in verdict.checks if one.verdict == "fail" and one.name in deciding.because]
    if deciding.verdict == "NO-GO" and failed:
        return AtRate("broken", f"{failed[0].name}: {_first(verdict, failed[0])}")
    if late := _late(verdict, use, found):
        noise = _noise(verdict, run)
        return AtRate("unknown", f"{late}; {noise}") if noise else _held_up(verdict, found, held_ns, late)
    if not verdict.valid:
        return AtRate("unknown", verdict.why_invalid)
    return _kept_up(verdict, found, run)


def limits(use: Use) -> list[tuple[str, Limit]]:
    """The limits on times and rates that decide whether a rate is kept, by metric."""
    named = {name for name in use.limits if name.partition(".")[0] in (LATENCY, THROUGHPUT)}
    return [(name, limit) for name in sorted(named) for limit in use.limits_of(name)]


def _kept_up(verdict: RunVerdict, found: Seen, run: RunInfo) -> AtRate:
    """A run in which nothing broke: whether it answered what was asked for, and every limit passes."""
    for one in verdict.checks:
        if one.name in (LATENCY, THROUGHPUT) and one.verdict != "pass" and not _asks_for_more(one, run.rate_per_s):
            return AtRate("unknown", f"{one.name}: {one.reason}")
    if found.asked_per_s is None or found.answered_per_s is None:
        return AtRate("unknown", "what was answered a second was not measured")
    if found.answered_per_s < KEPT_UP * found.asked_per_s:
        behind, noise = f"it answered {found.answered_per_s:,.0f}/s of {found.asked_per_s:,.0f}/s", _noise(verdict, run)
        return AtRate("unknown", f"{behind}; {noise}") if noise else AtRate("broken", behind)
    return KEPT


def _rates(facts: dict[str, Facts]) -> tuple[float | None, float | None]:
    """What was asked for and what was answered, over the windows in which commands were due to their end: what is answered later came too late."""
    for series in facts[THROUGHPUT].series if THROUGHPUT in facts else ():
        asked, answered = (
            [row[series.columns.index(name)] for row in series.rows] for name in ("asked_per_s", "answered_per_s")
        )
        if any(asked):
            last = max(1, *(place for place, rate in enumerate(asked) if rate))
            return sum(asked[:last]) / last, sum(answered[:last]) / last
    return None, None


def _histogram(facts: dict[str, Facts], check: str, metric: str) -> Histogram | None:
    stored = facts[check].distributions.get(metric) if check in facts else None
    return Histogram.of(stored) if stored and stored.buckets else None


def _first(verdict: RunVerdict, check: CheckResult) -> str:
    """The first that it found, where it found something; else what it says itself."""
    titles = [one.title for one in verdict.findings if one.id in check.findings]
    return titles[0] if titles else check.reason


def _late(verdict: RunVerdict, use: Use, found: Seen) -> str:
    """How late the generator was; empty where it kept its pace."""
    lags = [m for one in verdict.checks for m in one.measures if m.metric == LAG]
    held = [m for m in lags if m.verdict in ("fail", "unknown")]
    if held:
        return f"{held[0].stat} of the generator's lag is {held[0].value / 1e6:.3g} ms, wanted {held[0].limit}"
    if not use.limits_of(LAG) and found.lag_p99_ns is not None and found.lag_p99_ns > LAG_NS_MOST:
        return f"p(99) of the generator's lag is {found.lag_p99_ns / 1e6:.3g} ms, wanted <{LAG_NS_MOST / 1e6:g}ms"
    return ""


def _noise(verdict: RunVerdict, run: RunInfo) -> str:
    """Why what came late may be the machine's doing: it was beyond the limits of the use, or others had too much of it; empty where it was not."""
    broken = [m for one in verdict.checks for m in one.measures if m.metric.startswith(HOST) and m.verdict == "fail"]
    if broken:
        return f"the machine was too noisy: {', '.join(f'{_named(m)} breaks {m.limit}' for m in broken)}"
    return crowded(run).removeprefix("not valid: ")


def _held_up(verdict: RunVerdict, found: Seen, held_ns: int, late: str) -> AtRate:
    """A generator that was late: by its own doing, unless it slept through most of that since the engine took no more commands."""
    if not held_ns or held_ns < HELD_SHARE * (found.lag_p99_ns or 0):
        return AtRate("generator", late)
    broken = [m for one in verdict.checks if one.name == LATENCY for m in one.measures if m.verdict == "fail"]
    waited = f"the engine took no more commands for {held_ns / 1e9:.3g} s"
    if broken:
        return AtRate("broken", f"{_named(broken[0])} breaks {broken[0].limit}: {waited}")
    return AtRate("unknown", f"{late}: {waited}")


def _asks_for_more(check: CheckResult, rate_per_s: float) -> bool:
    """Whether all that stands between it and a pass are least rates above the one that was asked for: that it kept up has been seen."""
    short = [m for m in check.measures if m.limit and m.verdict != "pass"]
    return bool(short) and all(m.unit == "1/s" and parse_limit(m.limit).value > rate_per_s * KEPT_UP for m in short)


def _named(measure: Measured) -> str:
    return f"{measure.metric} {measure.stat}".strip()
