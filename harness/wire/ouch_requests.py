"""Commands as OUCH requests, for who drives a venue, and requests as commands, for the venue.

No state: what ids stand for on the other side comes as arrays, a row each (`Ids`). What one side can say and the other cannot is told
by a code for its row, and nothing is sent or done in its stead.

Of our commands OUCH cannot say:

- stops, market orders (outside a cross), fill-or-kill, good-till-canceled and good-till-date; a price of an order that is absent,
  negative, beyond $199,999.99; a quantity that is absent, negative or beyond 32 bits; a minimum or a display quantity below 1;
- a cancel or replace of an order that its session never sent, or that names another account or instrument than the order's: who makes
  `Ids` gives the target 0 for it; two live orders with one id, for the same cause;
- a replace that changes how long the order lives; its quantity is the whole chain's (`Conventions.replace_quantity = "total"`), and it
  never keeps its place (`replace_keeps_place = "never"`). Shares that self-trade prevention took count as traded there;
- a cancel of some of an order, unless its total is known: OUCH names the new total, ours what goes. Fills do not change a total;
- a mass cancel of all accounts, and what an operator asks for: halt, resume, kill, enable, limits, phase, tick.

Of OUCH's requests our commands cannot say: short sales, orders that are hidden, attributed, pegged, discretionary, routed or for a cross,
intermarket sweeps, reserves that are random, times in force but day and IOC, a replace that changes any such term or the side,
modify, disable, enable and the account query. The capacity and the client's own text change nothing and are not carried.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.reasons import Reason
from harness.base.records import COMMAND, CommandKind, Commands, empty_commands
from harness.wire.ouch import Records
from harness.wire.ouch_ask_kernel import Asking, ask
from harness.wire.ouch_layout import LENGTH_PRESENT, OTHERS_PRESENT, REQUEST, TAG_OF, TAGS
from harness.wire.ouch_read_kernel import Reading, read
from harness.wire.ouch_symbols import BLANK_FIRM, Symbols
from harness.wire.ouch_terms import Ids
from harness.wire.ouch_words import CONTINUOUS, DAY, NO, PRINCIPAL, VISIBLE


class Asked(NamedTuple):
    """Commands as requests."""

    requests: Records
    """Of type 0 where the command cannot be said."""
    unsaid: npt.NDArray[np.uint8]
    """An `Unsaid` each."""


def to_requests(commands: Commands, ids: Ids, symbols: Symbols, firm: int) -> Asked:
    """The commands of one session as requests of its firm (a word of four characters)."""
    _check_ids(ids, len(commands))
    requests, unsaid = np.empty(len(commands), REQUEST), np.zeros(len(commands), np.uint8)
    templates = _TEMPLATES.copy()
    templates["firm"][CommandKind.MASS_CANCEL] = firm
    ask(
        Asking(
            np.ascontiguousarray(commands, COMMAND), ids, symbols, _words(templates), requests, _words(requests), unsaid
        )
    )
    return Asked(requests, unsaid)


class Read(NamedTuple):
    """Requests as commands."""

    commands: Commands
    """Of kind 0 where there is a reason."""
    reasons: npt.NDArray[np.uint16]
    """A `Reason` each: NONE, or why the venue cannot take it. UNKNOWN_ORDER where the target is not known, and INVALID_QUANTITY for a
    cancel to a total that is none less: OUCH answers neither."""


def to_commands(requests: Records, ids: Ids, symbols: Symbols, account: int, firm: int) -> Read:
    """The requests of one session, whose account and firm they are; numbers and times are for who puts them in a row."""
    _check_ids(ids, len(requests))
    commands, reasons = empty_commands(len(requests)), np.zeros(len(requests), np.uint16)
    read(Reading(np.ascontiguousarray(requests, REQUEST), ids, symbols, account, firm, commands, reasons))
    _look_at_further_tags(requests, reasons, firm)
    if reasons.any():
        commands[reasons != 0] = empty_commands(1)
    return Read(commands, reasons)


def inherited(replaces: Records, originals: Records) -> Records:
    """Replace requests with what they inherit from the requests of the orders that they replace: what the answers then tell."""
    whole = replaces.copy()
    for name in ("side", "symbol", "capacity", "cross_type", "firm", "group_id"):
        whole[name] = originals[name]
    tags = 1 << TAG_OF["firm"] | 1 << TAG_OF["group_id"]
    whole["present"] |= originals["present"] & np.uint32(tags)
    return whole


NEW, REPLACE, CANCEL, MASS_CANCEL = map(ord, "OUXC")
_BY_KIND = {CommandKind.NEW: NEW, CommandKind.CANCEL: CANCEL, CommandKind.REPLACE: REPLACE, CommandKind.MASS_CANCEL: MASS_CANCEL}  # fmt: skip


def _templates() -> Records:
    """A request for each kind of command with what is always the same in it; of type 0 for kinds that there is none for."""
    templates = np.zeros(max(_BY_KIND) + 2, REQUEST)
    for kind, letter in _BY_KIND.items():
        templates["type"][kind] = letter
        templates["present"][kind] = 0 if letter == CANCEL else LENGTH_PRESENT
    for kind in (CommandKind.NEW, CommandKind.REPLACE):
        one = templates[int(kind)]
        one["time_in_force"], one["display"], one["inter_market_sweep_eligibility"] = DAY, VISIBLE, NO
        one["cl_ord_id"] = b" " * 14
    templates["capacity"][CommandKind.NEW], templates["cross_type"][CommandKind.NEW] = PRINCIPAL, CONTINUOUS
    return templates


_TEMPLATES = _templates()

_HARMLESS = LENGTH_PRESENT | OTHERS_PRESENT | 1 << TAG_OF["user_ref_idx"]
_UNDERSTOOD = {
    NEW: _HARMLESS | sum(1 << TAG_OF[name] for name in ("min_qty", "max_floor", "post_only")),
    MASS_CANCEL: _HARMLESS | 1 << TAG_OF["side"],
}
"""The bits of `present` that kernels look at themselves, or that change nothing; of all other messages `_HARMLESS`."""
_NEUTRAL: dict[tuple[int, str], Sequence[int]] = {
    (NEW, "firm"): (BLANK_FIRM,), (NEW, "customer_type"): b"N ", (NEW, "price_type"): b"L", (NEW, "peg_offset"): (0,),
    (NEW, "discretion_price"): (0,), (NEW, "discretion_price_type"): b"L", (NEW, "discretion_peg_offset"): (0,),
    (NEW, "random_reserves"): (0,), (NEW, "expire_time"): (0,), (NEW, "trade_now"): b"N ", (NEW, "handle_inst"): b" ",
    (NEW, "group_id"): (0,), (NEW, "shares_located"): b"N", (NEW, "locate_broker"): (BLANK_FIRM,),
    (REPLACE, "shares_located"): b"N", (REPLACE, "locate_broker"): (BLANK_FIRM,), (MASS_CANCEL, "group_id"): (0,),
}  # fmt: skip
"""What a tag may say without asking for anything; a replace that repeats any other may mean to change it."""

_REQUEST_TAGS = [(tag, name) for tag, name in TAGS.items() if name in (REQUEST.names or ())]


def _look_at_further_tags(requests: Records, reasons: npt.NDArray[np.uint16], firm: int) -> None:
    """Refuse what has a tag that asks for something our commands cannot say. Few requests have any."""
    if not (requests["present"] & ~np.uint32(_HARMLESS)).any():
        return
    for kind in (NEW, REPLACE, CANCEL, MASS_CANCEL):
        further = requests["present"] & ~np.uint32(_UNDERSTOOD.get(kind, _HARMLESS))
        rows = np.flatnonzero((requests["type"] == kind) & (further != 0) & (reasons == 0))
        for tag, name in _REQUEST_TAGS if len(rows) else ():
            neutral = (*_NEUTRAL.get((kind, name), ()), *((firm,) if name == "firm" else ()))
            asks = rows[(further[rows] >> np.uint32(tag)) & np.uint32(1) != 0]
            asks = asks[~np.isin(requests[name][asks], neutral)]
            reasons[asks] = Reason.UNKNOWN_ACCOUNT if name == "firm" else Reason.UNSUPPORTED


def _check_ids(ids: Ids, count: int) -> None:
    if lengths := {len(column) for column in ids} - {count}:
        raise ValueError(f"ids of {lengths.pop()} rows; wanted {count}")


def _words(records: Records) -> npt.NDArray[np.uint64]:
    return records.view(np.uint64).reshape(len(records), REQUEST.itemsize // 8)
