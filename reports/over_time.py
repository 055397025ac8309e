"""What went on over time: latencies as bands from their median up, rates as lines, all of a scenario on one time axis.

The axis counts from the scenario's first interval. A line breaks where nothing was told for a while, as where nothing was answered.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from operator import itemgetter
from statistics import median_low
from typing import NamedTuple, TypeAlias

from harness.base.findings import Series
from reports import charts, figures
from reports.charts import Area, Chart, Line, Point, Scale, Table
from reports.texts import listed, spoken, titled

Drawn: TypeAlias = tuple[tuple[Line, ...], tuple[Area, ...]]

AREAS = ("a1", "a2", "a3")
PAUSE = 5
"""An interval that begins this many times the usual distance after the one before begins a line of its own."""


class Span(NamedTuple):
    """From when to when something was told, since the run's start."""

    from_ns: float
    to_ns: float


def span(many: Iterable[Series]) -> Span:
    """What all series of a scenario reach over together."""
    starts = [row[0] for series in many for row in series.rows] or [0]
    return Span(min(starts), max(starts))


def over_time(series: Series, over: Span) -> Chart | None:
    """Every column against the start of its interval; times of nanoseconds on a logarithmic axis, as bands."""
    names = [_column(name) for name in series.columns[1:]]
    columns = [_points(series, place, over.from_ns) for place in range(1, len(series.columns))]
    values = [up for column in columns for _, up in column if math.isfinite(up)]
    if not values:
        return None
    log = series.unit == "ns"
    x = charts.along(0, over.to_ns - over.from_ns)
    y = charts.upward(min(values) if log else 0, max(values) * (1 if log else 1.1), log=log)
    drawn = _bands if log and len(columns) > 1 else _lines
    named = dict(zip(names, columns, strict=True))
    lines, areas = drawn(named, x, y)
    table = _table(series, named, x.high)
    tops = [f"{row[0]} up to {row[3]}" for row in table.rows]
    each = [f"each {figures.amount(width_ns, 'ns')}"] if (width_ns := _usual_ns(series)) else []
    return Chart(
        title=f"{titled(series.name)} over time", subtitle=" · ".join([*(tops[-2:] if areas else tops), *each]),
        told=f"{', '.join([f'{titled(series.name)} over {figures.duration(x.high)}', *each])}: {listed(tops)}.",
        x_ticks=charts.ticks(x, lambda value: figures.amount(value, "ns", like=x.high)),
        y_ticks=charts.ticks(y, lambda value: figures.amount(value, series.unit), most=4),
        lines=lines, areas=areas, table=table,
    )  # fmt: skip


def _usual_ns(series: Series) -> float:
    """The usual distance of two intervals: what each of them reaches over."""
    return median_low([later[0] - earlier[0] for earlier, later in pairwise(series.rows)] or [0.0])


def _lines(columns: dict[str, list[Point]], x: Scale, y: Scale) -> Drawn:
    """A line a column; the main one is the last, what came of the others."""
    *others, main = columns.items()
    return tuple(
        Line(charts.path(points, x, y), style, name)
        for style, (name, points) in zip(charts.styles(len(columns)), (main, *others), strict=True)
    ), ()


def _bands(columns: dict[str, list[Point]], x: Scale, y: Scale) -> Drawn:
    """A line for the first column, and from it up to each of the others an area: the darker, the more commands took that long.

    The top one has an edge, so that a single slow interval is seen.
    """
    (low, lowest), *above = columns.items()
    areas = [
        Area(charts.band(lowest, points, x, y), style, f"to {name}")
        for style, (name, points) in zip(_shades(len(above)), above, strict=True)
    ]
    edge = Line(charts.path(above[-1][1], x, y), "edge", "")
    return (edge, Line(charts.path(lowest, x, y), "s1", low)), tuple(areas)


def _shades(count: int) -> list[str]:
    """The darkest first; the last area is the lightest, however many there are."""
    return [AREAS[max(place, 0)] for place in range(len(AREAS) - count, len(AREAS))]


def _points(series: Series, place: int, from_ns: float) -> list[Point]:
    """One column over time from the scenario's first interval, with a gap wherever nothing was told for a while."""
    points = [(row[0] - from_ns, row[place]) for row in series.rows]
    pause_ns = PAUSE * _usual_ns(series)
    parted = points[:1]
    for before, point in pairwise(points):
        parted += [(point[0], math.nan), point] if point[0] - before[0] > pause_ns else [point]
    return parted


def _table(series: Series, columns: dict[str, list[Point]], until_ns: float) -> Table:
    """The lowest and the highest of each column, and when."""
    return Table(
        head=(spoken(series.name), "lowest", "at", "highest", "at"),
        rows=tuple((name, *_ends(points, series.unit, until_ns)) for name, points in columns.items()),
    )


def _ends(points: list[Point], unit: str, until_ns: float) -> tuple[str, ...]:
    told = [point for point in points if math.isfinite(point[1])]
    ends = [pick(told, key=itemgetter(1)) for pick in (min, max)] if told else []
    return tuple(
        words for at_ns, value in ends
        for words in (figures.amount(value, unit), figures.amount(at_ns, "ns", like=until_ns))
    ) or ("none", "") * 2  # fmt: skip


def _column(name: str) -> str:
    """A column's name without the unit that the axis tells."""
    return spoken(name.removesuffix("_ns").removesuffix("_per_s"))
