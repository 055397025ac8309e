"""A port that speaks JSON lines: its commands under ids that are its own, and what it may hear of events.

A client counts its orders from 1 to 2^32 - 1; the port's number goes above. A trading port's commands carry its account and its session, an
operator's the session 0, whatever the line says of either. Of a trade with another port the other side's ids and account are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np

from engines.service.config import Port as Settings
from engines.service.gateway.deeds import DID
from engines.service.gateway.ids import NUMBER_MASK, REFUSED, Parties, ids_of
from harness.base.records import EVENT, CommandKind, Commands, EventKind, Events, Role
from harness.wire.json_lines import Wrong, decode_commands, encode_events

NAMES_AN_ORDER = (CommandKind.CANCEL, CommandKind.REPLACE)
WITHOUT_A_NAME = (CommandKind.CANCEL, CommandKind.MASS_CANCEL, CommandKind.TICK)
"""What may leave out its `order`; all else names the new order, or the person."""


class Listener(Protocol):
    """Who is connected to a port now."""

    def hear(self, lines: bytes) -> None:
        """Take lines in, to be sent."""
        ...


class Taken(NamedTuple):
    """What the lines of a buffer are."""

    commands: Commands
    wrong: str
    """What is wrong with the first line that is; empty: nothing. Nothing is taken then."""
    used: int


class JsonPort:
    """One login."""

    def __init__(self, settings: Settings, ask: Callable[[int, Commands], None] = lambda *_: None) -> None:
        """`ask` hears of what is taken, with the port's number."""
        self.settings = settings
        self._ask = ask
        self.listener: Listener | None = None
        self.commands = 0

    def take(self, buffer: bytes) -> Taken:
        """The commands of the whole lines of a buffer."""
        lines = decode_commands(buffer)
        wrong = [*lines.wrong, *(Wrong(0, "only commands may come here") for _ in lines.messages[:1])]
        commands = lines.records
        if not wrong and (said := self._strange(commands)):
            wrong.append(Wrong(0, said))
        if wrong:
            return Taken(commands[:0], wrong[0].reason, lines.used)
        number = self.settings.number
        commands["order"] = ids_of(number, commands["order"])
        named = np.isin(commands["kind"], NAMES_AN_ORDER)
        commands["target"] = np.where(named, ids_of(number, commands["target"]), commands["target"])
        commands["session"] = 0
        if self.settings.account is not None:
            commands["session"], commands["account"] = number, self.settings.account
        self.commands += len(commands)
        self._ask(number, commands)
        return Taken(commands, "", lines.used)

    def _strange(self, commands: Commands) -> str:
        if len(commands) and max(commands["order"].max(), commands["target"].max()) > NUMBER_MASK:
            return f"an order or target above {NUMBER_MASK}"
        kinds = commands["kind"]
        if (~np.isin(kinds, WITHOUT_A_NAME) & (commands["order"] == 0)).any():
            return "no order"
        if (np.isin(kinds, NAMES_AN_ORDER) & (commands["target"] == 0)).any():
            return "no target"
        own = self.settings.account
        if own is None and not np.isin(kinds, list(DID)).all():
            return f"an operator does not trade; there are: {', '.join(kind.name.lower() for kind in DID)}"
        if own is not None and not np.isin(commands["account"], (0, own)).all():
            return f"an account that is not the port's, {own}"
        return ""

    def tell(self, events: Events, parties: Parties) -> None:
        """Hand what concerns it to whoever is connected."""
        if self.listener is None:
            return
        number = self.settings.number
        is_own, is_maker = parties.ports == number, parties.maker_ports == number
        rows = np.flatnonzero((is_own & ~parties.refused) | is_maker)
        if len(rows):
            self.listener.hear(encode_events(_seen(events[rows], is_own[rows], is_maker[rows])))


def _seen(events: Events, is_own: np.ndarray, is_maker: np.ndarray) -> Events:
    """The events by the client's own ids, without what is another's."""
    said = events.astype(EVENT)
    for name in ("order", "new_order"):
        said[name] = np.where(is_own, said[name] & ~REFUSED & NUMBER_MASK, 0)
    said["maker"] = np.where(is_maker, said["maker"] & NUMBER_MASK, 0)
    for name in ("command", "account", "session"):
        said[name] = np.where(is_own, said[name], 0)
    is_trade = said["kind"] == EventKind.TRADE
    said["role"][is_trade & ~is_maker] = Role.TAKER
    said["role"][is_trade & ~is_own] = Role.MAKER
    return said
