"""The socket of the relations: what must hold between two runs of an engine, whatever a model says of either.

A relation changes a tape in a way whose effect on the answers is known, such as all sides swapped and all prices mirrored. The changed
tape goes to an empty engine, and its answers, changed back, must be those that the tape itself got. So a relation needs no oracle, and
cannot share a mistake with one (Chen, Cheung, Yiu, "Metamorphic testing", HKUST-CS98-01, 1998).

A new relation is one file here: two pure functions on whole arrays, there and back, and the public name `RELATION` bound to a
`Relation`. What several of them share stands in files that begin with an underscore.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.capabilities import Instrument, RiskLimits
from harness.base.records import (
    NONE,
    CommandKind,
    Commands,
    Events,
    OrderType,
    Side,
    TimeInForce,
)
from harness.base.seeds import Seed
from harness.evidence.fold import RepeatMark
from harness.evidence.repeats import left_out, related_marks

Flags: TypeAlias = npt.NDArray[np.bool_]
"""One truth a record."""


class Tape(NamedTuple):
    """What is changed."""

    commands: Commands
    """Numbered from 1; all of them `carried`."""
    instruments: tuple[Instrument, ...]


class Changed(NamedTuple):
    """A tape as it is sent instead."""

    parts: tuple[Commands, ...]
    """Each goes to an empty engine, with its own numbers from 1."""
    numbers: npt.NDArray[np.uint64]
    """Of all parts in turn: which command of the tape each command stands for, or beside which it was put in."""
    at_once: int = 0
    """How many commands the engine is handed in one call; 0: as many as it is in any run."""


def as_they_came(tape: Tape, changed: Changed, events: Events) -> Events:
    """The way back where nothing but the sending was changed."""
    del tape, changed
    return events


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A relation as data."""

    about: str
    """What is changed, and what must come of it, in one line."""
    there: Callable[[Tape, np.random.Generator], Changed | str]
    """The changed tape; or, in words, why this tape cannot be changed so."""
    back: Callable[[Tape, Changed, Events], Events] = as_they_came
    """The answers as if the tape itself had been sent. They still have the numbers of the changed commands, counted over all parts."""


Drive: TypeAlias = Callable[[Commands, int], Events]
"""Sends commands, so many a call, to an engine that it has emptied; gives all that the engine said."""


def related(
    relations: Mapping[str, Relation], tape: Tape, seed: Seed, drive: Drive, tries: int = 1
) -> Iterator[RepeatMark]:
    """Drive the tape as each of the relations changes it; what the answers, changed back, come to, block by block.

    Some relations draw how they change a tape: `tries` is how often each is tried.
    """
    odd = np.flatnonzero(~carried(tape.commands, tape.instruments))
    for name, relation in relations.items():
        chance = seed.stream(f"relation {name}")
        for again in range(1, tries + 1):
            changed = (
                f"command {odd[0] + 1} is one that no relation carries" if len(odd) else relation.there(tape, chance)
            )
            if isinstance(changed, str):
                yield left_out(name, changed)
                break
            yield from related_marks(answers(relation, tape, changed, drive), len(tape.commands), name, again)


def answers(relation: Relation, tape: Tape, changed: Changed, drive: Drive) -> Events:
    """What the engine says to the changed tape, as if it answered the tape itself."""
    told: list[Events] = []
    before = 0
    for part in changed.parts:
        events = drive(part, changed.at_once)
        events = events[(events["command"] > 0) & (events["command"] <= len(part))]
        events["command"] += np.uint64(before)
        told.append(events)
        before += len(part)
    back = relation.back(tape, changed, np.concatenate(told, dtype=told[0].dtype))
    back["command"] = changed.numbers[back["command"].astype(np.int64) - 1]
    return back


_KINDS = (CommandKind.NEW, CommandKind.CANCEL, CommandKind.REPLACE, CommandKind.MASS_CANCEL)
_TYPES = (OrderType.LIMIT, OrderType.MARKET)
_TIFS = (TimeInForce.DAY, TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK)


def carried(commands: Commands, instruments: tuple[Instrument, ...]) -> Flags:
    """Which of the commands every relation carries, shape (n,).

    Not those of which the rules say more than a relation can keep: stops (which trigger by side), values that are out of bounds or
    absent (a refusal may become an acceptance), an id that is made twice (whether it is free hangs on other instruments), and
    instruments with risk limits (which speak of values).
    """
    free = [one for one in instruments if one.risk == RiskLimits()]
    fits: Flags = np.zeros(len(commands), np.bool_)
    for one in free:
        fits |= (commands["instrument"] == one.id) & _within(commands, one)
    kind = commands["kind"]
    fits |= (kind == CommandKind.MASS_CANCEL) & (commands["instrument"] == 0)
    fits &= np.isin(kind, _KINDS) & ~_made_before(commands)
    for field in ("stop", "display", "expiry_ns"):
        fits &= commands[field] == NONE
    fits &= (kind != CommandKind.NEW) | _is_plain(commands)
    fits &= (kind == CommandKind.NEW) | (commands["min_qty"] == NONE)
    fits &= ~np.isin(kind, (CommandKind.CANCEL, CommandKind.REPLACE)) | (commands["target"] > 0)
    return fits & (~np.isin(kind, (CommandKind.NEW, CommandKind.REPLACE)) | (commands["order"] > 0))


def makes(commands: Commands) -> Flags:
    """Which commands give an order an id that it did not have."""
    kind = commands["kind"]
    renames = (kind == CommandKind.REPLACE) & (commands["order"] != commands["target"])
    making: Flags = renames | (kind == CommandKind.NEW)
    return making


def _within(commands: Commands, one: Instrument) -> Flags:
    """Whether prices and quantities are such as the instrument allows, where the kind of command has them."""
    kind, price, qty = commands["kind"], commands["price"], commands["qty"]
    priced = ((kind == CommandKind.NEW) & (commands["type"] == OrderType.LIMIT)) | (kind == CommandKind.REPLACE)
    good_price = (price >= one.price_min) & (price <= one.price_max) & (price % one.price_step == 0)
    least = np.where(kind == CommandKind.CANCEL, 1, one.qty_min)
    good_qty = (qty >= np.maximum(least, 1)) & (qty <= one.qty_max)
    sized = np.isin(kind, (CommandKind.NEW, CommandKind.REPLACE))
    within: Flags = (good_price | ((price == NONE) & ~priced)) & (good_qty | ((qty == NONE) & ~sized))
    return within


def _is_plain(new: Commands) -> Flags:
    """Whether type, time in force, side and minimum of new orders are those of the page."""
    least, qty = new["min_qty"], new["qty"]
    fits = np.isin(new["type"], _TYPES) & np.isin(new["tif"], _TIFS) & (new["side"] <= Side.SELL)
    plain: Flags = fits & ((least == NONE) | ((least >= 1) & (least <= qty)))
    return plain


def _made_before(commands: Commands) -> Flags:
    """Which commands make an id that an earlier one made."""
    places = np.flatnonzero(makes(commands))
    _, first = np.unique(commands["order"][places], return_index=True)
    again = np.ones(len(commands), np.bool_)
    again[places[first]] = False
    again[~makes(commands)] = False
    return again
