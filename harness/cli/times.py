"""The figures of `gonogo latency` as a table for people."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from harness.cli.console import table, wide
from harness.compose.timing import LatencyReport, OperationTime

COLUMNS = ("operation", "median", "MAD", "min", "empty loop", "against", "")
WORDS = ("operation", "against", "")


def show(report: LatencyReport) -> None:
    """The table on stdout, then what pyperf says of what is not stable, and what else the reader must know to believe it."""
    console = wide()
    figures = table(COLUMNS, WORDS)
    for one in report.operations:
        figures.add_row(*_row(one))
    console.print(figures)
    for one in report.operations:
        _say_more(console, one)
    host = report.host
    versions = ", ".join(f"{name} {number}" for name, number in report.versions.items())
    console.print(
        Text(
            f"\n{report.engine} {report.engine_version}; {host.cpu}, {host.cores} cores, load {host.load_1min:g}; {versions}\n"
            "Times are of one operation, by the batch; what of each is the empty loop's is taken off nowhere."
        )
    )


def _row(one: OperationTime) -> tuple[str | Text, ...]:
    if one.failure:
        return (one.name, "", "", "", "", "", Text("could not be timed", style="bold red"))
    against = "" if one.difference_ns is None else f"{one.against} {_said(one.difference_ns, '+')}"
    stable = {
        None: Text("one value"),
        True: Text("stable", style="green"),
        False: Text("may be unstable", style="yellow"),
    }[one.stable]
    return (one.name, *map(_said, (one.median_ns, one.mad_ns, one.min_ns, one.empty_loop_ns)), against, stable)


def _say_more(console: Console, one: OperationTime) -> None:
    lines = one.failure.splitlines() if one.failure else () if one.stable else one.pyperf
    if lines:
        console.print(Text("\n    ".join((f"\n{one.name}: {one.about}", *lines))))


def _said(time_ns: float | None, sign: str = "") -> str:
    """In ns, with a digit where that says something."""
    if time_ns is None:
        return ""
    return f"{time_ns:{sign},.{1 if abs(time_ns) < 1_000 else 0}f} ns"
