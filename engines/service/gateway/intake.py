"""Requests of a port become commands: whole batches, numbers held to the rules of OUCH, and nothing passed over that deserves an answer.

| what comes | what becomes of it |
|---|---|
| a number that is not above the last one: a re-send | ignored, as OUCH has it |
| a cancel, replace or modify of an order that the port never entered | ignored, as OUCH has it |
| a cancel to a new total, a modify | refused: Cancel Reject |
| what else our commands cannot say, disable, enable, the account query (as number 0), a channel (UserRefIdx) | refused: Rejected |
| a message that cannot be read, a number beyond those that a port may use | WireError: the stream cannot be trusted further |

What is refused goes through the journal too, as a command of kind 0, so that its answer has its place among the others, also after a restart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engines.service.gateway.ids import REFUSED, ids_of
from engines.service.gateway.requests import Requests
from harness.base.errors import WireError
from harness.base.reasons import Reason
from harness.base.records import NONE, Commands, Int64Array, empty_commands
from harness.wire import ouch
from harness.wire.ouch import Records
from harness.wire.ouch_kernel import Defect
from harness.wire.ouch_requests import to_commands
from harness.wire.ouch_symbols import Symbols
from harness.wire.ouch_terms import Ids
from harness.wire.soup import Buffer

Flags: TypeAlias = npt.NDArray[np.bool_]
NEW, REPLACE, CANCEL, MODIFY, MASS_CANCEL, DISABLE, ENABLE = map(ord, "OUXMCDE")
NUMBERED = (NEW, REPLACE, MASS_CANCEL, DISABLE, ENABLE)
AN_ORDER, A_CANCEL = 0, 1
"""What a refused request was, in the price of its command."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose requests they are."""

    port: int
    account: int
    firm: int


@dataclass(slots=True)
class IntakeCounts:
    """What came."""

    requests: int = 0
    commands: int = 0
    refused: int = 0
    """Of the commands: those of kind 0."""
    resent: int = 0
    ignored: int = 0
    """They name an order that never came."""


class Intake:
    """The requests of one port."""

    def __init__(self, owner: Owner, requests: Requests, symbols: Symbols) -> None:
        self._owner, self._requests, self._symbols = owner, requests, symbols
        self.last = 0
        """The highest number that came."""
        self.counts = IntakeCounts()

    def take(self, stream: Buffer, packets: Int64Array) -> Commands:
        """The commands of what a client sent.

        Raises:
            WireError: a message cannot be read or has a number beyond those that may be used; nothing is taken of all that came with it.
        """
        decoded = ouch.decode_requests(stream, packets)
        numbers = decoded.records["user_ref_num"].astype(np.int64)
        numbered = np.isin(decoded.records["type"], NUMBERED)
        if decoded.defects.any():
            row = int(np.flatnonzero(decoded.defects)[0])
            raise WireError(f"message {row + 1} of {len(packets)} cannot be read: {_defect(int(decoded.defects[row]))}")
        if (beyond := numbers[numbered & (numbers >= self._requests.room)]).size:
            raise WireError(f"UserRefNum {beyond[0]}: a port may use those up to {self._requests.room - 1}")
        highest = np.maximum.accumulate(np.concatenate([[self.last], np.where(numbered, numbers, 0)]))
        kept = ~numbered | (numbers > highest[:-1])
        self.counts.requests += len(packets)
        self.counts.resent += len(packets) - int(kept.sum())
        self.last = int(highest[-1])
        rows = np.flatnonzero(kept)
        self._requests.enter(decoded.records[numbered & kept], numbers[numbered & kept])
        return self._commands(decoded.records[rows], numbered[rows], highest[rows])

    def _commands(self, requests: Records, numbered: Flags, before: Int64Array) -> Commands:
        port = self._owner.port
        kinds = requests["type"]
        numbers = np.where(numbered, requests["user_ref_num"], 0).astype(np.int64)
        named, known, instruments = self._named(requests, before)
        own, targets = ids_of(port, numbers), np.where(known, ids_of(port, named), 0).astype(np.uint64)
        ids = Ids(np.where(numbered, own, 0).astype(np.uint64), targets, np.full(len(kinds), NONE), instruments)
        commands, reasons = to_commands(requests, ids, self._symbols, self._owner.account, self._owner.firm)
        reasons[(reasons == 0) & (requests["user_ref_idx"] != 0)] = Reason.UNSUPPORTED
        commands["session"] = port
        # A mass cancel's answer carries its id, as every other answer does.
        commands["order"] = np.where(kinds == MASS_CANCEL, own, commands["order"])
        names_one = np.isin(kinds, (REPLACE, CANCEL, MODIFY))
        ignored = names_one & ~known
        refused = (reasons != 0) & ~ignored
        cancels = np.isin(kinds, (CANCEL, MODIFY))
        commands[refused] = self._refusals(np.where(cancels, targets, own)[refused], reasons[refused], cancels[refused])
        self.counts.ignored += int(ignored.sum())
        self.counts.refused += int(refused.sum())
        told = commands[~ignored]
        self.counts.commands += len(told)
        return told

    def _named(self, requests: Records, before: Int64Array) -> tuple[Int64Array, Flags, npt.NDArray[np.uint32]]:
        """The number of the order that each names, whether the port entered it, and its instrument."""
        is_replace = requests["type"] == REPLACE
        named = np.where(is_replace, requests["orig_user_ref_num"], requests["user_ref_num"]).astype(np.int64)
        named = np.where((named <= before) & np.isin(requests["type"], (REPLACE, CANCEL, MODIFY)), named, 0)
        symbols = self._requests.records["symbol"][named]
        places = np.searchsorted(self._symbols.sorted_symbols, symbols)
        places = np.minimum(places, len(self._symbols.sorted_symbols) - 1)
        known = (named > 0) & (self._symbols.sorted_symbols[places] == symbols)
        ids = self._symbols.ids[self._symbols.places[places]]
        return named, known, np.where(known, ids, 0).astype(np.uint32)

    def _refusals(self, ids: npt.NDArray[np.uint64], reasons: npt.NDArray[np.uint16], cancels: Flags) -> Commands:
        refusals = empty_commands(len(ids))
        refusals["order"] = ids | REFUSED
        refusals["qty"] = reasons
        refusals["price"] = np.where(cancels, A_CANCEL, AN_ORDER)
        refusals["account"], refusals["session"] = self._owner.account, self._owner.port
        return refusals


def _defect(code: int) -> str:
    return Defect(code).name.lower().replace("_", " ")
