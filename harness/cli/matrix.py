"""The detection matrix as a table for people."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from rich.table import Table
from rich.text import Text

from harness.base.detection import Detection, SpecimenResult
from harness.cli.console import wide
from harness.cli.screen import near

STYLES = {"caught": "green", "misnamed": "red", "missed": "bold red", "not_run": "yellow"}


def show(found: Detection, page: Path) -> None:
    """A row a specimen, a line a healthy engine, and what it comes to."""
    console = wide()
    table = Table(box=None, pad_edge=False)
    for name, justify in (
        ("specimen", "left"),
        ("", "left"),
        ("commands", "right"),
        ("s", "right"),
        ("shrunk", "right"),
        ("seen by", "left"),
    ):
        table.add_column(name, justify=justify, no_wrap=name != "seen by")  # type: ignore[arg-type]
    for one in found.specimens:
        table.add_row(
            one.name, Text(one.state.replace("_", " "), style=STYLES[one.state]), f"{one.commands:,}", f"{one.seconds:.1f}", f"{one.shrunk.commands:,}" if one.shrunk else "",
            Text(one.why) if one.why else _seen_by(one),
        )  # fmt: skip
    console.print(table)
    console.print()
    for sound in found.healthy:
        said = (
            Text(f"{sound.findings:,} findings; {sound.first}", style="bold red")
            if sound.findings
            else Text("no finding", style="green")
        )
        console.print(Text(f"{sound.name}, healthy: {sound.seeds:,} seeds, {sound.commands:,} commands: ") + said)
    console.print(Text(f"\n{_summary(found)}\nPage: {near(page)}"))


def _seen_by(one: SpecimenResult) -> Text:
    """The checks that saw it, those that are meant to in front."""
    meant = [check for check in one.caught_by if check in one.expected]
    others = [check for check in one.caught_by if check not in one.expected]
    return Text(", ".join(meant), style="bold") + Text("".join(f", {check}" for check in others), style="dim")


def _summary(found: Detection) -> str:
    words = [f"{found.totals.caught} of {len(found.specimens)} caught"]
    words += [f"{count} {word}" for word, count in found.short().items()]
    if commands := found.to_detect():
        words.append(f"median {median(commands):,.0f} commands to detection")
    if small := found.to_show():
        words.append(f"shrunk to {median(small):,.0f} (median), {max(small):,} at the most")
    if many := found.counting():
        words.append(f"not counted in that: {many} by whose nature it takes many")
    return "; ".join([*words, f"{found.totals.false_alarms} false alarms", f"{found.wall_s:g} s in all"])
