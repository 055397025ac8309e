"""Every figure of a check, held against the limits of a use or only told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from harness.base.findings import Interval, Share
from harness.base.histogram import Histogram
from harness.base.judgement import Measured
from harness.base.limits import Limit, Verdict, keeps, parse_limit
from harness.base.stats import quantile, share
from harness.evidence.fold import Metric
from harness.policy import Use
from harness.verdict.heard import Heard

KEPT_UP = 0.99
"""The share of the rate asked for from which on the engine has kept up with it."""
TOLD = ("p(50)<1s", "p(99)<1s", "p(99.9)<1s", "max<1s")
"""The statistics of a distribution that are told where no limit asks for them; the bounds are not used."""


def measured(one: Heard, use: Use, pooled: Mapping[str, Share]) -> tuple[Measured, ...]:
    """Every figure of the check, each against its limits, or told where none is set; a limit without a figure is unknown."""
    measures: list[Measured] = []
    for metric in one.rule.metrics:
        limits = use.limits_of(metric.name)
        if metric.name in one.facts.distributions:
            histogram = Histogram.of(one.facts.distributions[metric.name])
            asked = [limit.stat for limit in limits]
            told = [limit for limit in map(parse_limit, TOLD) if limit.stat not in asked]
            measures += [_measure(metric, limit, _stat(histogram, limit), judged=True) for limit in limits]
            measures += [_measure(metric, limit, _stat(histogram, limit), judged=False) for limit in told]
        elif metric.name in one.facts.shares:
            own, whole = _shared(one.facts.shares[metric.name]), _shared(pooled[metric.name])
            measures += [_measure_share(metric, limit, own, whole) for limit in limits] or _told(metric, own)
        else:
            figure = _finite(one.facts.measures.get(metric.name))
            measures += [_measure(metric, limit, figure, judged=True) for limit in limits] or _told(metric, figure)
    return tuple(measures)


def _finite(figure: Interval | None) -> Interval | None:
    """The figure, if it is one: what is no number keeps and breaks nothing."""
    return figure if figure and all(map(math.isfinite, (figure.value, figure.low, figure.high))) else None


def _stat(histogram: Histogram, limit: Limit) -> Interval | None:
    if not histogram.total:
        return None
    if limit.stat in ("max", "min"):
        edge = histogram.high if limit.stat == "max" else histogram.low
        return Interval(edge, edge, edge)
    return quantile(histogram, limit.fraction)


def _measure(metric: Metric, limit: Limit, figure: Interval | None, *, judged: bool) -> Measured:
    kept = figure or Interval(0, 0, 0)
    verdict: Verdict | Literal["told"] = "told"
    if judged:
        verdict = keeps(limit, figure) if figure else "unknown"
    return Measured(
        metric=metric.name, stat=limit.stat, value=_tidy(kept.value), low=_tidy(kept.low), high=_tidy(kept.high),
        unit=metric.unit, limit=limit.text if judged else "", verdict=verdict,
    )  # fmt: skip


def _shared(part: Share) -> Interval | None:
    return share(part.hits, part.total) if part.total else None


def _measure_share(metric: Metric, limit: Limit, own: Interval | None, whole: Interval | None) -> Measured:
    """A small scenario cannot be sure of its own share: where it cannot, the share of the whole run decides."""
    alone = _measure(metric, limit, own, judged=True)
    together = _measure(metric, limit, whole, judged=True)
    return together if alone.verdict == "unknown" else alone


def _told(metric: Metric, figure: Interval | None) -> list[Measured]:
    """The figure where no limit asks for it; nothing where there is none."""
    if figure is None:
        return []
    value, low, high = (_tidy(part) for part in (figure.value, figure.low, figure.high))
    told = Measured(
        metric=metric.name, stat="", value=value, low=low, high=high, unit=metric.unit, limit="", verdict="told"
    )
    return [told]


def _tidy(value: float) -> float:
    """Six significant digits: what is stored must not hang on the last bit of a library's arithmetic."""
    return int(value) if float(value).is_integer() else float(f"{value:.6g}")


def profiled(one: Heard) -> str:
    """Why a broken limit on times says nothing of the engine: whoever samples it takes time from it. Limits that it keeps all the same, it keeps."""
    if not one.info.profiled_by:
        return ""
    return f"not valid: measured under a profiler ({', '.join(one.info.profiled_by)}), which takes time of the machine; run it without --profile"


def asked_for_less(one: Heard, broken: list[Measured]) -> str:
    """Why a rate under its limit says nothing: no more was asked for, and the engine kept up with that."""
    asked = one.info.rate_per_s
    rates = [m for m in broken if m.unit == "1/s"]
    if not asked or not rates or len(rates) < len(broken) or any(m.high < KEPT_UP * asked for m in rates):
        return ""
    return f"only {asked:,.0f}/s were asked for, and the engine kept up; the limit is {rates[0].limit}"
