"""`gonogo capacity`: the highest rate at which an engine keeps the limits."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.run import Data, Engine, Out, PolicyFile, Seed, Workers

Name = Annotated[
    str, typer.Argument(metavar="[SCENARIO]", help="What is driven; its shape is kept, its rate is searched for.")
]
UseName = Annotated[
    str, typer.Option("--use", metavar="NAME", help="The use whose limits are to be kept, instead of the policy's.")
]
From = Annotated[
    float, typer.Option("--from", metavar="R", help="The rate to begin with, in commands a second on average.")
]
To = Annotated[float, typer.Option("--to", metavar="R", help="The highest rate to try.")]
Length = Annotated[str, typer.Option(metavar="T", help="How long each trial drives, its warm-up among it.")]
WarmUp = Annotated[
    str,
    typer.Option(
        "--warm-up",
        metavar="T",
        help="What of each trial is not timed, at its beginning. Default: 500ms, but none of a rate that changes over time.",
    ),
]
Repeats = Annotated[
    int, typer.Option(min=1, max=101, metavar="N", help="How often the last two rates are driven again; an odd number.")
]
Json = Annotated[bool, typer.Option("--json", help="Print capacity.json on stdout; everything else goes to stderr.")]


def capacity(
    scenario: Name = "constant", *, engine: Engine = "reference", use: UseName = "", policy: PolicyFile = None, from_per_s: From = 1_000,
    to_per_s: To = 1_000_000, length: Length = "4s", warm_up: WarmUp = "", repeats: Repeats = 5, workers: Workers = 0, seed: Seed = 1, data: Data = None, out: Out = Path("runs"),
    as_json: Json = False,
) -> None:  # fmt: skip
    """Find the highest rate that keeps the limits: exit 0, 1 if that is below the stated peak or none does, 2 if it cannot be told.

    What counts as kept, and how sure it is: docs/capacity.md.
    """
    import msgspec

    from harness.base.ladder import Ladder
    from harness.cli import climbed, console, screen, stopping
    from harness.compose import climb_order, climbing, plugs

    (name,) = _one(plugs.scenario_names((scenario,)), scenario)
    loaded = plugs.policy(policy)
    chosen = plugs.engine(engine)
    order = climb_order.Order(
        engine=chosen, scenario=name, policy=loaded, use=plugs.use_of(loaded, use), ladder=Ladder(from_per_s, to_per_s),
        length_ns=screen.duration_ns(length), warm_up_ns=screen.duration_ns(warm_up) if warm_up else None, repeats=repeats, workers=workers, seed=seed, data=data, out=out,
        again=_again(
            name, engine=chosen.argument(), use=use, policy=policy, length=length, warm_up=warm_up, seed=seed, repeats=repeats, workers=workers or None, data=data, **{"from": f"{from_per_s:.15g}", "to": f"{to_per_s:.15g}"},
        ),
    )  # fmt: skip
    with console.telling() as tell, stopping.asked() as stopped:
        found, path = climbing.find(order, tell, stopped)
    if as_json:
        typer.echo(msgspec.json.encode(found))
    else:
        climbed.show(found, path, console.wide())
    raise typer.Exit(found.exit)


def _one(names: tuple[str, ...], asked: str) -> tuple[str, ...]:
    from harness.base.errors import SetupError

    if len(names) != 1:
        raise SetupError(f"{asked} stands for {len(names)} scenarios; a capacity is of one")
    return names


def _again(name: str, **given: str | float | Path | None) -> str:
    """The command line that works from any folder."""
    words = ["gonogo", "capacity", str(Path(name).resolve()) if Path(name).suffix else name]
    for option, value in given.items():
        if value not in (None, ""):
            words += [f"--{option.replace('_', '-')}", str(value.resolve() if isinstance(value, Path) else value)]
    return shlex.join(words)
