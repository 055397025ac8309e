"""Holds a user's Python object in a process of its own, so that whatever it does ends that process and no other.

It runs under the keeper, as engines that are programs do. The module is imported once, here; the object is made in a process forked from this one,
another one at each reset, so that none knows of the one before. Commands and events go through shared memory (`_python_memory.py`).

    -> stdin     two words: `Asked`, and how many commands; the end: all end
    <- stdout    a line: `ready`, `done`, `failed` with the reason in memory, or `ended HOW`
"""

from __future__ import annotations

import faulthandler
import json
import os
import struct
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from engines.adapters._forked import Forked, bounded, end_children, own_streams
from engines.adapters._python_memory import EVENTS_MOST, WORD_BYTES, Asked, FullError, Memory, Task
from engines.adapters._python_object import Object, Setup, UnfitError, found, made

ASKED_BYTES = 2 * WORD_BYTES
FRAMES_MOST = 4
"""How much of a traceback is told: its innermost frames but ours."""
OURS = Path(__file__).parent


def serve(task: Task) -> None:
    """Do as gonogo says, to the end of what it says."""
    reading, writing = own_streams()
    # What is printed is in the log at once, and never in the buffer of a process that dies or forks.
    sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False)
    memory = Memory(task["memory"])
    setup = msgspec.json.decode(task["setup"], type=Setup)
    try:
        make = found(task["object"], task["path"])
    except BaseException as error:  # also SystemExit: whatever its module does when it is imported is its failure
        memory.fail(f"{task['object']} cannot be imported: {_told(error)}")
        os.write(writing, b"failed\n")
        return

    def be_engine(to_child: int, from_child: int) -> NoReturn:
        _be_engine(lambda: _begun(make, setup, memory, task["memory_bytes"]), memory, to_child, from_child)

    child = Forked(be_engine, (reading, writing))
    os.write(writing, f"{child.how}\n".encode())
    while asked := os.read(reading, ASKED_BYTES):
        if asked.startswith(_word(Asked.BEGIN)):
            child.close()
            end_children()
            child = Forked(be_engine, (reading, writing))
            said = child.how
        else:
            said = child.ask(asked)
        os.write(writing, f"{said}\n".encode())


def _begun(make: Callable[[Setup], Any], setup: Setup, memory: Memory, memory_bytes: int) -> Object:
    """The object, made; what it says of itself stands in memory."""
    bounded(memory_bytes)
    # Should it crash in C, its log tells the line of Python.
    faulthandler.enable()
    engine = made(make, setup)
    memory.tell_text(msgspec.json.encode(engine.about()))
    return engine


def _be_engine(begin: Callable[[], Object], memory: Memory, reading: int, writing: int) -> NoReturn:
    """In the forked process: make the object and do as the host says, to the end."""
    me = os.getpid()
    try:
        engine = begin()
        os.write(writing, b"ready")
        while asked := os.read(reading, ASKED_BYTES):
            _answer(engine, memory, *struct.unpack("<QQ", asked))
            if os.getpid() != me:
                # The object forked, and its child came back.
                os._exit(0)
            os.write(writing, b"done")
    except FullError:
        memory.fail(f"it told more than {EVENTS_MOST} events to one call")
        os.write(writing, b"failed")
    except BaseException as error:  # whatever it is, it is the engine's, and must not run on as a second host
        memory.fail(_told(error))
        os.write(writing, b"failed")
    finally:
        os._exit(0)


def _answer(engine: Object, memory: Memory, asked: int, count: int) -> None:
    if asked == Asked.CARRY_OUT:
        engine.carry_out(count, memory)
    elif asked == Asked.BOOK:
        engine.tell_book(memory)
    else:
        memory.tell_text(msgspec.json.encode(engine.counters()))


def _told(error: BaseException) -> str:
    """What was wrong, and for what the object raised itself the place where."""
    if isinstance(error, UnfitError):
        return str(error)
    frames = [each for each in traceback.extract_tb(error.__traceback__) if Path(each.filename).parent != OURS]
    places = (f"\n  {each.filename}, line {each.lineno}, in {each.name}: {each.line}" for each in frames[-FRAMES_MOST:])
    return f"it raised {type(error).__name__}: {error}{''.join(places)}"


def _word(asked: Asked) -> bytes:
    return int(asked).to_bytes(WORD_BYTES, "little")


if __name__ == "__main__":
    serve(json.loads(sys.argv[1]))
