"""`gonogo shrink`: make the commands that show a finding few and simple."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from harness.compose.shrinking import Made


def shrink(
    finding: Annotated[str, typer.Argument(metavar="ID", help="The id of a finding, as a report tells it.")],
    engine: Annotated[
        str, typer.Option(metavar="X", help="Another engine than the one that the finding is about.")
    ] = "",
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where run folders are looked for.")] = Path("runs"),
    budget: Annotated[
        str, typer.Option(metavar="T", help="How long commands may be left out once the recorded ones fail again.")
    ] = "20s",
) -> None:
    """Leave out what a finding does not need: STILL FAILING (exit 1) with the few commands left, FIXED (0) or ERROR (2)."""
    from harness.base.clock import MonotonicClock
    from harness.cli import screen, stopping
    from harness.cli.replay import CODES
    from harness.compose import shrinking

    with screen.watching() as view, stopping.asked() as stopped:
        work = shrinking.Work(
            clock=MonotonicClock(), budget_ns=screen.duration_ns(budget), tell=view.tell, stopped=stopped
        )
        made = shrinking.make_small(finding, out, engine, work)
    typer.echo(_said(made))
    raise typer.Exit(CODES[made.outcome])


def _said(made: Made) -> str:
    """The outcome, what is left of the tape, and where it lies."""
    from harness.cli import screen

    lines = [f"{made.outcome}  {made.finding.title}"]
    if made.shrunk is None or made.files is None:
        lines.append(
            f"  engine    {made.engine}, {made.before:,} recorded commands of scenario {made.finding.scenario}"
        )
        return "\n".join([*lines, f"  got       {screen.indented(made.said or 'what was expected')}"])
    ended = "; the budget ended it, a longer one may leave fewer" if made.shrunk.spent else ""
    lines += [
        f"  engine    {made.engine}",
        f"  shrunk    {made.before:,} commands to {len(made.shrunk.tape):,}, in {made.shrunk.tries:,} tries{ended}", "",
        screen.indented(made.script, 0), f"  tape      {screen.near(made.files.tape)}", f"  test      {screen.near(made.files.test)}",
        f"  script    {screen.near(made.files.script)}", f"  again     gonogo replay {screen.near(made.files.tape)}",
    ]  # fmt: skip
    return "\n".join(lines)
