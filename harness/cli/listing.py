"""`gonogo list`: everything that is plugged in, with its first line of documentation."""

from __future__ import annotations

from typing import Annotated

import typer


def listing(
    kind: Annotated[
        str, typer.Argument(metavar="[KIND]", help="Only this kind, such as check, flow or scenario.")
    ] = "",
) -> None:
    """List engines, scenarios, profiles, cases, checks, flows, probes, specimens, formats and benches."""
    from harness.base import discover
    from harness.base.errors import SetupError
    from harness.compose import plugs

    kinds = [*plugs.KINDS, "profile", "case"]
    if kind and kind.removesuffix("s") not in kinds:
        raise SetupError(f"there is no kind {kind!r}; there are: {', '.join(kinds)}")
    for one, package in plugs.KINDS.items():
        if kind.removesuffix("s") in ("", one):
            _section(one, {name: discover.about(package, name) for name in discover.names(package)})
    if kind.removesuffix("s") in ("", "profile"):
        _section("profile", {name: ", ".join(scenarios) for name, scenarios in plugs.profiles().items()})
    if kind.removesuffix("s") in ("", "case"):
        _section("case", plugs.cases())


def _section(kind: str, abouts: dict[str, str]) -> None:
    typer.echo(f"{kind}s")
    width = max(map(len, abouts), default=0)
    for name, about in abouts.items():
        typer.echo(f"  {name:<{width}}  {about}")
