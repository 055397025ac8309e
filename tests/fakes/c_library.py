"""Engines of the C ABI, compiled from tests/fakes/c_abi once for a test session, and their engine files."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

from harness.engine_file import EngineFile

SOURCES = Path(__file__).with_name("c_abi")
HERE = tempfile.gettempdir()
"""Where temporary files lie when tests begin: what is built for all of them is none that one of them left."""


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="gonogo-c-abi-", dir=HERE)


@cache
def built(source: str, *defines: str) -> Path:
    """The library of one source file; without a compiler the test is skipped."""
    return _compiled(source, f"{'-'.join((source, *defines))}.so", "-shared", "-fPIC", *(f"-D{define}" for define in defines))  # fmt: skip


def program(source: str) -> Path:
    """The program of one source file."""
    return _compiled(source, source, "-ldl")


def _compiled(source: str, name: str, *flags: str) -> Path:
    if shutil.which("cc") is None:
        pytest.skip("there is no C compiler")
    path = Path(_folder().name) / name
    command = ["cc", "-std=c11", "-D_GNU_SOURCE", "-O1", "-Wall", "-Werror", "-pthread", "-o", path, SOURCES / f"{source}.c"]  # fmt: skip
    subprocess.run([*command, *flags], check=True)
    return path


def over_c_abi(source: str = "book", *defines: str, env: dict[str, str] | None = None, **more: object) -> EngineFile:
    """An engine file of the library; `more` are further tables."""
    library = {"path": built(source, *defines), "env": env or {}, "timeout_s": 60}
    return EngineFile.model_validate({"schema": 1, "name": source, "adapter": "c_abi", "library": library, **more})
