"""A search for a capacity as a page: the latencies against the rate, the limits in the picture, and every rate that was tried."""

from __future__ import annotations

from typing import NamedTuple

from harness.base.capacity import Capacity, Outcome, Rate, by_rate
from harness.base.limits import parse_limit
from reports import charts, environment, figures
from reports.charts import Bound, Line, Point, Scale, Tick
from reports.texts import spoken

PARTS = (("p50", "s1"), ("p99", "s2"), ("p99.9", "s3"))
"""The percentiles that are drawn, with their lines' classes in the style sheet."""
SAID: dict[Outcome, str] = {"kept": "kept", "broken": "broken", "generator": "generator late", "unknown": "cannot be told"}  # fmt: skip
ROOM = 1.25
"""By this factor the axis reaches beyond the rates on either side, so that what stands at its ends can be read."""
STEPS = (1, 2, 5)


class Mark(NamedTuple):
    """A trial in the picture: its p99 at its rate; the shape says what came of it, as the colour does."""

    x: float
    y: float
    outcome: Outcome
    told: str


class Post(NamedTuple):
    """A rate that counts, as a line across the picture."""

    x: float
    label: str
    style: str
    is_left: bool
    """Whether its words stand on the left of it."""
    y: float


class Picture(NamedTuple):
    """The latencies against the rate, ready to draw."""

    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    bounds: tuple[Bound, ...]
    marks: tuple[Mark, ...]
    posts: tuple[Post, ...]
    outcomes: tuple[Outcome, ...]
    """Those that there are, for the key."""
    told: str


class Row(NamedTuple):
    """One rate of the table."""

    rate: str
    outcome: Outcome
    said: str
    kept: str
    answered: str
    times: tuple[str, ...]
    lag: str
    why: str


class Page(NamedTuple):
    """All that the page shows."""

    found: Capacity
    moment: str
    warmed_at: str
    """The rate of the trial that does not count; empty where there was none."""
    headline: str
    style: str
    cards: tuple[tuple[str, str, str], ...]
    picture: Picture | None
    rows: tuple[Row, ...]
    facts: tuple[tuple[str, str], ...]


def page(found: Capacity) -> str:
    """The page as HTML: one file without script and without any request."""
    template = environment.html().get_template("capacity.html.j2")
    rates = by_rate(found.trials)
    warmed = [figures.amount(one.rate_per_s, "1/s") for one in found.trials if one.stage == "warm-up"]
    return template.render(
        page=Page(
            found=found, moment=figures.moment(found.started_utc), warmed_at="".join(warmed[:1]), headline=_headline(found), style={0: "go", 1: "no-go"}.get(found.exit, "undecided"), cards=_cards(found),
            picture=picture(found, rates), rows=tuple(map(_row, rates)), facts=_facts(found),
        ),
        box=charts, said=SAID, parts=PARTS,
    )  # fmt: skip


def picture(found: Capacity, rates: tuple[Rate, ...]) -> Picture | None:
    """Both axes logarithmic; None where nothing was answered at all."""
    counted = [one for one in found.trials if one.stage != "warm-up" and one.response_ns]
    drawn = [one for one in rates if one.response_ns]
    if not drawn:
        return None
    limits = [parse_limit(one.limit) for one in found.limits if one.metric == "latency.response"]
    peak = [found.peak.commands_per_s] if found.peak else []
    ends = [one.rate_per_s for one in drawn] + peak
    x = Scale(min(ends) / ROOM, max(ends) * ROOM, charts.LEFT, charts.RIGHT, log=True)
    values = [float(value) for one in drawn for value in one.response_ns.values()] + [limit.value for limit in limits]
    values += [float(one.response_ns["p99"]) for one in counted]
    y = charts.upward(min(values), max(values), log=True)
    lines = []
    for name, style in PARTS:
        points: list[Point] = [(one.rate_per_s, float(one.response_ns[name])) for one in drawn]
        lines.append(Line(charts.path(points, x, y), style, name))
    bounds = [
        Bound(y.place(one.value), charts.RIGHT, f"{figures.stat(one.stat)} {figures.limit(one.text)}") for one in limits
    ]
    marks = [
        Mark(x.place(one.rate_per_s), y.place(one.response_ns["p99"]), one.outcome, f"trial {one.number}: {figures.amount(one.rate_per_s, '1/s')}, {SAID[one.outcome]}")
        for one in counted
    ]  # fmt: skip
    outcomes = tuple(outcome for outcome in SAID if any(mark.outcome == outcome for mark in marks))
    return Picture(
        x_ticks=_rate_ticks(x), y_ticks=charts.ticks(y, lambda value: figures.amount(value, "ns")), lines=tuple(lines), bounds=tuple(bounds),
        marks=tuple(marks), posts=_posts(found, x), outcomes=outcomes,
        told=f"Response times from {figures.amount(drawn[0].rate_per_s, '1/s')} to {figures.amount(drawn[-1].rate_per_s, '1/s')}, on logarithmic axes. {found.why}",
    )  # fmt: skip


def _posts(found: Capacity, x: Scale) -> tuple[Post, ...]:
    """The capacity and the stated peak; the words of one keep clear of those of the other."""
    wanted = []
    if found.kept_per_s is not None:
        wanted.append((found.kept_per_s, f"kept: {figures.amount(found.kept_per_s, '1/s')}", "capacity"))
    if found.peak is not None:
        wanted.append((found.peak.commands_per_s, f"stated peak: {figures.amount(found.peak.commands_per_s, '1/s')}", "peak"))  # fmt: skip
    middle = (charts.LEFT + charts.RIGHT) / 2
    return tuple(
        Post(x.place(rate), label, style, is_left=x.place(rate) > middle, y=charts.BOTTOM - 10 - 20 * place)
        for place, (rate, label, style) in enumerate(wanted)
    )


def _rate_ticks(x: Scale) -> tuple[Tick, ...]:
    """1, 2 and 5 of each power of ten while there is room for them, else the powers alone."""
    powers = [10.0**power for power in range(10)]
    fine = [power * step for power in powers for step in STEPS if x.low <= power * step <= x.high]
    coarse = [value for value in fine if value in powers]
    chosen = fine if len(fine) <= 7 or len(coarse) < 2 else coarse
    return tuple(Tick(x.place(value), _short(value)) for value in chosen)


def _short(rate_per_s: float) -> str:
    """A rate on an axis: 20k, 1M."""
    for factor, unit in ((1e6, "M"), (1e3, "k")):
        if rate_per_s >= factor:
            return f"{rate_per_s / factor:g}{unit}"
    return f"{rate_per_s:g}"


def _headline(found: Capacity) -> str:
    kept = "" if found.kept_per_s is None else figures.amount(found.kept_per_s, "1/s")
    words = {
        "found": kept,
        "at least": f"at least {kept}",
        "none": "no rate kept",
        "generator saturated": f"at least {kept}" if kept else "not known",
    }
    return words.get(found.word, f"at least {kept}" if kept else "not known")


def _cards(found: Capacity) -> tuple[tuple[str, str, str], ...]:
    """Title, figure, and the words below it."""
    kept, above = (
        (figures.amount(rate, "1/s"), f"kept in {tally.kept} of {tally.of} trials") if rate is not None else ("none", "")
        for rate, tally in ((found.kept_per_s, found.kept), (found.above_per_s, found.above))
    )  # fmt: skip
    peak = found.peak
    headroom = ("not stated", f"no [use.{found.use}.peak] in the policy")
    if peak:
        times = "none" if found.headroom is None else f"{figures.digits(found.headroom)} times"
        headroom = (times, f"the stated peak of {figures.amount(peak.commands_per_s, '1/s')} ({peak.source})")
    sure = (
        ("not repeated", "") if found.sure is None else (f"{found.sure:.0%}", f"by {found.repeats} repeats at each end")
    )
    return (("Highest rate kept", *kept), ("Next step up", *above), ("Headroom", *headroom), ("Sureness", *sure))


def _row(one: Rate) -> Row:
    return Row(
        rate=figures.amount(one.rate_per_s, "1/s"), outcome=one.outcome, said=SAID[one.outcome], kept=f"{one.tally.kept} of {one.tally.of}",
        answered="" if one.answered_per_s is None else figures.amount(one.answered_per_s, "1/s"),
        times=tuple(_time(one.response_ns.get(name)) for name, _ in PARTS), lag=_time(one.lag_p99_ns), why=one.why,
    )  # fmt: skip


def _time(value_ns: int | None) -> str:
    return "" if value_ns is None else figures.amount(value_ns, "ns")


def _facts(found: Capacity) -> tuple[tuple[str, str], ...]:
    """How it was measured, in pairs of label and words."""
    host = found.host
    limits = ", ".join(f"{spoken(one.metric)} {_limit(one.limit)}" for one in found.limits)
    sent = f", sent by {figures.counted(found.workers, 'worker')}" if found.workers else ""
    inside = (
        "inside gonogo: what gonogo takes itself counts as the engine's slowness"
        if found.inside
        else "a process of its own"
    )
    return (
        ("Limits", limits), ("Correctness", f"no violation by {', '.join(map(spoken, found.correctness()))}"),
        ("Scenario", f"{spoken(found.scenario)}, seed {found.seed}, from {figures.amount(found.from_per_s, '1/s')} to {figures.amount(found.to_per_s, '1/s')}"),
        ("Trials", f"{figures.count(len(found.trials))} of {figures.amount(found.length_ns, 'ns')} each, the first {figures.amount(found.warm_up_ns, 'ns')} of it untimed, on an engine started for it{sent}; {figures.duration(found.wall_s * 1e9)} in all"),
        ("Engine", f"{inside}{f'; commit {found.engine.commit[:12]}' if found.engine.commit else ''}{', changed since' if found.engine.dirty else ''}"),
        ("Host", f"{host.cpu}, {host.cores} cores, kernel {host.kernel}{f', governor {host.governor}' if host.governor else ''}; noise {figures.digits(host.noise_pct or 0)} %"),
        ("Policy", f"use {spoken(found.use)}, SHA-256 {found.policy_sha256[:16]}"),
    )  # fmt: skip


def _limit(text: str) -> str:
    limit = parse_limit(text)
    return f"{figures.stat(limit.stat)} {figures.limit(limit.text)}".strip()


PAGE = page
