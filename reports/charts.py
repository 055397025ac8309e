"""The geometry of the pictures: scales, ticks and paths as plain values, without any markup.

A chart is drawn into a box of fixed size by `chart.svg.j2`; here numbers become places in it. Every function takes what
evidence may hold: nothing, a single point, zeros on a logarithmic axis, huge values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

WIDTH, HEIGHT = 640, 270
LEFT, RIGHT, TOP, BOTTOM = 84, 624, 48, 234
MOST_POINTS = 400
STYLES = ("s1", "s2", "s3")
HUGEST = 1e300
"""Values beyond it stand at the end of the axis: spans of them would leave the range of floats."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps values onto places along one axis."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def place(self, value: float) -> float:
        """Where the value stands, held inside the axis."""
        held = min(max(value, self.low), self.high)
        low, high, at = (_log(part) if self.log else part for part in (self.low, self.high, held))
        share = (at - low) / (high - low) if high > low else 0.5
        return self.start + (self.end - self.start) * share


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid with its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the chart: its path, its class in the style sheet, and its name in the key."""

    path: str
    style: str
    name: str


@dataclass(frozen=True, slots=True)
class Area:
    """A filled part of the chart: its path, its class in the style sheet, and its name in the key."""

    path: str
    style: str
    name: str


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of a picture, for those who do not look at it: a head, and rows of as many cells whose first one names the row."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit: a dashed line up to the place where it counts."""

    y: float
    until: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One picture, ready to draw; `told` says in words what it shows."""

    title: str
    subtitle: str
    told: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    areas: tuple[Area, ...] = ()
    bounds: tuple[Bound, ...] = ()
    table: Table | None = None


def along(low: float, high: float) -> Scale:
    """The horizontal axis."""
    low, high = (min(max(end, -HUGEST), HUGEST) for end in (low, high))
    return Scale(low, high, LEFT, RIGHT)


def upward(low: float, high: float, *, log: bool = False) -> Scale:
    """The vertical axis; a logarithmic one begins and ends at a power of ten, a linear one has room above."""
    low, high = (min(max(end, -HUGEST), HUGEST) for end in (low, high))
    if log:
        bottom, top = math.floor(_log(low)), math.ceil(_log(high))
        return Scale(10.0**bottom, 10.0 ** max(top, bottom + 1), BOTTOM, TOP, log=True)
    return Scale(low, high if high > low else low + 1, BOTTOM, TOP)


def ticks(scale: Scale, label: Callable[[float], str], most: int = 6) -> tuple[Tick, ...]:
    """Round values inside the scale: powers of ten on a logarithmic one, steps of 1, 2 or 5 on a linear one."""
    values = _powers(scale, most) if scale.log else _steps(scale.low, scale.high, most)
    return tuple(Tick(scale.place(value), label(value)) for value in values)


def path(points: Iterable[Point], x: Scale, y: Scale) -> str:
    """The points as an SVG path; values that are no numbers break the line."""
    drawn = decimated([point for point in points if math.isfinite(point[0])])
    strokes = [list(stroke) for whole, stroke in groupby(drawn, lambda point: math.isfinite(point[1])) if whole]
    # A single point would be invisible: a line of no length with round ends shows it.
    return " ".join(
        "M" + " L".join(_places(stroke, x, y)) + (" h0.01" if len(stroke) == 1 else "") for stroke in strokes
    )


def steps(points: Iterable[Point], x: Scale, y: Scale) -> str:
    """The points as stairs: each height holds until the next point."""
    parts: list[str] = []
    for across, up in decimated(list(points)):
        place = f"{x.place(across):.1f}"
        parts.append(f"M{place},{y.place(up):.1f}" if not parts else f"H{place} V{y.place(up):.1f}")
    return " ".join(parts)


def band(lower: Iterable[Point], upper: Iterable[Point], x: Scale, y: Scale) -> str:
    """The area between two lines over the same points; it breaks where either does."""
    both = list(zip(decimated(list(lower)), decimated(list(upper)), strict=True))
    stretches = [list(stretch) for whole, stretch in groupby(both, _both_finite) if whole]
    corners = [[below for below, _ in stretch] + [above for _, above in reversed(stretch)] for stretch in stretches]
    return " ".join("M" + " L".join(_places(around, x, y)) + "Z" for around in corners if len(around) > 2)


def styles(count: int) -> list[str]:
    """The classes of so many lines: the first two have colours of their own, all further ones are thin."""
    return [STYLES[min(place, len(STYLES) - 1)] for place in range(count)]


def decimated(points: list[Point], most: int = MOST_POINTS) -> list[Point]:
    """At most `most` points: of each stretch the highest, so that no spike is lost, and always the first and the last."""
    if len(points) <= most:
        return points
    inner = points[1:-1]
    size = math.ceil(len(inner) / (most - 2))
    kept = (max(inner[at : at + size], key=_height) for at in range(0, len(inner), size))
    return [points[0], *kept, points[-1]]


def _places(points: Iterable[Point], x: Scale, y: Scale) -> list[str]:
    return [f"{x.place(across):.1f},{y.place(up):.1f}" for across, up in points]


def _both_finite(points: tuple[Point, Point]) -> bool:
    return all(math.isfinite(part) for point in points for part in point)


def _height(point: Point) -> float:
    return point[1] if math.isfinite(point[1]) else -math.inf


def _log(value: float) -> float:
    """The power of ten; zero and below stand where one stands."""
    return math.log10(value) if value > 1 else 0.0


def _powers(scale: Scale, most: int) -> list[float]:
    bottom, top = round(_log(scale.low)), round(_log(scale.high))
    return [10.0**power for power in range(bottom, top + 1, max(math.ceil((top - bottom) / most), 1))]


def _steps(low: float, high: float, most: int) -> list[float]:
    span = high - low
    if not span > 0 or not math.isfinite(span):
        return [low]
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough * 0.999)
    first = math.ceil(low / step)
    return [number * step for number in range(first, math.floor(high / step * (1 + 1e-12)) + 1)]
