"""The `gonogo` command, run for the tests: always as a process, so that nothing of gonogo is imported here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

LIST_TIMEOUT_S = 60


class GonogoError(Exception):
    """What gonogo found, or why it could not look; told as it is, without a traceback."""


def explored(config: pytest.Config, *words: str) -> dict[str, Any]:
    """What `gonogo explore` told."""
    asked = explore(config, *words, "--json")
    done = _run(config, asked, config.getoption("--gonogo-timeout"))
    if done.returncode not in (0, 1):
        raise GonogoError(f"{' '.join(asked)}\nended with exit code {done.returncode}:\n{done.stderr.strip()}")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def explore(config: pytest.Config, *words: str) -> list[str]:
    """The command that explores the engine."""
    return [*_gonogo(config), "explore", "--engine", config.getoption("--gonogo-engine"), *words]


def cases(config: pytest.Config) -> list[str]:
    """The names of the hand-made cases."""
    try:
        done = _run(config, [*_gonogo(config), "list", "case"], LIST_TIMEOUT_S)
    except GonogoError as error:
        raise pytest.UsageError(str(error)) from error
    if done.returncode:
        raise pytest.UsageError(f"gonogo cannot list its cases: {done.stderr.strip()}")
    return [line.split()[0] for line in done.stdout.splitlines()[1:] if line.strip()]


def _gonogo(config: pytest.Config) -> Sequence[str]:
    """The command: the one that was named, the one of this environment, or the one on PATH."""
    beside = Path(sys.executable).with_name("gonogo")
    found = config.getoption("--gonogo-command") or (str(beside) if beside.is_file() else shutil.which("gonogo"))
    if not found:
        raise pytest.UsageError("there is no `gonogo` beside python or on PATH; name it with --gonogo-command")
    return (found,)


def _run(config: pytest.Config, words: Sequence[str], timeout_s: float) -> subprocess.CompletedProcess[str]:
    """Run it where pytest was called; what leads this python to the project's own packages must not lead gonogo there."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PYTHONSAFEPATH": "1"}
    try:
        return subprocess.run(
            words,
            cwd=config.invocation_params.dir,
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        why = f"did not end within {timeout_s:g} s (--gonogo-timeout): the engine is slow, or never returns from a call"
        raise GonogoError(f"{' '.join(words)}\n{why}") from error
    except OSError as error:
        raise GonogoError(f"{' '.join(words)}\ncould not be run: {error}") from error
