"""Commands of any accounts as OUCH requests: numbers given one after another, since ids hang on each other, and all encoded in one go.

A command that OUCH cannot say is told as such. One that names an order whose number is not known yet ends what is written.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engines.adapters._ouch_port import OuchPort, Words
from harness.base.bits import picked
from harness.base.records import NONE, Commands, Int64Array
from harness.wire import ouch
from harness.wire.dispatch import Packets
from harness.wire.ouch import Records
from harness.wire.ouch_requests import Asked, to_requests
from harness.wire.ouch_terms import Ids
from harness.wire.soup import split
from harness.wire.soup_kernel import END

NONE_UNSAID = np.zeros(0, np.uint64)


class Run(NamedTuple):
    """Requests of one session that no request of another stands between."""

    port: OuchPort
    packets: Packets


class Written(NamedTuple):
    """The first of some commands as they go out."""

    taken: int
    """How many commands these are."""
    left: npt.NDArray[np.bool_]
    """Which of them have to wait all the same, where sessions are apart."""
    runs: list[Run]
    unsaid: npt.NDArray[np.uint64]
    """The numbers of those that cannot be said."""


def written(commands: Commands, ports: Mapping[int, OuchPort | None], words: Words, *, apart: bool = False) -> Written:
    """The commands, each by the session of its account; None: it has none. `apart`: no session waits for another."""
    by_number = {port.number: port for port in ports.values() if port}
    sessions, last = np.zeros(len(commands), np.int64), np.zeros(max(by_number, default=0) + 1, np.int64)
    for account, port in ports.items():
        if port:
            sessions[commands["account"] == account], last[port.number] = port.number, port.last
    asked = _asked(commands, words)
    # What OUCH cannot say whatever the ids are must not get a number that later commands would name.
    sessions[asked.unsaid != 0] = 0
    found = words.ids.number(commands, sessions, asked.requests, last, time.monotonic_ns(), apart=apart)
    for number, port in by_number.items():
        mine = np.flatnonzero((found.sessions == number) & (found.own != 0))
        originals = found.requests["orig_user_ref_num"][mine].astype(np.int64)
        port.enter(picked(found.commands, mine), found.own[mine], originals)
    if found.says.all():
        runs = _runs(found.requests, found.sessions, found.commands, by_number)
        return Written(len(found.commands), found.left, runs, NONE_UNSAID)
    said = np.flatnonzero(found.says)
    runs = _runs(picked(found.requests, said), found.sessions[said], picked(found.commands, said), by_number)
    return Written(len(found.commands), found.left, runs, found.commands["number"][~found.says & ~found.left])


def _asked(commands: Commands, words: Words) -> Asked:
    """The requests, all but their numbers, with no totals known, so that a cancel of a part cannot be said."""
    some, totals = np.ones(len(commands), np.uint64), np.full(len(commands), NONE)
    ids = Ids(some, some, totals, np.ascontiguousarray(commands["instrument"]))
    return to_requests(commands, ids, words.symbols, words.firm)


def _runs(requests: Records, sessions: Int64Array, commands: Commands, by_number: Mapping[int, OuchPort]) -> list[Run]:
    """The requests as they go out, cut where the session changes."""
    raw = ouch.encode_requests(requests)
    ends = split(raw).packets[:, END]
    if not len(ends):
        return []
    changes = (sessions[1:] != sessions[:-1]).nonzero()[0] + 1
    due_ns, numbers = commands["due_ns"], commands["number"].astype(np.int64)
    runs, start = [], 0
    for cut, upto in pairwise([0, *changes.tolist(), len(ends)]):
        end = int(ends[upto - 1])
        packets = Packets(raw[start:end], ends[cut:upto] - start, due_ns[cut:upto], numbers[cut:upto])
        runs.append(Run(by_number[int(sessions[cut])], packets))
        start = end
    return runs
