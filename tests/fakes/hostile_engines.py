"""Engines that mean no good, one for each way and each adapter, as `--engine` would be given them: the path of a file that tells of one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.fakes.c_library import built
from tests.fakes.toml import as_toml

FAKES = Path(__file__).parent
ROOT = FAKES.parents[1]
AT = 50
"""The order at which they go wrong."""
SOON_S, LATE_S = 0.5, 60
"""Time-outs: of what never comes, and of what comes by itself, though the machine may be busy."""
WAITED_FOR = ("closes its output", "closes its connections", "never answers", "ignores what ends it")
NOT_TOLD = ("ignores what ends it", "floods")
"""These do not end when they are told to."""
MEMORY_MIB = 200

PROGRAMS = {"jsonl": "jsonl", "jsonl over TCP": "jsonl", "ouch": "ouch", "fix": "fix"}
"""What each speaks."""
THEIRS = {
    "python": {
        "answers garbage": "gives no event", "dies at once": "raises when it is made", "dies late": "exits",
        "closes its output": "closes all that is open",
    },
    "c_abi": {
        "answers garbage": "tells a report that there is not", "floods": "tells reports without end",
        "dies at once": "aborts when it is loaded", "dies late": "aborts", "closes its output": "closes all that is open",
    },
}  # fmt: skip
"""What fakes that know further ways call these."""
EVERY = (*PROGRAMS, "python", "c_abi", "one's own")


def hostile(over: str, way: str, folder: Path) -> str:
    """The path of the file."""
    if over == "one's own":
        path = folder / "own.py"
        path.write_text(f"from tests.fakes.own_hostile import hostile\nENGINE = hostile({way!r}, {AT})\n")
        return str(path)
    made = {"python": _object, "c_abi": _library}.get(over) or (lambda way: _program(over, way))
    tables = {"stop": {"timeout_s": 0.2 if way in NOT_TOLD else LATE_S}, **made(way)}
    first = {"schema": 1, "name": "hostile", "adapter": over.split(maxsplit=1)[0], "answer_timeout_s": SOON_S if way in WAITED_FOR else LATE_S}  # fmt: skip
    path = folder / "hostile.toml"
    path.write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in first.items()) + as_toml(tables))
    return str(path)


def _program(over: str, way: str) -> dict[str, Any]:
    speaks = PROGRAMS[over]
    words = [sys.executable, "-S", str(FAKES / "hostile_program.py"), speaks, way, str(AT)]
    start = {"command": words, "timeout_s": 2 if way in WAITED_FOR else LATE_S, "memory_mib": MEMORY_MIB}
    if over == "jsonl":
        return {"start": start}
    words.append("{port}")
    tables = {"start": start, "endpoints": {"orders": "127.0.0.1:{port}"}}
    if speaks == "jsonl":
        return tables
    return tables | {"session": [{"account": 1, "username": "ONE", "password": "ONE", "target": "TEST"}]}


def _object(way: str) -> dict[str, Any]:
    env = {"WAY": THEIRS["python"].get(way, way), "AT": str(AT)}
    return {"python": {"object": "python_broken:Broken", "path": [str(FAKES), str(ROOT)], "env": env, "timeout_s": LATE_S, "memory_mib": MEMORY_MIB}}  # fmt: skip


def _library(way: str) -> dict[str, Any]:
    env = {"WAY": THEIRS["c_abi"].get(way, way), "AT": str(AT)}
    return {"library": {"path": str(built("hostile")), "env": env, "timeout_s": LATE_S, "memory_mib": MEMORY_MIB}}
