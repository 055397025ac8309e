"""`gonogo compare`: whether a build is slower than the one before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.run import Data, Out, PolicyFile, Rate, Seed

if TYPE_CHECKING:
    from harness.base.comparison import Comparison

Base = Annotated[
    str,
    typer.Argument(
        metavar="BASE",
        help="The build before: an engine as `run --engine` takes it, or its path@COMMIT; or a folder of runs.",
    ),
]
Head = Annotated[str, typer.Argument(metavar="HEAD", help="The build in question, in the same way.")]
Names = Annotated[
    list[str] | None,
    typer.Option("--scenario", metavar="S", help="May be given more than once; default: poisson and volume."),
]
Pairs = Annotated[
    int, typer.Option(min=1, max=1_000, metavar="N", help="How often each side is run before the first look.")
]
MostPairs = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=1_000,
        metavar="N",
        help="How often at the most, where it cannot be told before; default: 5 times --pairs.",
    ),
]
MostTime = Annotated[
    str, typer.Option(metavar="T", help="No further look is gone on to that would come later than this.")
]
Length = Annotated[str, typer.Option(metavar="T", help="How long each run drives.")]
Budgets = Annotated[
    list[str] | None,
    typer.Option(
        "--budget",
        metavar="FIGURE=PCT",
        help="How much worse a figure may be, before the policy's; 0: it decides nothing. May be given more than once.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print comparison.json on stdout; everything else goes to stderr.")]


def compare(
    base: Base,
    head: Head,
    *,
    scenario: Names = None,
    pairs: Pairs = 30,
    most_pairs: MostPairs = None,
    most_time: MostTime = "15m",
    length: Length = "1s",
    rate: Rate = None,
    budget: Budgets = None,
    policy: PolicyFile = None,
    seed: Seed = 1,
    data: Data = None,
    out: Out = Path("runs"),
    as_json: Json = False,
) -> None:
    """Run two builds in turns: exit 0 for no change or faster, 1 for slower, 2 if it cannot be told.

    What the words mean, and what is measured how: docs/comparing.md.
    """
    import msgspec

    from harness.base.differences import EXITS
    from harness.base.errors import EngineError
    from harness.base.looks import LOOKS_MOST
    from harness.cli import console, screen, stopping
    from harness.compose import comparing, plugs, stored

    loaded = plugs.policy(policy)
    budgets_pct = comparing.budgets(loaded, _budgets(budget or []))
    if stored.is_stored(base) or stored.is_stored(head):
        found = stored.compare_stored(Path(base), Path(head), scenario or (), budgets_pct)
    else:
        order = comparing.Order(
            base=base, head=head, policy=loaded, budgets_pct=budgets_pct, scenarios=plugs.scenario_names(tuple(scenario or comparing.SCENARIOS)), pairs=pairs,
            most_pairs=most_pairs or min(LOOKS_MOST * pairs, comparing.PAIRS_MOST), most_ns=screen.duration_ns(most_time),
            length_ns=screen.duration_ns(length), rate_per_s=rate, seed=seed, data=data,
        )  # fmt: skip
        try:
            with console.telling() as tell, stopping.asked() as stopped:
                found = comparing.compare(order, tell, stopped)
        except EngineError as error:
            typer.echo(f"cannot tell: {screen.indented(str(error))}", err=True)
            raise typer.Exit(EXITS["cannot tell"]) from error
    path = comparing.store(found, out)
    if as_json:
        typer.echo(msgspec.json.encode(found))
    else:
        _show(found, path)
    raise typer.Exit(found.exit)


def _budgets(asked: list[str]) -> dict[str, float]:
    """What --budget says, a figure each.

    Raises:
        SetupError: a word is no figure with a percentage.
    """
    from harness.base.comparison import METRICS
    from harness.base.errors import SetupError

    found: dict[str, float] = {}
    for text in asked:
        metric, _, written = text.partition("=")
        if metric not in METRICS:
            raise SetupError(f"there is no figure {metric!r} in --budget {text!r}; there are: {', '.join(METRICS)}")
        try:
            found[metric] = float(written.removesuffix("%"))
        except ValueError:
            found[metric] = -1
        if not 0 <= found[metric] <= 1000:
            raise SetupError(f"--budget {text!r} is no percentage from 0 to 1000, such as {metric}=5")
    return found


def _show(found: Comparison, path: Path) -> None:
    """The word, a row a figure, and what the reader must know to believe them."""
    from harness.cli import compared, console

    compared.show(found, path, console.wide())
