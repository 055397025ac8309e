"""Whose an order id is: whoever uses it first in the whole. One connection refuses to say an id twice; several must not either."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.base.records import COMMAND, CommandKind, Commands
from harness.wire.order_table import Orders, Table, enter, find

Flags: TypeAlias = npt.NDArray[np.bool_]
NEW, REPLACE = int(CommandKind.NEW), int(CommandKind.REPLACE)


def _look(table: Table, commands: Commands, mine: Flags, strange: Flags) -> None:
    for row in range(len(commands)):
        command = commands[row]
        order = command["order"]
        gives = command["kind"] == NEW or (command["kind"] == REPLACE and order != command["target"])
        if gives and order != np.uint64(0):
            at = find(table, order)
            if table.ids[at] != order:
                enter(table, order, np.int64(mine[row]))
            elif mine[row] and table.known[at] == 0:
                strange[row] = True


look: Any = compiled(_look)


class FirstUse:
    """All order ids of a whole by whether one of this share's commands used it first."""

    def __init__(self) -> None:
        self._orders = Orders()

    def strange(self, commands: Commands, mine: Flags) -> Flags:
        """Which of `mine` give an order an id that somebody else's command used before; the commands are the next of the whole."""
        self._orders.make_room(len(commands))
        found = np.zeros(len(commands), np.bool_)
        look(self._orders.table, np.ascontiguousarray(commands, COMMAND), mine, found)
        return found
