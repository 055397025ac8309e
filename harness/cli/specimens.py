"""`gonogo specimens`: run every engine that is broken on purpose, and tell which check saw it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SPECIMEN]...", help="Which to run; `gonogo list specimen` names them. Default: all."),
]
Seed = Annotated[int, typer.Option(min=0, help="The seed of the flows.")]
Seeds = Annotated[
    int,
    typer.Option(
        min=0, metavar="N", help="How many seeds each healthy engine is driven with: none may have a finding."
    ),
]
Out = Annotated[Path, typer.Option(metavar="DIR", help="Where the page and its figures go, in a folder `specimens`.")]
Shrink = Annotated[bool, typer.Option("--shrink", help="Find out as well how few commands show each defect.")]
Json = Annotated[bool, typer.Option("--json", help="Print the matrix as JSON on stdout; progress goes to stderr.")]


def specimens(
    names: Names = None,
    *,
    seed: Seed = 1,
    seeds: Seeds = 20,
    shrink: Shrink = False,
    out: Out = Path("runs"),
    as_json: Json = False,
) -> None:
    """Prove that the checks can see: exit 0 if each is caught by a check meant for it and no healthy engine is blamed."""
    import msgspec

    from harness.cli import console, matrix
    from harness.compose import proving

    with console.telling() as tell:
        found = proving.prove(tuple(names or ()), seed, seeds, tell, shrinks=shrink)
    page = proving.store(found, out)
    if as_json:
        typer.echo(msgspec.json.encode(found))
    else:
        matrix.show(found, page)
    raise typer.Exit(found.exit_code())
