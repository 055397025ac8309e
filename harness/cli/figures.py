"""The figures of `gonogo bench` as a table for people."""

from __future__ import annotations

from rich.text import Text

from harness.cli.console import table, wide
from harness.compose.benching import BenchReport
from harness.rounds import Result

NOISY_PCT = 10
COLUMNS = ("figure", "median", "spread", "against", "ratio", "goal", "")
WORDS = ("figure", "against", "goal", "")


def show(report: BenchReport) -> None:
    """The table on stdout, then what the reader must know to believe it."""
    console = wide()
    figures = table(COLUMNS, WORDS)
    for one in report.results:
        figures.add_row(*_row(one))
    console.print(figures)
    host = report.host
    noisy = ": too noisy to quote, only the ratios say something" if host.noise_pct > NOISY_PCT else ""
    versions = ", ".join(f"{name} {number}" for name, number in report.versions.items())
    console.print(Text(f"\n{host.cpu}, {host.cores} cores; noise {host.noise_pct:g} %{noisy}\n{versions}"))


def _row(one: Result) -> tuple[str | Text, ...]:
    if not one.correct or one.median is None:
        return (one.name, "", "", "", "", "", Text("the work was not done right: no figure", style="bold red"))
    state = {None: Text(""), True: Text("reached", style="green"), False: Text("not reached", style="yellow")}[
        one.reached
    ]
    ratio = "" if one.ratio is None else f"{one.ratio:,.{0 if one.ratio >= 100 else 2}f}x"
    return (one.name, _said(one.median, one.unit), f"{one.spread_pct or 0:.0f} %", one.baseline, ratio, one.goal, state)


def _said(value: float, unit: str) -> str:
    if unit == "1/s":
        return f"{value:,.0f}/s"
    return f"{value:,.2f} {unit}"
