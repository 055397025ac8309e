"""The acts, mistakes and shape of a random flow as arrays of integers, for the kernel that draws from them.

A command is a row of 14 words, as `harness.base.records` lays it out. A template is the row of an act with all that never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from harness.base.records import COMMAND, Commands, Int64Array, OrderType, Side, empty_commands
from harness.flows._draws import geometric, quantiles
from harness.flows._random import ACTS, MISTAKES, NAMES, NAMING, QTY_CHANCE, QTY_MAX, REACH_CHANCE, Act, Mistake, Shape

WORDS = COMMAND.itemsize // 8
ORDER, TARGET, PRICE, STOP, QTY, LEAST, HOME, WHAT = 1, 2, 3, 4, 5, 6, 11, 12
"""The words of a command that are drawn; HOME is instrument and account, WHAT ends with the side."""
SIDE_AT = 56

# What an act's row of `plans` holds.
PLACE, HAS_LEAST, STAYS, HAS_PRICE = range(4)
NO_PLACE, REST, CROSS, BEHIND_STOP, NAMED, ALL, WRONG = range(7)
PLACES = {"": NO_PLACE, "rest": REST, "cross": CROSS, "stop": BEHIND_STOP, "named": NAMED, "all": ALL, "wrong": WRONG}
# The acts that the kernel knows by name.
CANCEL, REDUCE, REPLACE = (NAMES.index(name) for name in ("cancel", "reduce", "replace"))

# What a mistake's row holds: the act, which order is named, whether it is on the limited instrument, and how a word is changed.
BASE, NAMES_WHICH, ON_LIMITED, WORD, KEEP, BITS = range(6)
FIELD, DUPLICATE, NOT_OWNER, UNKNOWN, WAITING, LIMITED = range(1 + len(NAMING))

SHARE = 2**20
"""What a share of 1 is as an integer."""
FILL = 256
"""What a book of the wanted size is as an integer."""
CHANCE = 2**32
"""What a chance of 1 is as an integer."""


class Tables(NamedTuple):
    """All that the kernel needs of a flow; nothing in it changes while commands are drawn."""

    templates: Int64Array
    plans: Int64Array
    mistakes: Int64Array
    instead: Int64Array
    """For each act, the act that is done: itself, or the nearest that the engine offers."""
    weights: Int64Array
    depths: Int64Array
    reaches: Int64Array
    quantities: Int64Array
    moves: Int64Array
    limits: Int64Array
    """Entries named by MARKETS to NEW_IDS."""


MARKETS, ACCOUNTS, RESTING, STEP_CHANCE, NEAR_TICKS, NEWEST_FIRST, NEW_IDS = range(7)
"""The last of the markets is the limited one."""


def tables_of(
    shape: Shape, *, markets: int, accounts: int, resting: int, without: tuple[str, ...], new_ids: bool = False
) -> Tables:
    """The tables of a flow for an engine that does not offer the things `without`; `new_ids`: no replace keeps its order's id."""
    above = 1 - quantiles()
    depths = np.minimum(above ** (-1 / shape.depth_exponent), shape.deepest)
    step_chance = round(shape.step_chance * CHANCE)
    return Tables(
        templates=np.concatenate([_words(_template(act)) for act in ACTS]),
        plans=np.array([_plan(act) for act in ACTS], np.int64),
        mistakes=np.array([_mistake(one) for one in MISTAKES if _seen(one, without)], np.int64),
        instead=np.array([_instead(act, without) for act in ACTS], np.int64),
        weights=np.array([round(shape.shares.get(name, 0) * SHARE) for name in NAMES], np.int64),
        depths=depths.astype(np.int64),
        reaches=geometric(REACH_CHANCE),
        quantities=np.minimum(geometric(QTY_CHANCE), QTY_MAX),
        moves=np.array(shape.moves, np.int64),
        limits=np.array(
            [markets, accounts, resting, step_chance, shape.near_ticks, shape.newest_first, new_ids], np.int64
        ),
    )


def _words(commands: Commands) -> Int64Array:
    return commands.view(np.int64).reshape(-1, WORDS)


def _template(act: Act) -> Commands:
    """A command of the act, whose side is left out where one is drawn."""
    command = empty_commands(1)
    command["kind"], command["session"] = act.kind, 1
    if act.place in ("", "rest", "cross", "stop"):
        command["type"], command["tif"], command["flags"] = act.type, act.tif, act.flags
    command["side"] = Side.NONE if act.place in ("all", "wrong") else 0
    return command


def _plan(act: Act) -> tuple[int, int, int, int]:
    priced = act.type in (OrderType.LIMIT, OrderType.STOP_LIMIT)
    return PLACES[act.place], int(act.least), int(act.stays), int(priced)


def _mistake(mistake: Mistake) -> tuple[int, int, int, int, int, int]:
    which = 1 + NAMING.index(mistake.names) if mistake.names else FIELD
    return (NAMES.index(mistake.act), which, int(mistake.limited), *_patch(mistake.fields))


def _patch(fields: Mapping[str, int]) -> tuple[int, int, int]:
    """The one word that the fields stand in, what of it stays, and what is put in."""
    mask, value = np.zeros(1, COMMAND), np.zeros(1, COMMAND)
    for name, content in fields.items():
        mask[name] = np.frombuffer(b"\xff" * 8, mask[name].dtype, 1)
        value[name] = content
    word = int(np.argmax(_words(mask)[0] != 0))
    return word, ~int(_words(mask)[0, word]), int(_words(value)[0, word])


def _seen(mistake: Mistake, without: tuple[str, ...]) -> bool:
    """Whether the engine offers what the mistake is about."""
    needs = {*mistake.needs, *ACTS[NAMES.index(mistake.act)].needs}
    return not needs & set(without)


def _instead(act: Act, without: tuple[str, ...]) -> int:
    while set(act.needs) & set(without):
        act = ACTS[NAMES.index(act.instead)]
    return NAMES.index(act.name)
