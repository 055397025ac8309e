"""Which pictures a scenario gives: latency by percentile, what went on over time, and the depth of the final book.

Series are drawn as they come, by their columns and unit, so that a check that leaves a new one needs no edit here. Where a check that
tells of times left none, that is said in words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from harness.base.bits import BookRows
from harness.base.capabilities import Instrument
from harness.base.errors import EvidenceError
from harness.base.findings import Distribution, Facts
from harness.base.histogram import Histogram, bucket_high
from harness.base.judgement import Measured, RunVerdict
from harness.base.limits import Limit, parse_limit
from harness.base.records import Side
from harness.base.stats import quantile, rank
from harness.evidence.archive import Archive
from reports import charts, figures
from reports.charts import Bound, Chart, Line, Point, Table, Tick
from reports.over_time import over_time, span
from reports.texts import Anchors, listed, sentence, spoken, titled

NINES = tuple(percent / 100 for percent in (0, 50, 90, 99, 99.9, 99.99, 99.999, 99.9999))
"""The labelled percentiles, divided just as limits divide theirs: at the last bit they may fall on another rank."""
POINTS = 160
OVER_TIME = ("latency", "throughput")
"""The checks that leave something over time."""
FAR = 8
"""A price further from the middle than this many times the usual distance is left out of the picture, and told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """Pictures that belong together."""

    anchor: str
    title: str
    charts: tuple[Chart, ...]
    note: str


def albums(archive: Archive, verdict: RunVerdict, anchors: Anchors) -> tuple[Album, ...]:
    """What each scenario measured, and then the final books of all; only where there is something to draw."""
    found = [*(_measured(archive, verdict, name, anchors) for name in archive.run.scenarios), _books(archive, anchors)]
    return tuple(album for album in found if album.charts or album.note)


def _measured(archive: Archive, verdict: RunVerdict, name: str, anchors: Anchors) -> Album:
    measures = [measure for result in verdict.checks if result.scenario == name for measure in result.measures]
    facts = archive.facts(name)
    over = span(series for fact in facts.values() for series in fact.series)
    drawn = [chart for fact in facts.values() for chart in _percentiles(fact.distributions, measures)]
    drawn += [over_time(series, over) for fact in facts.values() for series in fact.series]
    return Album(
        anchor=anchors.give("pictures", name), title=titled(name), note=_not_drawn(facts),
        charts=tuple(chart for chart in drawn if chart is not None),
    )  # fmt: skip


def _not_drawn(facts: dict[str, Facts]) -> str:
    """What a reader looks for over time and does not find, and why."""
    without = [(name, facts[name].unknown) for name in OVER_TIME if name in facts and not facts[name].series]
    return " ".join(
        sentence(f"{name} over time is not drawn: {why or 'its facts hold no series'}") for name, why in without
    )


def _books(archive: Archive, anchors: Anchors) -> Album:
    """The engine's last book in each scenario that has one, of the instrument with the most resting orders."""
    drawn: list[tuple[int, Chart]] = []
    unreadable: list[str] = []
    for name in archive.run.scenarios:
        try:
            drawn += _busiest(archive.book(name), archive.scenario(name).instruments, name)
        except EvidenceError as error:
            unreadable.append(f"The final book of {name} cannot be drawn: {error}.")
    return Album(
        anchor=anchors.give("pictures", "books"), title="Final books", note=" ".join(unreadable),
        charts=tuple(chart for _, chart in sorted(drawn, key=itemgetter(0))),
    )  # fmt: skip


def _percentiles(distributions: dict[str, Distribution], measures: list[Measured]) -> list[Chart | None]:
    """One chart for each family of distributions (`latency.response` and `latency.service` are one family)."""
    families: dict[str, dict[str, Distribution]] = {}
    for name, distribution in distributions.items():
        family, _, member = name.rpartition(".")
        families.setdefault(family or name, {})[member] = distribution
    return [by_percentile(family, members, measures) for family, members in families.items()]


def by_percentile(family: str, members: dict[str, Distribution], measures: list[Measured]) -> Chart | None:
    """Values in ns by percentile, both axes logarithmic: each step to the right is one more nine."""
    stored = {
        spoken(name): Histogram.of(distribution) for name, distribution in members.items() if distribution.buckets
    }
    if not stored:
        return None
    limits = [
        m for m in measures if m.limit and m.metric.rpartition(".")[0] == family and m.stat.startswith(("p(", "max"))
    ]
    read = [(measure, limit) for measure in limits if (limit := _read(measure))]
    fractions = [limit.fraction for _, limit in read if limit.fraction]
    curves = {name: curve(histogram, fractions) for name, histogram in stored.items()}
    values = [up for points in curves.values() for _, up in points] + [limit.value for _, limit in read]
    x = charts.along(0, max(across for points in curves.values() for across, _ in points))
    y = charts.upward(min(values), max(values), log=True)
    lines = [
        Line(charts.path(points, x, y), style, name)
        for style, (name, points) in zip(charts.styles(len(curves)), curves.items(), strict=True)
    ]
    bounds = [
        Bound(
            y.place(limit.value),
            x.place(_nines(limit.fraction)) if limit.fraction else x.end,
            f"{figures.stat(m.stat)} {figures.limit(m.limit)}",
        )
        for m, limit in read
    ]
    alone = len(stored) == 1
    title = f"{titled('.'.join([family, *stored]) if alone else family)} by percentile"
    ends = [f"{'' if alone else f'{name} '}p99 {_p99(histogram)}" for name, histogram in stored.items()]
    return Chart(
        title=title, subtitle=" · ".join(ends), told=f"{title}: {listed(ends)}.",
        x_ticks=tuple(
            Tick(x.place(_nines(share)), figures.percentile(share)) for share in NINES if _nines(share) <= x.high
        ),
        y_ticks=charts.ticks(y, lambda value: figures.amount(value, "ns")), lines=tuple(lines), bounds=tuple(bounds),
        table=_table(stored),
    )  # fmt: skip


def curve(histogram: Histogram, fractions: Iterable[float]) -> list[Point]:
    """(nines, value) up to the percentile that one observation alone makes; not for an empty histogram.

    It goes through the labelled percentiles and through `fractions` at the very values that a table tells of them.
    """
    ranks = np.cumsum(histogram.counts)
    total = int(ranks[-1])
    end = math.log10(total) if total > 1 else 1.0
    across = np.linspace(0, end, POINTS)
    wanted = np.clip(np.ceil((1 - 10.0**-across) * total), 1, total)
    places = np.searchsorted(ranks, wanted).tolist()
    drawn = {float(x): float(min(bucket_high(place), histogram.high)) for x, place in zip(across, places, strict=True)}
    marked = [fraction for fraction in (*NINES, *fractions) if 0 < _nines(fraction) <= end]
    drawn |= {_nines(fraction): quantile(histogram, fraction).value for fraction in marked}
    return sorted(drawn.items())


def _table(stored: dict[str, Histogram]) -> Table:
    """The labelled percentiles above which there is a value, and the highest value."""
    totals = {name: histogram.total for name, histogram in stored.items()}
    reached = [fraction for fraction in NINES[1:] if round((1 - fraction) * max(totals.values()), 6) >= 1]
    rows = [
        (
            f"p{figures.percentile(fraction)}",
            *(_ns(one.at_rank(rank(fraction, totals[name]))) for name, one in stored.items()),
        )
        for fraction in reached
    ]
    return Table(head=("percentile", *stored), rows=(*rows, ("max", *(_ns(one.high) for one in stored.values()))))


def _busiest(book: BookRows | None, instruments: tuple[Instrument, ...], scenario: str) -> list[tuple[int, Chart]]:
    """The id and the book of the instrument with the most resting orders; nothing where none rests."""
    if book is None or not len(resting := book[book["side"] <= Side.SELL]):
        return []
    ids, orders = np.unique(resting["instrument"], return_counts=True)
    one = int(ids[np.argmax(orders)])
    known = {instrument.id: instrument for instrument in instruments}
    chart = depth(
        resting[resting["instrument"] == one], known.get(one, Instrument(id=one, symbol=str(one))), titled(scenario)
    )
    return [(one, chart)] if chart else []


def depth(rows: BookRows, instrument: Instrument, scenario: str) -> Chart | None:
    """Cumulative quantity by price, from the best price outward, on both sides."""
    sides = {side: _levels(rows[rows["side"] == side]) for side in (Side.BUY, Side.SELL)}
    sides[Side.BUY].reverse()
    near = {side: _near(levels) for side, levels in sides.items()}
    left_out = sum(len(sides[side]) - len(near[side]) for side in sides)
    prices = [price for levels in near.values() for price, _ in levels]
    if not prices:
        return None
    stairs = {side: _summed(levels) for side, levels in near.items()}
    tick = instrument.tick_1e9 / 1e9
    x = charts.along(min(prices), max(prices))
    y = charts.upward(0, max(up for points in stairs.values() for _, up in points) * 1.05)
    names = {Side.BUY: ("buy", "bids (left)"), Side.SELL: ("sell", "asks (right)")}
    best = [
        f"best {'bid' if side == Side.BUY else 'ask'} {figures.price(near[side][0][0] * tick)}"
        for side in near
        if near[side]
    ]
    far = f"; {figures.counted(left_out, 'far price')} left out" if left_out else ""
    return Chart(
        title=f"{scenario}: book of {instrument.symbol}", subtitle=f"{' · '.join(best)}{far}",
        told=f"{scenario}: depth of the final book of {instrument.symbol} in lots by price: {listed(best)}{far}.",
        x_ticks=charts.ticks(x, lambda price: figures.price(price * tick), most=5),
        y_ticks=charts.ticks(y, figures.digits, most=4),
        lines=tuple(Line(charts.steps(stairs[side], x, y), *names[side]) for side in stairs if stairs[side]),
    )  # fmt: skip


def _read(measure: Measured) -> Limit | None:
    """The limit that stands beside the figure; None where a changed verdict.json holds none that can be drawn."""
    try:
        return parse_limit(f"{measure.stat}{measure.limit}")
    except ValueError:
        return None


def _p99(histogram: Histogram) -> str:
    return _ns(quantile(histogram, 0.99).value)


def _ns(value: float) -> str:
    return figures.amount(value, "ns")


def _nines(fraction: float) -> float:
    return -math.log10(1 - fraction)


def _levels(rows: BookRows) -> list[tuple[int, int]]:
    """(price, quantity) by rising price."""
    prices, places = np.unique(rows["price"], return_inverse=True)
    amounts = np.zeros(len(prices), np.int64)
    np.add.at(amounts, places, rows["remaining"])
    return list(zip(prices.tolist(), amounts.tolist(), strict=True))


def _near(levels: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The levels, best first, without those that stand far off and would squeeze the rest into a corner."""
    if not levels:
        return []
    best = levels[0][0]
    distances = sorted(abs(price - best) for price, _ in levels)
    usual = max(distances[len(distances) // 2], 1)
    return [level for level in levels if abs(level[0] - best) <= FAR * usual]


def _summed(levels: list[tuple[int, int]]) -> list[Point]:
    """Stairs from the best price outward, from the ground up."""
    total = 0
    points: list[Point] = [(levels[0][0], 0)] if levels else []
    for price, amount in levels:
        total += amount
        points.append((price, total))
    return points
