"""`gonogo build-abi`: the bundled engine as a shared library that public benchmark harnesses can load."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PACKAGE = "engines.reference"


def build_abi(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="Where the library goes, such as libgonogo.so.")],
) -> None:
    """Compile the reference engine as a shared library with the C ABI of the public matching-engine benchmark."""
    from harness.base import discover

    discover.load(PACKAGE, "library", "BUILD")(out)
    typer.echo(
        f'{out}: the reference engine, for harnesses of the C ABI and for `adapter = "c_abi"` (docs/adapters.md)'
    )
