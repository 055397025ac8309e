"""`gonogo report`: render a judged run again, in any format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def report(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder, or runs/NAME for its newest run.")],
    formats: Annotated[
        list[str] | None, typer.Option("--format", metavar="NAME", help="May be given more than once; default: all.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Where to write, instead of the run folder.")] = None,
) -> None:
    """Render the stored verdict of a run; nothing is judged again."""
    import sys

    from harness.base.errors import SetupError
    from harness.compose import reporting
    from harness.evidence import manifest
    from harness.evidence.archive import Archive, latest

    archive = Archive(latest(folder))
    if not (archive.folder / "verdict.json").is_file():
        raise SetupError(f"{archive.folder} was not judged yet; run: gonogo judge {archive.folder}")
    if "verdict.json" in manifest.changed(archive.folder):
        raise SetupError(
            f"verdict.json of {archive.folder} was changed since it was judged; run: gonogo judge {archive.folder}"
        )
    names = tuple(formats or reporting.ALWAYS)
    place = out or archive.folder
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(f"cannot write into {place}: {error.strerror}; --out names a folder") from error
    clean = not manifest.changed(archive.folder)
    written = reporting.render(archive, names, place, lambda line: print(line, file=sys.stderr))
    if out is None and clean:
        manifest.write(archive.folder)
    for path in written:
        typer.echo(path)
    if len(written) < len(names):
        raise SetupError("not every report could be written")
