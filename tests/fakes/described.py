"""An engine.toml for each adapter that needs one, so that tests of all adapters can build it."""

from __future__ import annotations

import sys
import tempfile
from functools import cache
from pathlib import Path

from harness.engine_file import EngineFile
from tests.fakes.c_library import over_c_abi

ROOT = Path(__file__).parents[2]
ENGINE = Path(__file__).with_name("jsonl_engine.py")
SERVICE, FIX_SERVICE = (Path(__file__).with_name(name) for name in ("ouch_service.toml", "fix_service.toml"))
ON_A_NEW_FOLDER = """
import sys, tempfile
from harness.cli import entry
with tempfile.TemporaryDirectory(dir=sys.argv.pop(1)) as folder:
    sys.argv += ["--data", folder]
    entry()
"""


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="gonogo-described-")


def serving(config: Path, *words: str) -> list[str]:
    """The command of a service on a folder of its own. What is left of those that were killed goes with this process."""
    return [sys.executable, "-P", "-c", ON_A_NEW_FOLDER, _folder().name, "serve", "--config", str(config), *words]


def example(*words: str, **more: object) -> EngineFile:
    """The example engine, started with these words; `more` are further tables."""
    start = {"command": [sys.executable, str(ENGINE), *words], "env": {"PYTHONPATH": str(ROOT)}, "timeout_s": 60}
    return EngineFile.model_validate({"schema": 1, "name": "example", "adapter": "jsonl", "start": start, **more})


def over_tcp() -> EngineFile:
    """The same, where it listens at a port."""
    return example("--port", "{port}", endpoints={"orders": "127.0.0.1:{port}"})


def over_ouch(service: Path = SERVICE) -> EngineFile:
    """The bundled service, each time on a folder of its own."""
    ready = {"stdout": "^ready: OUCH on"}
    names = {"ONE": {"account": 1, "firm": "TEST"}, "TWO": {"account": 2, "firm": "TEST"}, "COPY": {}}
    return EngineFile.model_validate({
        "schema": 1, "name": "served", "adapter": "ouch", "endpoints": {"orders": "127.0.0.1:{port}"},
        "start": {"command": serving(service, "--ouch", "{port}"), "timeout_s": 120, "ready": ready},
        "session": [{"username": name, "password": name} | more for name, more in names.items()],
    })  # fmt: skip


def over_fix(service: Path = FIX_SERVICE) -> EngineFile:
    """The same by FIX 4.4, with the drop copy at the port of OUCH."""
    names = {
        "ONE": {"account": 1, "target": "TEST"},
        "TWO": {"account": 2, "target": "TEST"},
        "COPY": {"endpoint": "copy"},
    }
    return EngineFile.model_validate({
        "schema": 1, "name": "served", "adapter": "fix",
        "endpoints": {"orders": "127.0.0.1:{port_fix}", "copy": "127.0.0.1:{port_ouch}"},
        "start": {
            "command": serving(service, "--fix", "{port_fix}", "--ouch", "{port_ouch}"), "timeout_s": 120, "ready": {"stdout": "^ready: OUCH on"},
        },
        "session": [{"username": name, "password": name} | more for name, more in names.items()],
    })  # fmt: skip


def as_object(name: str = "Batches", **more: object) -> EngineFile:
    """The plain engine as a Python object; `more` are further words of [python]."""
    python = {"object": f"python_engine:{name}", "path": [str(ENGINE.parent)], "timeout_s": 60, **more}
    return EngineFile.model_validate({"schema": 1, "name": "object", "adapter": "python", "python": python})


@cache
def described(way: str) -> EngineFile | None:
    """What an adapter is given beside instruments: by its name, and by what else of it is tried; None where it needs nothing."""
    made = {
        "jsonl": example,
        "jsonl over TCP": over_tcp,
        "ouch": over_ouch,
        "fix": over_fix,
        "c_abi": over_c_abi,
        "python": as_object,
    }
    return made[way]() if way in made else None
