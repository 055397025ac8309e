"""Runs the command by which an engine that has ended says what it keeps: whether that is whole, and which fills are in it.

The fills come as `trade` lines of docs/json-lines.md on its standard output; other events are passed over, so that a whole trail may be printed.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from engines.adapters._process import Log, Process
from harness.base.ending import FILL, Ended, Ending, Fills, fills_of
from harness.base.errors import EngineStartError
from harness.base.records import EventKind
from harness.engine_file import Verify, filled
from harness.wire.json_lines import decode_events

READ_BYTES = 1 << 20
FILLS_MOST = 1 << 24
"""Fills that are taken in; 400 MB."""
ENDED_S = 5.0
"""How long a command that closed its output may take to end."""


def verified(verify: Verify, values: Mapping[str, str], prints_to: Path | None) -> Ended:
    """What the command says of an engine that has ended; one that does not run, or not to its end, has proven nothing."""
    log = Log(prints_to)
    env = {name: filled(value, values) for name, value in verify.env.items()}
    try:
        process = Process([filled(word, values) for word in verify.command], verify.cwd, env, log, speaks=True)
    except EngineStartError as error:
        log.close()
        return Ended(Ending(verified=True, damaged=str(error)))
    try:
        process.close_stdin()
        fills, wrong = _printed(process, verify.timeout_s)
        ended = process.how_it_ended(0 if wrong else ENDED_S)
        # Only of a program that is gone the whole log is there.
        process.kill()
        if not wrong and not ended.endswith("exit code 0"):
            wrong = ended or "it closed its output and did not end"
        damaged = f"{verify.command[0]} looked at what the engine keeps: {wrong}{process.tail()}" if wrong else ""
    finally:
        process.kill()
        log.close()
    told = fills if verify.fills else None
    return Ended(Ending(verified=True, damaged=damaged, fills=None if told is None else len(told)), told)


def _printed(process: Process, timeout_s: float) -> tuple[Fills | None, str]:
    """The fills that it prints up to its end, or what is wrong with that, in words."""
    found, begun, give_up_s = [np.zeros(0, FILL)], b"", time.monotonic() + timeout_s
    while select.select([process.stdout], [], [], max(give_up_s - time.monotonic(), 0))[0]:
        said = os.read(process.stdout, READ_BYTES)
        buffer = begun + (said or b"\n")
        lines = decode_events(buffer)
        begun = buffer[lines.used :]
        if strange := [one.reason for one in lines.wrong] + [repr(one) for one in lines.messages]:
            return None, f"it printed a line that is no event: {strange[0]}"
        found.append(fills_of(lines.records[lines.records["kind"] == EventKind.TRADE]))
        if sum(map(len, found)) > FILLS_MOST:
            return None, f"it printed more than {FILLS_MOST:,} fills"
        if not said:
            return np.concatenate(found, dtype=FILL), ""
    return None, f"it did not end within {timeout_s:g} s"
