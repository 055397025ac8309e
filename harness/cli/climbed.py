"""A search for a capacity as a table for people."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from harness.base.capacity import Capacity, Rate, by_rate
from harness.cli.console import table
from harness.cli.screen import near

STYLES = {"kept": "green", "broken": "bold red", "generator": "yellow", "unknown": "yellow"}
CODES = {0: "bold green", 1: "bold red"}
COLUMNS = ("rate", "kept", "answered", "p50", "p99", "p99.9", "lag p99", "", "why")
WORDS = ("", "why")
PAGE = "capacity.html"
LONGEST = 60
"""Of a reason in the table; the page tells all of it."""


def show(found: Capacity, path: Path, console: Console) -> None:
    """What was found first, then a row a rate, then what the reader must know to believe it."""
    build = found.engine
    console.print(
        Text(headline(found), style=CODES.get(found.exit, "bold yellow"))
        + Text(f"  {build.name} {build.version} as {found.use.replace('_', ' ')}\n", style="default")
    )
    console.print(Text(found.why + "\n"))
    figures = table(COLUMNS, WORDS)
    for one in by_rate(found.trials):
        figures.add_row(*_row(one))
    if figures.row_count:
        console.print(figures)
    console.print(Text("\n" + "\n".join(_footing(found, path))))


def headline(found: Capacity) -> str:
    """The capacity in a word."""
    kept = "" if found.kept_per_s is None else f"{found.kept_per_s:,.0f}/s"
    if found.word == "found":
        return kept
    least = f"at least {kept}" if kept else "no rate is known to be kept"
    return (
        least if found.word == "at least" else f"{found.word}; {least}" if found.word != "none" else "no rate is kept"
    )


def _footing(found: Capacity, path: Path) -> list[str]:
    """What it rests on."""
    lines = []
    if found.sure is not None:
        lines.append(f"Sureness: {found.sure:.0%}, by {found.repeats} repeats of either rate on engines started anew.")
    if found.peak is None:
        lines.append(f"Headroom: no peak is stated for this use ([use.{found.use}.peak] in the policy).")
    else:
        times = "" if found.headroom is None else f"{found.headroom:.2f} times "
        lines.append(f"Headroom: {times}the stated peak of {found.peak.commands_per_s:,.0f}/s ({found.peak.source}).")
    if found.inside:
        lines.append("The engine works inside gonogo: what gonogo takes itself counts as its slowness.")
    host = found.host
    limits = ", ".join(f"{one.metric} {one.limit}" for one in found.limits)
    sent = f" by {found.workers} worker{'' if found.workers == 1 else 's'}" if found.workers else ""
    lines += [
        f"Limits: {limits}; no violation by {', '.join(found.correctness())}.",
        f"{len(found.trials)} trial{'' if len(found.trials) == 1 else 's'} of {found.length_ns / 1e9:g} s, {found.warm_up_ns / 1e9:g} s of it untimed, over {found.scenario}{sent}, {found.wall_s:,.0f} s in all; {host.cpu}, {host.cores} cores; noise {host.noise_pct:g} %",
        f"Page: {near(path.with_name(PAGE))}",
    ]
    return lines


def _row(one: Rate) -> tuple[str | Text, ...]:
    times = [_ms(one.response_ns.get(name)) for name in ("p50", "p99", "p99.9")]
    answered = "" if one.answered_per_s is None else f"{one.answered_per_s:,.0f}/s"
    why = one.why if len(one.why) <= LONGEST else f"{one.why[: LONGEST - 3]}..."
    return (
        f"{one.rate_per_s:,.0f}/s", f"{one.tally.kept} of {one.tally.of}", answered, *times, _ms(one.lag_p99_ns),
        Text(one.outcome, style=STYLES[one.outcome]), why,
    )  # fmt: skip


def _ms(value_ns: int | None) -> str:
    return "" if value_ns is None else f"{value_ns / 1e6:,.3f} ms"
