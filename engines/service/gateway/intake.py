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

import numpy as np
import numpy.typing as npt

from engines.service.gateway import intake_kernel as kernel
from engines.service.gateway.ids import REFUSED, ids_of
from engines.service.gateway.intake_kernel import Numbering
from engines.service.gateway.requests import Requests
from harness.base.errors import WireError
from harness.base.reasons import Reason
from harness.base.records import NONE, Commands, Int64Array, empty_commands
from harness.wire import ouch
from harness.wire.ouch_kernel import Defect
from harness.wire.ouch_requests import to_commands
from harness.wire.ouch_symbols import Symbols
from harness.wire.ouch_terms import Ids
from harness.wire.soup import Buffer

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
        if decoded.defects.any():
            row = int(np.flatnonzero(decoded.defects)[0])
            raise WireError(f"message {row + 1} of {len(packets)} cannot be read: {_defect(int(decoded.defects[row]))}")
        requests, columns = decoded.records, np.empty((2, len(packets)), np.int64)
        found = Numbering(requests, np.empty(len(packets), np.uint8), columns[0], columns[1])
        last, beyond = kernel.number(found, self.last, self._requests.room)
        if beyond >= 0:
            number = requests["user_ref_num"][beyond]
            raise WireError(f"UserRefNum {number}: a port may use those up to {self._requests.room - 1}")
        self.last = int(last)
        numbered = found.fates == kernel.NUMBERED
        self._requests.enter(requests[numbered], found.numbers[numbered])
        instruments = np.empty(len(packets), np.uint32)
        left = kernel.look_up(found, self._requests.records, self._symbols, instruments)
        self.counts.requests += len(packets)
        if left:
            resent = int((found.fates == kernel.RESENT).sum())
            self.counts.resent += resent
            self.counts.ignored += left - resent
            taken = found.fates >= kernel.UNNUMBERED
            found, instruments = found.of(taken), instruments[taken]
        return self._commands(found, instruments)

    def _commands(self, found: Numbering, instruments: npt.NDArray[np.uint32]) -> Commands:
        """Those of requests that are taken, each of them one."""
        port, kinds = self._owner.port, found.requests["type"]
        own = ids_of(port, found.numbers)
        targets = np.where(instruments != 0, ids_of(port, found.named), np.uint64(0))
        ids = Ids(own, targets, np.full(len(kinds), NONE), instruments)
        commands, reasons = to_commands(found.requests, ids, self._symbols, self._owner.account, self._owner.firm)
        reasons[(reasons == 0) & (found.requests["user_ref_idx"] != 0)] = Reason.UNSUPPORTED
        commands["session"] = port
        # A mass cancel's answer carries its id, as every other answer does.
        is_mass_cancel = kinds == kernel.MASS_CANCEL
        if is_mass_cancel.any():
            commands["order"][is_mass_cancel] = own[is_mass_cancel]
        if (refused := reasons != 0).any():
            cancels = (kinds == kernel.CANCEL) | (kinds == kernel.MODIFY)
            commands[refused] = self._refusals(
                np.where(cancels, targets, own)[refused], reasons[refused], cancels[refused]
            )
            self.counts.refused += int(refused.sum())
        self.counts.commands += len(commands)
        return commands

    def _refusals(
        self, ids: npt.NDArray[np.uint64], reasons: npt.NDArray[np.uint16], cancels: npt.NDArray[np.bool_]
    ) -> Commands:
        refusals = empty_commands(len(ids))
        refusals["order"] = ids | REFUSED
        refusals["qty"] = reasons
        refusals["price"] = np.where(cancels, A_CANCEL, AN_ORDER)
        refusals["account"], refusals["session"] = self._owner.account, self._owner.port
        return refusals


def _defect(code: int) -> str:
    return Defect(code).name.lower().replace("_", " ")
