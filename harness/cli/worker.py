"""`gonogo worker`: send a part of a load whose master runs on another machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXIT_BROKEN_OFF = 1
Master = Annotated[
    str, typer.Argument(metavar="HOST:PORT", help="Where the master waits, as `gonogo run ... --master` tells.")
]
Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[SCENARIO]...", help="Scenario files that the master may ask for; it must have the same, byte for byte. Bundled ones need no word."),
]  # fmt: skip
Data = Annotated[Path | None, typer.Option(metavar="DIR", help="Where recorded data lies here (or GONOGO_DATA).")]
Wait = Annotated[str, typer.Option(metavar="T", help="How long it may take until a master has a place for it.")]


def worker(master: Master, files: Files = None, *, data: Data = None, wait: Wait = "5m") -> None:
    """Send a part of one load: exit 0 once the master has it, 1 if the load was broken off, 64 if it could not be taken part in."""
    from harness.cli import console, screen, stopping
    from harness.compose.far_worker import Service, serve
    from harness.compose.own_files import OwnFiles, known_scenarios
    from harness.load.places import read_place

    service = Service(
        place=read_place(master, "gonogo worker"), files=OwnFiles(known_scenarios(tuple(files or ())), data),
        wait_s=screen.duration_ns(wait) / 1e9,
    )  # fmt: skip
    with console.telling() as tell, stopping.asked("the master is told") as stopped:
        told = serve(service, tell, stopped)
    failed = told.done.failure if told.done and told.done.status == "generator failed" else ""
    if failed or told.why:
        typer.echo(
            f"gonogo: {f'this worker could not send: {failed}' if failed else f'the load was broken off: {told.why}'}",
            err=True,
        )
        raise typer.Exit(EXIT_BROKEN_OFF)
    typer.echo(f"sent {told.done.sent if told.done else 0:,} commands, and handed over what came of them")
