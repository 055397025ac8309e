"""`gonogo init`: the files with which a team puts its own engine under test, each ready to run and meant to be changed.

A stub is text beside this file, so that it is read and edited in its own language: `stubs/NAME.stub`, where @NAME@ stands for the engine's
name as a string, and @INSTALL@ for what pip installs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from harness.base.errors import SetupError
from harness.compose import plugs
from harness.policy import BUILT_IN

STUBS = Path(__file__).with_name("stubs")
WORKFLOW = ".github/workflows/gonogo.yml"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]*")
"""Names that need no escape in any language."""


class Language(NamedTuple):
    """A stub, and how it becomes a program."""

    file: str
    start: tuple[str, ...]
    build: tuple[str, ...] = ()


LANGUAGES: Mapping[str, Language] = {
    "python": Language("engine.py", ("python3", "engine.py")),
    "rust": Language("engine.rs", ("./engine",), ("rustc", "-O", "-o", "engine", "engine.rs")),
    "go": Language("engine.go", ("./engine",), ("go", "build", "-o", "engine", "engine.go")),
    "c++": Language("engine.cpp", ("./engine",), ("c++", "-std=c++17", "-O2", "-o", "engine", "engine.cpp")),
    "java": Language("Engine.java", ("java", "-cp", ".", "Engine"), ("javac", "Engine.java")),
    "javascript": Language("engine.js", ("node", "engine.js")),
}


class Wish(NamedTuple):
    """What the user wants to begin with."""

    language: str
    name: str
    use: str
    install: str
    """What pip installs in the workflow."""


def files(wish: Wish) -> dict[str, str]:
    """The text of each file, by its path in the folder.

    Raises:
        SetupError: there is no such language or use, or a name that cannot stand in every file.
    """
    if wish.language not in LANGUAGES:
        raise SetupError(f"there is no stub in {wish.language!r}; there are: {', '.join(LANGUAGES)}")
    if not NAME.fullmatch(wish.name):
        raise SetupError(
            f"the engine's name is {wish.name!r}; wanted letters, digits, blanks, dots, dashes; give it with --name"
        )
    plugs.use_of(plugs.policy(None), wish.use)
    language = LANGUAGES[wish.language]
    return {
        "engine.toml": _engine_toml(wish.name, language),
        "policy.toml": _policy_toml(wish.use),
        WORKFLOW: _stub("gonogo.yml").replace("@INSTALL@", wish.install),
        language.file: _stub(language.file).replace("@NAME@", json.dumps(wish.name)),
    }


def write(folder: Path, texts: Mapping[str, str], *, force: bool) -> None:
    """Write all of them, or none: what is there already stays, unless it is forced away.

    Raises:
        SetupError: a file is there already, or cannot be written.
    """
    there = [name for name in texts if (folder / name).exists()]
    if there and not force:
        raise SetupError(
            f"there is already {', '.join(there)} in {folder}; nothing was written; --force writes over it"
        )
    for name, text in texts.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise SetupError(f"cannot write {path}: {error.strerror}") from error


def _engine_toml(name: str, language: Language) -> str:
    build = f"\n[build]\ncommand = {json.dumps(language.build)}\n" if language.build else ""
    return (
        "# How gonogo builds, starts and reaches the engine. All that may stand here: docs/adapters.md of gonogo.\n"
        f'schema = 1\nname = {json.dumps(name)}\nadapter = "jsonl"\n{build}\n[start]\ncommand = {json.dumps(language.start)}\n'
    )


def _policy_toml(use: str) -> str:
    """The built-in policy, with the use that decides."""
    head = "# The built-in policy of gonogo, to be changed: limits and required checks for each use.\n"
    text = BUILT_IN.read_text(encoding="utf-8").split("\n", 1)[1]
    return head + re.sub(r'^default_use = ".*"$', f"default_use = {json.dumps(use)}", text, count=1, flags=re.MULTILINE)


def _stub(name: str) -> str:
    return (STUBS / f"{name}.stub").read_text(encoding="utf-8")
