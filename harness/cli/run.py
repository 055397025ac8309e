"""`gonogo run`: drive an engine, judge the evidence, print the verdict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from harness.load.places import Meeting

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PROFILE|SCENARIO]...", help="What to run; `gonogo list` names them. Default: quick."),
]
Engine = Annotated[
    str,
    typer.Option(
        metavar="X",
        help="The engine under test: a bundled one, a specimen, an engine.toml, an adapter file (.py), a shared library (.so), or module:attribute.",
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="The seed that everything random is drawn from.")]
Duration = Annotated[
    str, typer.Option(metavar="T", help="Drive each scenario so long (90s, 5m, 24h) instead of its own length.")
]
WarmUp = Annotated[
    str,
    typer.Option(
        "--warm-up", metavar="T",
        help="Time nothing that is due in the first T of each scenario (5s, say), as while an engine compiles; it is judged all the same.",
    ),
]  # fmt: skip
Rate = Annotated[
    float | None,
    typer.Option(
        metavar="R",
        help="Commands a second, on average, for the paced scenarios; their shapes stay. Default: their own.",
    ),
]
Speed = Annotated[
    float | None,
    typer.Option(
        metavar="N",
        help="Send recordings at their own times, N times as fast (1 to 100, say). Default: as each scenario says.",
    ),
]
Workers = Annotated[
    int,
    typer.Option(
        metavar="N", min=0, max=64,
        help="Send by N processes under Locust, each for some of the accounts, to an engine that listens. Default: gonogo itself sends.",
    ),
]  # fmt: skip
Master = Annotated[
    str,
    typer.Option(
        metavar="HOST:PORT",
        help="With --workers: wait there for N workers that are started on other machines by `gonogo worker`, instead of starting them.",
    ),
]
Wait = Annotated[str, typer.Option(metavar="T", help="With --master: how long all workers may take to come.")]
Page = Annotated[
    int, typer.Option(metavar="PORT", min=0, max=65535, help="With --workers: show Locust's page there, on the loopback address.")
]  # fmt: skip
Out = Annotated[Path, typer.Option(metavar="DIR", help="Where run folders go.")]
Data = Annotated[Path | None, typer.Option(metavar="DIR", help="Where recorded data lies (or GONOGO_DATA).")]
PolicyFile = Annotated[
    Path | None,
    typer.Option("--policy", metavar="FILE", help="Limits and required checks, instead of the built-in ones."),
]
UseName = Annotated[
    str, typer.Option("--use", metavar="NAME", help="The use that decides the exit code, instead of the policy's.")
]
Profile = Annotated[
    bool,
    typer.Option(
        "--profile",
        help="Sample the engine's processes while they are driven (py-spy, perf): a flame graph in the report. Makes the engine slower.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print verdict.json on stdout; everything else goes to stderr.")]
Strict = Annotated[bool, typer.Option("--strict-waivers", help="Exit 3, not 0, when GO rests on waivers.")]


def run(
    names: Names = None,
    *,
    engine: Engine = "reference",
    seed: Seed = 1,
    duration: Duration = "",
    warm_up: WarmUp = "",
    rate: Rate = None,
    speed: Speed = None,
    workers: Workers = 0,
    master: Master = "",
    wait: Wait = "5m",
    page: Page = 0,
    out: Out = Path("runs"),
    data: Data = None,
    policy: PolicyFile = None,
    use: UseName = "",
    profile: Profile = False,
    as_json: Json = False,
    strict_waivers: Strict = False,
) -> None:
    """Drive an engine, judge the evidence, print the verdict and the report's path."""
    from harness.base.errors import SetupError
    from harness.cli import screen, stopping
    from harness.compose import plugs, running

    if (page or master) and not workers:
        raise SetupError(
            f"{'--master waits for' if master else '--page shows the load of'} workers; wanted --workers N too"
        )
    words = tuple(names or ("quick",))
    loaded = plugs.policy(policy)
    order = running.Order(
        name="+".join(Path(word).stem for word in words), scenarios=plugs.scenario_names(words),
        engine=plugs.engine(engine), policy=loaded, use=plugs.use_of(loaded, use), seed=seed, out=out, data=data,
        rate_per_s=rate, speed=speed, workers=workers, meeting=_meeting(master, wait), page_port=page, duration_ns=screen.duration_ns(duration) if duration else 0,
        warm_up_ns=screen.duration_ns(warm_up) if warm_up else 0,
        profile=profile,
        options=_options(
            rate="" if rate is None else f"{rate:.15g}", speed="" if speed is None else f"{speed:.15g}", duration=duration,
            warm_up=warm_up,
            workers=str(workers or ""), master=master, policy=policy, data=data, use=use,
        ),
    )  # fmt: skip
    with screen.watching() as view, stopping.asked() as stopped:
        archive, verdict = running.run(order, view, stopped)
    screen.show(archive, verdict, as_json=as_json)
    raise typer.Exit(screen.exit_code(verdict, strict_waivers=strict_waivers))


def _meeting(master: str, wait: str) -> Meeting | None:
    """Where workers of other machines come to, if they do."""
    from harness.cli import screen
    from harness.load import places

    if not master:
        return None
    place = places.bindable(places.read_place(master, "--master"))
    return places.Meeting(place, screen.duration_ns(wait) / 1e9)


def _options(**given: str | Path | None) -> tuple[str, ...]:
    """The options that were given, as words of a command line that works from any folder."""
    words: list[str] = []
    for name, value in given.items():
        if value:
            words += [f"--{name.replace('_', '-')}", str(value.resolve()) if isinstance(value, Path) else value]
    return tuple(words)
