"""failures/<id>/ of a run folder: a shrunk tape as data, as a test that stands on its own, and as a script that a person reads."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec

from harness.base.records import Command, Event
from harness.base.words import say_command, say_event
from harness.evidence import tape as tapes
from harness.evidence.store import write_bytes, write_json
from harness.evidence.tape import StoredTape

FOLDER = "failures"


class Failure(NamedTuple):
    """The files of one failure."""

    tape: Path
    test: Path
    script: Path


def store(run: Path, tape: StoredTape, script: str) -> Failure:
    """Write the three files into the run folder."""
    folder = run / FOLDER / tape.finding
    made = Failure(folder / tapes.NAME, folder / f"test_{tape.finding}.py", folder / "script.txt")
    write_json(made.tape, tape)
    write_bytes(made.test, pytest_of(tape).encode())
    write_bytes(made.script, script.encode())
    return made


def script_of(tape: StoredTape, commands: list[Command], events: list[Event], offending: int) -> str:
    """The commands in words, what came of each under it, and what should have come."""
    effects: dict[int, list[str]] = {}
    for event in events:
        effects.setdefault(event.command, []).append(say_event(event))
    lines = [f"{tape.title} ({tape.check}, {tape.kind}) on {tape.engine}", ""]
    width = len(str(len(commands)))
    for number, command in enumerate(commands, 1):
        mark = ">" if number == offending else " "
        lines.append(f"{mark} {number:>{width}}  {say_command(command)}")
        answers = effects.get(number, ["no answer"])
        lines += [f"  {'':>{width}}      -> {line}" for line in answers]
    nameless = [f"  {'':>{width}}      -> {line}" for line in effects.get(0, [])]
    lines += ["", "of no command that it names", *nameless] if nameless else []
    lines += ["", *_block("expected", tape.expected), *_block("got", tape.got)]
    return "\n".join(lines) + "\n"


def _block(what: str, words: str) -> list[str]:
    """The words with what they are before them, further lines under the first."""
    first, *further = words.split("\n")
    return [f"{what:<8}  {first}", *(f"{'':<10}{line}" for line in further)]


def pytest_of(tape: StoredTape) -> str:
    """A pytest file that passes once the engine is right."""
    told = msgspec.json.encode
    about = f"{tape.check}: {tape.title}".replace("\\", "/").replace('"', "'")
    return _TEST.format(about=about, engine=told(tape.engine).decode(), finding=tape.finding)


_TEST = '''"""{about}

Fails while the engine has this fault and passes once it is gone. The tape lies beside this file; copy both into the tests of the
engine. GONOGO_ENGINE names another engine or adapter file, as `gonogo run --engine` does.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ENGINE = os.environ.get("GONOGO_ENGINE", {engine})
TAPE = Path(__file__).with_name("tape.json")


def test_{finding}():
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    gonogo = shutil.which("gonogo", path=beside)
    assert gonogo, "gonogo is not installed here"
    done = subprocess.run([gonogo, "replay", str(TAPE), "--engine", ENGINE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split("  ")[0]) == (0, "FIXED"), done.stdout + done.stderr
'''
