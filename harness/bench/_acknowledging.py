"""Engines without a book, one for each way to an engine: what each is made of, and the file that tells gonogo how it is brought up."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
OBJECTS = "harness.bench._acknowledging_object"
FIX = (sys.executable, "-P", "-m", "harness.bench._acknowledging_fix", "{port}")
WITHOUT = "; there is no C compiler (cc) here: libraries, JSON lines and OUCH are not measured"
MANY, SOME, FEW = 1_000_000, 200_000, 5_000
LIBRARY = """
schema = 1
name = "acknowledging"
adapter = "c_abi"
[library]
path = {path}
"""
PROGRAM = """
schema = 1
name = "acknowledging"
adapter = "{adapter}"
[start]
command = {command}
timeout_s = 60
"""
VENUE = """
[start.ready]
tcp = "127.0.0.1:{port}"
[endpoints]
orders = "127.0.0.1:{port}"
[[session]]
account = 1
username = "GONOGO"
target = "VENUE"
"""


class Way(NamedTuple):
    """An engine that is reached in one way."""

    name: str
    about: str
    engine: str
    """What names it to gonogo."""
    commands: int


def ways(folder: Path, compiler: str | None) -> list[Way]:
    """All that there are; those in C are compiled into the folder."""
    inside = Way("in_process", "to an engine inside gonogo", str(HERE / "_acknowledging_inside.py"), MANY)
    objects = [
        Way("python", "to a Python object in its own process, called for each", f"{OBJECTS}:Single", SOME),
        Way("python.batch", "to one that takes whole arrays", f"{OBJECTS}:Batch", MANY),
    ]
    venue = _described(folder, "fix", PROGRAM.format(adapter="fix", command=json.dumps(FIX)) + VENUE)
    fix = Way("fix", "over FIX 4.4 to a venue in Python", venue, FEW)
    return [inside, *objects, *(_in_c(folder, compiler) if compiler else ()), fix]


def _in_c(folder: Path, compiler: str) -> list[Way]:
    single, batch = (_library(folder, compiler, flags) for flags in ((), ("-DBATCH",)))
    jsonl = _compiled(compiler, "json", folder / "json")
    ouch = _compiled(compiler, "ouch", folder / "ouch")
    return [
        Way("c_abi", "to a shared library in its own process, called for each", single, SOME),
        Way("c_abi.batch", "to one that takes batches", batch, MANY),
        Way("jsonl", "as JSON lines over the standard streams of a program", _described(folder, "jsonl", PROGRAM.format(adapter="jsonl", command=json.dumps([jsonl]))), SOME),
        Way("ouch", "over OUCH 5.0 on TCP to a program", _described(folder, "ouch", PROGRAM.format(adapter="ouch", command=json.dumps([ouch, "{port}"])) + VENUE), SOME),
    ]  # fmt: skip


def _library(folder: Path, compiler: str, flags: Sequence[str]) -> str:
    name = f"library{''.join(flags)}"
    path = _compiled(compiler, "library", folder / f"{name}.so", "-shared", "-fPIC", *flags)
    return _described(folder, name, LIBRARY.format(path=json.dumps(path)))


def _compiled(compiler: str, source: str, to: Path, *flags: str) -> str:
    subprocess.run([compiler, "-std=c11", "-O2", *flags, "-o", str(to), str(HERE / f"_acknowledging_{source}.c")], check=True)  # fmt: skip
    return str(to)


def _described(folder: Path, name: str, text: str) -> str:
    """The path of an engine file of this text."""
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)
