"""A comparison of two builds as a table for people."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from harness.base.comparison import Comparison, Difference
from harness.base.judgement import EngineIdentity
from harness.base.looks import ALPHA
from harness.cli.console import table
from harness.cli.screen import near

STYLES = {"no change": "green", "faster": "bold green", "slower": "bold red", "cannot tell": "yellow"}
COLUMNS = ("scenario", "figure", "base", "head", "spread", "change", "interval", "p", "budget", "")
WORDS = ("scenario", "figure", "")


def show(found: Comparison, path: Path, console: Console) -> None:
    """The word first, then a row a figure, then what the reader must know to believe them."""
    console.print(
        Text(found.word, style=STYLES[found.word])
        + Text(f"  {_said(found.head)} against {_said(found.base)}\n", style="default")
    )
    figures = table(COLUMNS, WORDS)
    for one in found.differences:
        figures.add_row(*_row(one))
    console.print(figures)
    for why in dict.fromkeys(f"{one.scenario}: {one.why}" for one in found.differences if one.why):
        console.print(Text(f"\n{why}", style="yellow"))
    console.print(Text("\n" + "\n".join(_footing(found, path))))


def _footing(found: Comparison, path: Path) -> list[str]:
    """What the figures rest on."""
    lines = ["Changes are of costs: above 0 is worse, whatever the figure. A figure without a budget decides nothing."]
    if found.pairs_asked:
        sent = ", ".join(f"{name} {count:,}" for name, count in found.commands.items())
        lines.append(f"{found.pairs} pairs, of {found.pairs_most} at the most; commands a run: {sent}")
    else:
        lines.append("Stored runs, not made side by side: what changed on the host between them counts as the build's.")
    lines.append(_looks(found))
    if found.ended:
        lines.append(f"It ended early: {found.ended}")
    host = found.host
    noise = "" if host.noise_pct is None else f"; noise {host.noise_pct:g} %"
    return [*lines, f"{host.cpu}, {host.cores} cores{noise}", f"Figures: {near(path)}"]


def _looks(found: Comparison) -> str:
    """How often it was looked, and what each look may spend."""
    spends = f"intervals of {100 * found.confidence:g} %, p significant below {found.alpha:.2g}"
    if found.looks_most == 1:
        return f"One look: {spends}"
    ends = f"after {found.pairs_asked} pairs, and again while it could not be told"
    return f"{found.looks} of {found.looks_most} looks, {ends}; at each {spends}: over all, 95 % and {ALPHA:g}"


def _said(build: EngineIdentity) -> str:
    commit = f" ({build.commit[:12]}{', changed since' if build.dirty else ''})" if build.commit else ""
    return f"{build.name} {build.version}{commit}"


def _row(one: Difference) -> tuple[str | Text, ...]:
    ends = "" if one.low_pct is None or one.high_pct is None else f"{one.low_pct:+.1f} to {one.high_pct:+.1f} %"
    decides = one.budget_pct is not None
    return (
        one.scenario, one.metric, _value(one.base, one.unit), _value(one.head, one.unit), f"{one.spread_pct:.1f} %",
        f"{one.change_pct:+.1f} %", ends, f"{one.p if one.p_corrected is None else one.p_corrected:.2g}",
        f"{one.budget_pct:g} %" if decides else "", Text(one.word, style=STYLES[one.word]) if decides else "",
    )  # fmt: skip


def _value(value: float, unit: str) -> str:
    if unit == "ns":
        return f"{value / 1e3:,.2f} us"
    return f"{value / 2**20:,.1f} MiB" if unit == "B" else f"{value:,.0f}/s"
