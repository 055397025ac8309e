"""Commands of any accounts as OUCH requests: numbers given one after another, since ids hang on each other, and all encoded in one go.

A command that OUCH cannot say is told as such. One that names an order whose number is not known yet ends what is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engines.adapters._ouch_port import Named, OuchPort, Words
from harness.base.records import NONE, Commands
from harness.wire import ouch
from harness.wire.ouch_requests import Asked, to_requests
from harness.wire.ouch_terms import Ids
from harness.wire.soup import split
from harness.wire.soup_kernel import END


class Run(NamedTuple):
    """Requests of one session that no request of another stands between."""

    port: OuchPort
    packets: list[bytes]


class Written(NamedTuple):
    """The first of some commands as they go out."""

    taken: int
    """How many commands these are."""
    runs: list[Run]
    unsaid: npt.NDArray[np.uint64]
    """The numbers of those that cannot be said."""


def written(commands: Commands, ports: Sequence[OuchPort | None], words: Words) -> Written:
    """The commands, each by the session of its account; None: it has none."""
    # What OUCH cannot say whatever the ids are must not get a number that later commands would name.
    some = np.ones(len(commands), np.uint64)
    sayable = (_asked(commands, some, some, words).unsaid == 0).tolist()
    own, targets = np.zeros(len(commands), np.uint64), np.zeros(len(commands), np.uint64)
    columns = [commands[name].tolist() for name in Named._fields]
    count = 0
    for row, named in enumerate(map(Named._make, zip(*columns, strict=True))):
        port = ports[row]
        if port and sayable[row]:
            if port.holds(named.target):
                break
            own[row], targets[row] = port.number_of(named)
        count = row + 1
    commands = commands[:count]
    asked = _asked(commands, own[:count], targets[:count], words)
    says = asked.unsaid == 0
    says &= np.array([port is not None for port in ports[:count]], np.bool_)
    return Written(count, _runs(asked, np.flatnonzero(says).tolist(), ports), commands["number"][~says])


def _asked(commands: Commands, own: npt.NDArray[np.uint64], targets: npt.NDArray[np.uint64], words: Words) -> Asked:
    """The requests, with no totals known, so that a cancel of a part cannot be said."""
    totals, instruments = np.full(len(commands), NONE), np.ascontiguousarray(commands["instrument"])
    return to_requests(commands, Ids(own, targets, totals, instruments), words.symbols, words.firm)


def _runs(asked: Asked, rows: list[int], ports: Sequence[OuchPort | None]) -> list[Run]:
    raw = ouch.encode_requests(asked.requests[rows]).tobytes()
    runs: list[Run] = []
    begin = 0
    for row, end in zip(rows, split(raw).packets[:, END].tolist(), strict=True):
        port = ports[row]
        if port is not None:
            if not runs or runs[-1].port is not port:
                runs.append(Run(port, []))
            runs[-1].packets.append(raw[begin:end])
        begin = end
    return runs
