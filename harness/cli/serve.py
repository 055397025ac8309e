"""`gonogo serve`: the bundled engine as a service that others can trade with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PACKAGE = "engines.service"

Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="A service.toml; default: a demo.")]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Where it keeps its files; goes before the configuration's."),
]
Ouch = Annotated[
    int | None, typer.Option("--ouch", min=0, max=65535, metavar="PORT", help="TCP port of OUCH; 0: any that is free.")
]
Fix = Annotated[int | None, typer.Option("--fix", min=0, max=65535, metavar="PORT", help="The same of FIX 4.4.")]

Stdio = Annotated[
    bool,
    typer.Option(
        "--stdio", help="Speak JSON lines over standard input and output instead: matching alone, until input ends."
    ),
]
Verify = Annotated[
    bool,
    typer.Option(
        "--verify",
        help="Only read journal, snapshots and trail, and say what they are worth: exit 0 if a service may go on from them, else 1.",
    ),
]
Fills = Annotated[
    bool,
    typer.Option(
        "--fills",
        help="The same as --verify, said on standard error, and each fill of the trail on standard output, as JSON lines.",
    ),
]


def serve(
    config: Config = None,
    data: Data = None,
    ouch: Ouch = None,
    fix: Fix = None,
    *,
    stdio: Stdio = False,
    verify: Verify = False,
    fills: Fills = False,
) -> None:
    """Serve until SIGTERM or SIGINT, then drain: exit 0 only if all that was taken was told and the counts balance."""
    from harness.base import discover
    from harness.base.errors import SetupError

    if stdio and (config, data, ouch, fix, verify, fills) != (None, None, None, None, False, False):
        raise SetupError("--stdio is the engine alone, without ports, limits and files: give no other option with it")
    if stdio:
        done = discover.load(PACKAGE, "stdio", "STDIO")()
    elif fills:
        done = discover.load(PACKAGE, "verifying", "FILLS")(config, data)
    elif verify:
        done = discover.load(PACKAGE, "verifying", "VERIFY")(config, data)
    else:
        done = discover.load(PACKAGE, "serve", "SERVE")(config, data, ouch, fix)
    raise typer.Exit(0 if done else 1)
