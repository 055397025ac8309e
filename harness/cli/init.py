"""`gonogo init`: files to begin with, for an engine of one's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where the files go; made if it is not there.")] = Path(),
    *,
    language: Annotated[
        str, typer.Option(metavar="L", help="Of the stub: python, rust, go, c++, java, javascript. Asked for on a terminal.")
    ] = "",
    name: Annotated[str, typer.Option(metavar="NAME", help="The engine's, in reports. Default: the folder's.")] = "",
    use: Annotated[str, typer.Option(metavar="NAME", help="What the engine is for; decides the exit code. Default: the built-in policy's.")] = "",
    install: Annotated[str, typer.Option(metavar="WHAT", help="What pip installs in the workflow. Default: this version.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
) -> None:  # fmt: skip
    """Write engine.toml, policy.toml, a GitHub workflow and a stub that speaks JSON lines; no file is written over."""
    import harness
    from harness.base.errors import SetupError
    from harness.compose import plugs, scaffolding

    default_use = plugs.policy(None).policy.default_use
    asks = not language and sys.stdin.isatty()
    if not language and not asks:
        raise SetupError(f"--language is missing; there are: {', '.join(scaffolding.LANGUAGES)}")
    own = name or folder.resolve().name
    wish = scaffolding.Wish(
        language=typer.prompt(f"Language ({', '.join(scaffolding.LANGUAGES)})", default="python") if asks else language,
        name=typer.prompt("The engine's name", default=own) if asks and not name else own,
        use=typer.prompt("What it is for", default=default_use) if asks and not use else use or default_use,
        install=install or f"gonogo=={harness.__version__}",
    )
    texts = scaffolding.files(wish)
    scaffolding.write(folder, texts, force=force)
    for path in texts:
        typer.echo(f"wrote {folder / path}")
    at = "" if folder == Path() else f"cd {folder} && "
    typer.echo(
        f"next: {at}gonogo doctor --engine engine.toml, and gonogo run --engine engine.toml --policy policy.toml"
    )
