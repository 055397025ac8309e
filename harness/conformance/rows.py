"""What `gonogo doctor --engine` tries: each row is a few commands on an empty engine, and what the last of them may bring about.

A row is written in the words of the hand-made cases (harness/flows/cases.py). Acknowledgements (`accepted`, `rested`) are left out: they are
held to what they must be in every row. Prices are steps around 100 and quantities multiples of the least, and are moved into the bounds
of the instrument that the engine trades.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

About: TypeAlias = Literal["matching", "commands", "types", "tifs", "flags", "terms", "conventions"]
"""What a row is about: hard rules, else a field of the capabilities, or the conventions."""
Lines: TypeAlias = tuple[str, ...]


class Row(NamedTuple):
    """One thing to try."""

    about: About
    name: str
    """What is tried, in words; of capabilities the word itself, of conventions the field."""
    sent: Lines
    readings: Mapping[str, Lines]
    """What the last command may bring about, by what that means."""
    needs: Lines = ()
    """What must have been seen before: words of what is offered, and readings of conventions."""


def with_kept_ids(row: Row) -> Row:
    """The row with replaces that leave an order its id, for a wire that cannot say another one; where it has no such replace, the same."""
    renamed = {new: old for line in row.sent for old, new in re.findall(r"(#\d+) by (#\d+)", line)}

    def kept(line: str) -> str:
        return re.sub(r"#\d+", lambda found: renamed.get(found[0], found[0]), re.sub(r" by #\d+", "", line))

    readings = {value: tuple(map(kept, lines)) for value, lines in row.readings.items()}
    return row._replace(sent=tuple(map(kept, row.sent)), readings=readings)


RIGHT = "right"
"""What the only reading of a row about hard rules, or about a capability, means."""
_ASK, _TAKE = "new sell 100 x 5 #1", "(account 2)"
_TWO_FOR_FIVE = "new sell 100 x 2 #1"


def _right(about: About, name: str, *sent: str, gives: Lines = (), needs: Lines = ()) -> Row:
    return Row(about, name, sent, {RIGHT: gives}, needs)


MATCHING = (
    _right("matching", "an order that meets nobody", _ASK),
    _right("matching", "a cancel", _ASK, "cancel #1", gives=("canceled 5 of #1 (user), 0 left",)),
    _right("matching", "a cancel of no order", "cancel #1", gives=("cancel rejected #1 (unknown order)",)),
    _right("matching", "a cancel of another's order", _ASK, f"cancel #1 {_TAKE}", gives=("cancel rejected #1 (not owner)",)),
    _right("matching", "a cancel in part", _ASK, "cancel 2 of #1", gives=("canceled 2 of #1 (user), 3 left",)),
    _right("matching", "an order for nothing", "new sell 100 x 0 #1", gives=("rejected #1 (invalid quantity)",)),
    _right("matching", "a trade at the maker's price", _ASK, f"new buy 101 x 2 #2 {_TAKE}", gives=("trade #2 with #1 at 100 x 2, 0 left",)),
    _right("matching", "what a trade leaves of the taker", _TWO_FOR_FIVE, f"new buy 100 x 5 #2 {_TAKE}", f"cancel #2 {_TAKE}",
           gives=("canceled 3 of #2 (user), 0 left",)),
    _right("matching", "what a trade leaves of the maker", _ASK, f"new buy 100 x 2 #2 {_TAKE}", "cancel #1", gives=("canceled 3 of #1 (user), 0 left",)),
    _right("matching", "best price first", "new sell 101 x 1 #1", "new sell 100 x 1 #2", f"new buy 101 x 1 #3 {_TAKE}",
           gives=("trade #3 with #2 at 100 x 1, 0 left",)),
    _right("matching", "of one price the earliest first", "new sell 100 x 1 #1", "new sell 100 x 1 #2", f"new buy 100 x 1 #3 {_TAKE}",
           gives=("trade #3 with #1 at 100 x 1, 0 left",)),
)  # fmt: skip
_BEHIND_100 = ("new sell 100 x 1 #1", "new sell 101 x 5 #2")
_THROUGH_100 = f"new buy 101 x 2 #4 {_TAKE}"
_TWO_TRADES = ("trade #4 with #1 at 100 x 1, 1 left", "trade #4 with #2 at 101 x 1, 0 left")
_STOPPED = (*_TWO_TRADES, "triggered #3 at 101, 1 left", "trade #3 with #2 at 101 x 1, 0 left")
OFFERS = (
    _right("commands", "replace", _ASK, "replace #1 by #2: 101 x 5", gives=("replaced #1 by #2 at 101, 5 left",)),
    _right("commands", "mass_cancel", _ASK, "new buy 99 x 5 #2", "mass cancel of all orders (account 1)",
           gives=("canceled 5 of #1 (mass cancel), 0 left", "canceled 5 of #2 (mass cancel), 0 left", "done, 2 orders")),
    _right("types", "market", _ASK, f"new buy market x 2 #2 {_TAKE}", gives=("trade #2 with #1 at 100 x 2, 0 left",)),
    _right("types", "stop", *_BEHIND_100, f"new buy stop 101 x 1 #3 {_TAKE}", _THROUGH_100, gives=_STOPPED),
    _right("types", "stop_limit", *_BEHIND_100, f"new buy stop 101 limit 101 x 1 #3 {_TAKE}", _THROUGH_100, gives=_STOPPED),
    _right("tifs", "ioc", _TWO_FOR_FIVE, f"new buy 100 x 5 ioc #2 {_TAKE}",
           gives=("trade #2 with #1 at 100 x 2, 3 left", "canceled 3 of #2 (ioc remainder), 0 left")),
    _right("tifs", "fok", _TWO_FOR_FIVE, f"new buy 100 x 5 fok #2 {_TAKE}", gives=("canceled 5 of #2 (fok not fillable), 0 left",)),
    _right("tifs", "gtc", "new sell 100 x 5 gtc #1", f"new buy 100 x 2 #2 {_TAKE}", gives=("trade #2 with #1 at 100 x 2, 0 left",)),
    _right("flags", "post_only", "new sell 101 x 2 #1", f"new buy 100 x 1 post-only #2 {_TAKE}", f"new buy 101 x 1 post-only #3 {_TAKE}",
           gives=("rejected #3 (post only would trade)",)),
    _right("terms", "min_qty", _TWO_FOR_FIVE, f"new buy 100 x 5 min 3 #2 {_TAKE}", gives=("canceled 5 of #2 (min qty not reached), 0 left",)),
)  # fmt: skip
CONVENTIONS = (
    Row("conventions", "self_trade", (_TWO_FOR_FIVE, "new buy 100 x 5 #2"), {
        "none": ("trade #2 with #1 at 100 x 2, 3 left",),
        "cancel_newest": ("canceled 5 of #2 (self trade), 0 left",),
        "cancel_oldest": ("canceled 2 of #1 (self trade), 0 left",),
        "cancel_both": ("canceled 2 of #1 (self trade), 0 left", "canceled 5 of #2 (self trade), 0 left"),
        "decrement": ("canceled 2 of #1 (self trade), 0 left", "canceled 2 of #2 (self trade), 3 left"),
    }),
    Row("conventions", "replace_keeps_place", (_ASK, "new sell 100 x 5 #2", "replace #1 by #3: 100 x 3", f"new buy 100 x 1 #4 {_TAKE}"), {
        "quantity_down": ("trade #4 with #3 at 100 x 1, 0 left",),
        "never": ("trade #4 with #2 at 100 x 1, 0 left",),
    }, ("replace",)),
    Row("conventions", "replace_quantity", (_ASK, f"new buy 100 x 2 #2 {_TAKE}", "replace #1 by #3: 101 x 4", f"new buy 101 x 9 #4 {_TAKE}"), {
        "open": ("trade #4 with #3 at 101 x 4, 5 left",),
        "total": ("trade #4 with #3 at 101 x 2, 7 left",),
    }, ("replace",)),
    Row("conventions", "stop_trigger", (_ASK, f"new buy stop 100 x 1 #2 {_TAKE}"), {
        "last_trade": (),
        "quote": ("triggered #2 at 100, 1 left", "trade #2 with #1 at 100 x 1, 0 left"),
    }, ("stop",)),
    Row("conventions", "stop_order", (
        "new sell 100 x 1 #1", "new sell 102 x 9 #2", f"new buy stop 102 x 1 #3 {_TAKE}", f"new buy stop 101 x 1 #4 {_TAKE}",
        f"new buy 102 x 2 #5 {_TAKE}",
    ), {
        "price_time": (
            "trade #5 with #1 at 100 x 1, 1 left", "trade #5 with #2 at 102 x 1, 0 left",
            "triggered #4 at 101, 1 left", "trade #4 with #2 at 102 x 1, 0 left",
            "triggered #3 at 102, 1 left", "trade #3 with #2 at 102 x 1, 0 left",
        ),
        "time": (
            "trade #5 with #1 at 100 x 1, 1 left", "trade #5 with #2 at 102 x 1, 0 left",
            "triggered #3 at 102, 1 left", "trade #3 with #2 at 102 x 1, 0 left",
            "triggered #4 at 101, 1 left", "trade #4 with #2 at 102 x 1, 0 left",
        ),
    }, ("stop",)),
    Row("conventions", "stop_evaluation", (*_BEHIND_100, f"new sell stop 100 x 1 #3 {_TAKE}", _THROUGH_100), {
        "command": _TWO_TRADES,
        "fill": (*_TWO_TRADES, "triggered #3 at 100, 1 left", "canceled 1 of #3 (market remainder), 0 left"),
    }, ("stop", "last_trade")),
)  # fmt: skip
ROWS = (*MATCHING, *OFFERS, *CONVENTIONS)
