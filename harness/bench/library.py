"""A shared library of the C ABI that has no book, beside the reference engine inside gonogo: what the way to a library and back costs.

The library acknowledges every order and refuses the rest, so nearly all of the time is the adapter's own. Once it takes whole batches, and
once it must be called for each message. Without a C compiler there is nothing to time.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.bench import Case, Goal, Site
from harness.bench._feeding import BATCH, Answering, drawn, up
from harness.flows.public_shape import PublicShapeFlow

COMMANDS = 1_000_000
SOURCE = Path(__file__).with_name("_acknowledging.c")
GOAL_PER_S = 2_000_000
FILE = """
schema = 1
name = "acknowledging"
adapter = "c_abi"
[library]
path = "{path}"
"""


def _library(site: Site) -> Iterator[Sequence[Case]]:
    compiler = shutil.which("cc")
    if compiler is None:
        return
    flow = PublicShapeFlow("normal")
    commands = drawn(flow, site.part(COMMANDS))
    engines = {
        "batch": site.engine(_described(site.folder, compiler, "-DBATCH"), flow.instruments()),
        "single": site.engine(_described(site.folder, compiler), flow.instruments()),
        "in_process": site.engine("reference", flow.instruments()),
    }
    turns = {name: Answering(engine, commands) for name, engine in engines.items()}
    with up(engines.values()):
        yield (
            Case(
                name="library.batch", about=f"commands to a shared library without a book, and their events back, {BATCH:,} a call", amount=len(commands),
                run=turns["batch"], category="adapter", baseline="library.in_process", goal=Goal(least=GOAL_PER_S),
            ),
            Case(
                name="library.single", about="the same where the library is called for each", amount=len(commands),
                run=turns["single"], category="adapter", baseline="library.in_process",
            ),
            Case(
                name="library.in_process", about="the same commands to the reference engine and its book inside gonogo", amount=len(commands),
                run=turns["in_process"], category="adapter",
            ),
        )  # fmt: skip


def _described(folder: Path, compiler: str, *flags: str) -> str:
    """The path of an engine file of the library, compiled with these flags."""
    path = folder / f"acknowledging{''.join(flags)}.so"
    command = [compiler, "-std=c11", "-O2", "-shared", "-fPIC", *flags, "-o", str(path), str(SOURCE)]
    subprocess.run(command, check=True)
    path.with_suffix(".toml").write_text(FILE.format(path=path), encoding="utf-8")
    return str(path.with_suffix(".toml"))


BENCH = _library
