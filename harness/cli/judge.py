"""`gonogo judge`: judge stored evidence again, without the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.run import Json, PolicyFile, Strict, UseName


def judge(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder, or runs/NAME for its newest run.")],
    *,
    policy: PolicyFile = None,
    use: UseName = "",
    as_json: Json = False,
    strict_waivers: Strict = False,
) -> None:
    """Judge a run folder again: with its own policy the verdict is rewritten, with another one it is only printed."""
    from harness.cli import screen
    from harness.compose import judging, plugs, running
    from harness.evidence import manifest
    from harness.evidence.archive import Archive, latest

    archive = Archive(latest(folder))
    loaded = plugs.policy(policy or archive.folder / "policy.toml")
    wanted = plugs.use_of(loaded, use or ("" if policy else archive.run.use))
    with screen.watching() as view:
        if not (archive.folder / manifest.NAME).is_file() and archive.run.status == "finished":
            view.tell("there is no manifest: nothing shows whether the evidence is as it was written")
        if policy or wanted != archive.run.use:
            verdict, _ = judging.judge_run(archive, loaded, wanted, archive.damaged(), view.tell)
        else:
            archive, verdict = running.finish(archive, loaded, wanted, view.tell)
    screen.show(archive, verdict, as_json=as_json)
    raise typer.Exit(screen.exit_code(verdict, strict_waivers=strict_waivers))
