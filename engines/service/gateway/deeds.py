"""What operators did, and what halted by itself, in words for the log: who, what, of what, and what came of it.

The record of it is in journal and trail, where the number of the operator's port stands in the upper half of `order`. So a number stands for one
person for good, which the folder keeps.
"""

from __future__ import annotations

import os
from collections import deque
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from engines.service.gateway.ids import Parties
from harness.base.controls import LimitCode
from harness.base.errors import SetupError
from harness.base.reasons import reason_name
from harness.base.records import Command, CommandKind, Commands, Event, EventKind, Events, command_rows, event_rows

DID = {
    CommandKind.KILL_ACCOUNT: "kill", CommandKind.ENABLE: "enable", CommandKind.HALT: "halt", CommandKind.RESUME: "resume",
    CommandKind.LIMIT: "limit", CommandKind.MASS_CANCEL: "mass cancel", CommandKind.TICK: "tick",
}  # fmt: skip
"""What an operator may ask for; each is answered by one event of `ENDS`."""
CANCELS = (CommandKind.KILL_ACCOUNT, CommandKind.MASS_CANCEL)
ENDS = np.isin(np.arange(256), (EventKind.DONE, EventKind.REJECTED, EventKind.HALTED, EventKind.RESUMED))
BY_BREAKER = np.isin(np.arange(256), (EventKind.HALTED, EventKind.RESUMED))
PORTS = 2**16
SUFFIX, PART = ".person", ".part"


class Say(Protocol):
    """The log."""

    def __call__(
        self, event: str, level: Literal["info", "warning", "error"] = "info", **fields: int | str | bool
    ) -> None:
        """One line."""
        ...


class Deeds:
    """Those of all operators since the start."""

    def __init__(self, persons: dict[int, str], say: Say) -> None:
        """`persons` by the numbers of their ports."""
        self._persons, self._say = persons, say
        self._asked: dict[int, deque[Command]] = {number: deque() for number in persons}
        self._is_operator = np.isin(np.arange(PORTS), list(persons))

    def ask(self, port: int, commands: Commands) -> None:
        """Note what an operator asks for, in the order in which it is offered."""
        self._asked[port].extend(command_rows(commands))

    def tell(self, events: Events, parties: Parties) -> None:
        """Say what came of it. All events must pass here, in their order."""
        kinds = events["kind"]
        answers = ENDS[kinds] & self._is_operator[parties.ports % PORTS]
        rows = np.flatnonzero(answers | (BY_BREAKER[kinds] & (events["order"] == 0)))
        for event, port in zip(event_rows(events[rows]), parties.ports[rows].tolist(), strict=True):
            if event.order == 0:
                word = "halted" if event.kind == EventKind.HALTED else "resumed"
                self._say(word, "warning", by="breaker", instrument=event.instrument, command=event.command)
            elif self._asked[port]:
                self._say_of(port, self._asked[port].popleft(), event)

    def _say_of(self, port: int, command: Command, event: Event) -> None:
        fields: dict[str, int | str | bool] = {"of": _scope(command)}
        if command.kind == CommandKind.LIMIT:
            fields |= {"limit": _limit(command.type), "to": command.qty}
        is_refused = event.kind == EventKind.REJECTED
        fields["answer"] = reason_name(event.reason) if is_refused else "done"
        if command.kind in CANCELS and not is_refused:
            fields["canceled"] = event.qty
        who, did = self._persons[port], DID[CommandKind(command.kind)]
        self._say("operator", "warning" if is_refused else "info", person=who, did=did, command=event.command, **fields)


def keep_persons(folder: Path, persons: dict[int, str]) -> None:
    """Write down whose each number is.

    Raises:
        SetupError: it is another's already.
    """
    for number, person in persons.items():
        path = folder / f"{number}{SUFFIX}"
        if not path.exists():
            part = path.with_suffix(PART)
            part.write_text(person, encoding="utf-8")
            os.replace(part, path)
        if (before := path.read_text(encoding="utf-8")) != person:
            raise SetupError(
                f"port {number} was that of {before} and is now to be {person}'s: what one did would stand as the other's. Give it a new number"
            )


def _scope(command: Command) -> str:
    named = {"account": command.account, "firm": command.target, "instrument": command.instrument}
    return ", ".join(f"{what} {number}" for what, number in named.items() if number) or "all"


def _limit(code: int) -> str:
    return LimitCode(code).name.lower() if code in set(LimitCode) else str(code)
