"""The verbs, put together. Nothing heavy is imported here: `--help` must answer at once."""

from __future__ import annotations

from typing import Annotated

import typer

import harness
from harness.cli import (
    EXIT_USAGE,
    bench,
    build_abi,
    capacity,
    compare,
    doctor,
    explore,
    init,
    judge,
    latency,
    listing,
    replay,
    report,
    run,
    serve,
    shrink,
    specimens,
    worker,
)

HELP = """Decides whether a trading engine may go live.

`gonogo run` drives the bundled engine, judges the evidence and prints GO, NO-GO or UNDECIDED with a report.
Exit codes: 0 GO, 1 NO-GO, 2 UNDECIDED, 3 GO with waivers (--strict-waivers), 64 usage, 70 own fault, 130 interrupted."""

app = typer.Typer(
    help=HELP, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
app.command("run")(run.run)
app.command("worker")(worker.worker)
app.command("judge")(judge.judge)
app.command("report")(report.report)
app.command("replay")(replay.replay)
app.command("shrink")(shrink.shrink)
app.command("explore")(explore.explore)
app.command("specimens")(specimens.specimens)
app.command("serve")(serve.serve)
app.command("build-abi")(build_abi.build_abi)
app.command("bench")(bench.bench)
app.command("compare")(compare.compare)
app.command("capacity")(capacity.capacity)
app.command("latency")(latency.latency)
app.command("list")(listing.listing)
app.command("doctor")(doctor.doctor)
app.command("init")(init.init)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"gonogo {harness.__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version
    if context.invoked_subcommand is None:
        # Exit code 0 would let a CI step pass that forgot its verb.
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(EXIT_USAGE)
