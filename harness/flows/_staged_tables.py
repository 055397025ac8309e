"""The stages of a market as arrays, so that a kernel can draw from them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from harness.base.capabilities import Instrument
from harness.base.records import CommandKind, Int64Array, Side, empty_commands
from harness.flows._draws import geometric
from harness.flows._kept_book import BASE, DEEPEST, TICKS
from harness.flows._staged import ACTS, NAMES, PERSON, QTY_MAX, THOUSAND, Stage

(
    REST, CROSS, TAKE, MARKET, STUFF, TO_LIMIT, BEYOND_LIMIT, TO_COLLAR, BEYOND_COLLAR, AGAIN, USED_ID, MOVE, CANCEL, CANCEL_AGAIN, SWEEP,
    HALT, RESUME,
) = range(len(ACTS))  # fmt: skip
NOTHING = -1

# Columns of `plans`, one row a stage. OPENS is an act or NOTHING.
LENGTH, OPENS, PRESSES, DRIFT, REACH, TAKES, PLANS = range(7)
# Entries of `bounds`. The ticks are those of the kept book; a collar of 0 is none; FULL is what is done when MOST orders stand.
LOW, HIGH, COLLAR, MOST, FULL = range(5)
# The words of a command that are drawn; HOME is instrument and account, WHAT ends with the side.
ORDER, TARGET, PRICE, QTY, HOME, WHAT = 1, 2, 3, 5, 11, 12
WORDS, SIDE_AT, ONE_ACCOUNT = 14, 56, 2**32
QTY_CAP = QTY_MAX // 20
"""Of an order that rests. One that takes is at most 20 times as large, which is within the bounds of the instrument."""


class Tables(NamedTuple):
    """What a kernel draws from."""

    plans: Int64Array
    acts: Int64Array
    """A thousand a stage, each as often as its share."""
    depths: Int64Array
    """Equally likely values, a row a stage."""
    quantities: Int64Array
    bounds: Int64Array
    templates: Int64Array
    """A command of each act: what of it never changes."""


def tables_of(stages: tuple[Stage, ...], instrument: Instrument, resting: int, without: tuple[str, ...]) -> Tables:
    """The stages without what the engine does not offer or enforce."""
    return Tables(
        plans=np.array([_plan(stage, without) for stage in stages], np.int64),
        acts=np.stack([_acts(stage, without) for stage in stages]),
        depths=np.stack([np.minimum(geometric(1 / stage.depth_ticks), DEEPEST) for stage in stages]),
        quantities=np.stack([np.minimum(geometric(1 / stage.qty_lots), QTY_CAP) for stage in stages]),
        bounds=_bounds(instrument, resting, without),
        templates=_templates(),
    )


def _plan(stage: Stage, without: tuple[str, ...]) -> tuple[int, ...]:
    # A halt without an end would leave nothing but refusals, so both are asked or none.
    opens = stage.opens_with and not {"halt", "resume"} & {*without}
    return (
        stage.commands, NAMES.index(stage.opens_with) if opens else NOTHING, stage.presses, stage.drift_ticks, stage.reach_ticks,
        stage.takes,
    )  # fmt: skip


def _acts(stage: Stage, without: tuple[str, ...]) -> Int64Array:
    shares = np.array(list(stage.shares.values()), np.int64)
    if shares.sum() != THOUSAND:
        raise ValueError(f"the shares of the stage {stage.name} add up to {shares.sum()}; wanted {THOUSAND}")
    return np.repeat(np.array([_offered(name, without) for name in stage.shares], np.int64), shares)


def _offered(name: str, without: tuple[str, ...]) -> int:
    """The act of this name, or the nearest one that the engine offers."""
    act = ACTS[NAMES.index(name)]
    return _offered(act.instead, without) if act.needs in without else NAMES.index(name)


def _bounds(instrument: Instrument, resting: int, without: tuple[str, ...]) -> Int64Array:
    """Where orders may be priced, and how many may rest.

    The kept book ends somewhere too, where an engine refuses nothing: so a flow that goes to limits has an instrument whose bounds lie within it.
    """
    low, high = max(instrument.price_min - BASE, 1), min(instrument.price_max - BASE, TICKS - 2)
    collar = 0 if "collar_ticks" in without else instrument.risk.collar_ticks
    return np.array([low, high, collar, resting, _offered("cancel", without)], np.int64)


def _templates() -> Int64Array:
    commands = empty_commands(len(ACTS))
    commands["kind"] = [act.kind for act in ACTS]
    commands["session"], commands["instrument"] = 1, 1
    new, named = (
        commands["kind"] == CommandKind.NEW,
        np.isin(commands["kind"], (CommandKind.REPLACE, CommandKind.CANCEL)),
    )
    commands["side"][new | named] = Side.BUY
    commands["type"][new] = [act.type for act in ACTS if act.kind == CommandKind.NEW]
    commands["tif"][new] = [act.tif for act in ACTS if act.kind == CommandKind.NEW]
    commands["instrument"][SWEEP] = 0
    commands["session"][[HALT, RESUME]], commands["order"][[HALT, RESUME]] = 0, PERSON
    return commands.view(np.int64).reshape(-1, WORDS)
