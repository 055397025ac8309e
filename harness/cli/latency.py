"""`gonogo latency`: what the single operations of an engine inside gonogo's process cost, timed by pyperf."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Annotated

import typer

Engine = Annotated[
    str, typer.Option(metavar="X", help="The engine: a bundled one, a specimen, or an adapter file (.py) that offers operations.")
]  # fmt: skip
Names = Annotated[
    list[str] | None, typer.Option("--op", metavar="NAME", help="An operation to time; may be given more than once. Default: all that the engine offers.")
]  # fmt: skip
Fast = Annotated[bool, typer.Option("--fast", help="Half as many processes, fewer values: a first look.")]
Rigorous = Annotated[bool, typer.Option("--rigorous", help="Twice as many processes.")]
Processes = Annotated[
    int, typer.Option(min=0, metavar="N", help="Processes an operation, instead of 10 (5 fast, 20 rigorous).")
]
Values = Annotated[
    int,
    typer.Option(min=0, metavar="N", help="Values of each process, instead of 5 (3 fast)."),
]
Out = Annotated[
    Path | None, typer.Option("-o", "--out", metavar="FILE", help="Write pyperf's file, for `python -m pyperf show`, `compare_to` and the rest.")
]  # fmt: skip
Json = Annotated[bool, typer.Option("--json", help="Print the figures as JSON on stdout; progress goes to stderr.")]


def latency(
    *, engine: Engine = "reference", names: Names = None, fast: Fast = False, rigorous: Rigorous = False,
    processes: Processes = 0, values: Values = 0, out: Out = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Time single operations of an engine: exit 0, or 1 if some could not be timed. It gives no verdict; `gonogo run` does."""
    import msgspec

    from harness.base.errors import SetupError
    from harness.cli import console, times
    from harness.compose import timing

    if fast and rigorous:
        raise SetupError("--fast and --rigorous ask for opposite things; give one of them")
    effort = timing.FAST if fast else timing.RIGOROUS if rigorous else timing.USUAL
    # What is timed has processes of its own, which a Ctrl-C ends; so does this.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    effort = effort._replace(processes=processes or effort.processes, values=values or effort.values)
    with console.telling() as tell:
        report = timing.latency(engine, names or (), effort, out, tell)
    if as_json:
        typer.echo(msgspec.json.encode(report))
    else:
        times.show(report)
    raise typer.Exit(0 if report.complete() else 1)
