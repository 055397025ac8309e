"""Requests of all ports become commands, in one batch whoever sent them: held to the rules of OUCH, and nothing passed over that wants an answer.

| what comes | what becomes of it |
|---|---|
| a number that is not above the last one: a re-send | ignored, as OUCH has it |
| a cancel, replace or modify of an order that the port never entered | ignored, as OUCH has it |
| a cancel to a new total, a modify | refused: Cancel Reject |
| what else our commands cannot say, disable, enable, the account query (as number 0), a channel (UserRefIdx) | refused: Rejected |
| a message that cannot be read, a number beyond those that a port may use | told to whoever brought it: the stream cannot be trusted further |

What is refused goes through the journal too, as a command of kind 0, so that its answer has its place among the others, also after a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engines.service.gateway import intake_kernel as kernel
from engines.service.gateway.ids import REFUSED, ids_of
from engines.service.gateway.intake_kernel import Numbering
from engines.service.gateway.link import NO_COMMANDS
from engines.service.gateway.requests import Requests
from harness.base.bits import picked
from harness.base.reasons import Reason
from harness.base.records import NONE, Commands, Int64Array, empty_commands
from harness.wire import ouch
from harness.wire.ouch import Records
from harness.wire.ouch_kernel import Defect
from harness.wire.ouch_requests import to_commands
from harness.wire.ouch_symbols import Symbols
from harness.wire.ouch_terms import Ids
from harness.wire.soup_kernel import END, START

AN_ORDER, A_CANCEL = 0, 1
"""What a refused request was, in the price of its command."""
IS_NUMBERED = np.isin(np.arange(256), (kernel.NEW, kernel.REPLACE, kernel.MASS_CANCEL, kernel.DISABLE, kernel.ENABLE))
"""By the type of a request."""
Refuse = Callable[[str], None]
"""Told why what was brought cannot be trusted."""


class Owner(NamedTuple):
    """Whose requests they are."""

    port: int
    account: int


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


class _Brought(NamedTuple):
    """What one connection read."""

    port: int
    stream: bytes
    packets: Int64Array
    refuse: Refuse


class _Batch(NamedTuple):
    """What all connections read."""

    requests: Records
    ports: Int64Array


class Intake:
    """The requests of all ports."""

    def __init__(self, owners: Sequence[Owner], firm: int, requests: Requests, symbols: Symbols) -> None:
        self._firm, self._requests, self._symbols = firm, requests, symbols
        self._accounts = np.array([0] * len(requests.kept.ports), np.uint32)
        self._accounts[requests.slots(np.array([one.port for one in owners], np.int64))] = [
            one.account for one in owners
        ]
        self._brought: list[_Brought] = []
        self.last = np.zeros(len(owners), np.int64)
        """The highest number that came, by slot."""
        self.counts = IntakeCounts()

    def bring(self, port: int, stream: bytes, packets: Int64Array, refuse: Refuse) -> None:
        """Have what a client sent taken with the next batch."""
        self._brought.append(_Brought(port, stream, packets, refuse))

    def take(self) -> Commands:
        """The commands of all that was brought, in that order.

        Of whoever brought a message that cannot be read, or a number beyond those that may be used, nothing is taken, and he is told.
        """
        if not self._brought:
            return NO_COMMANDS
        brought, self._brought = self._brought, []
        requests, ports = self._read(brought)
        slots, count = self._requests.slots(ports), len(requests)
        columns = np.empty((2, count), np.int64)
        found = Numbering(requests, slots, np.empty(count, np.uint8), columns[0], columns[1])
        kernel.number(found, self.last)
        numbered = found.fates == kernel.NUMBERED
        self._requests.enter(picked(requests, numbered), slots[numbered], found.numbers[numbered])
        instruments = np.empty(count, np.uint32)
        left = kernel.look_up(found, self._requests.kept.rows, self._requests.records, self._symbols, instruments)
        self.counts.requests += count
        if left:
            resent = int((found.fates == kernel.RESENT).sum())
            self.counts.resent += resent
            self.counts.ignored += left - resent
            taken = found.fates >= kernel.UNNUMBERED
            found, instruments = found.of(taken), instruments[taken]
        return self._commands(found, instruments)

    def _read(self, brought: list[_Brought]) -> _Batch:
        """The requests of all, and of which port each is."""
        if len(brought) == 1:
            stream, packets = brought[0].stream, brought[0].packets
        else:
            stream = b"".join(one.stream for one in brought)
            packets = np.concatenate([one.packets for one in brought])
            starts = np.cumsum([0, *(len(one.stream) for one in brought[:-1])])
            packets[:, START : END + 1] += np.repeat(starts, [len(one.packets) for one in brought])[:, None]
        decoded = ouch.decode_requests(stream, packets)
        ports = np.repeat([one.port for one in brought], [len(one.packets) for one in brought])
        requests = decoded.records
        wrong = decoded.defects != Defect.NONE
        wrong |= IS_NUMBERED[requests["type"]] & (requests["user_ref_num"] >= self._requests.room)
        if wrong.any():
            sources = np.repeat(np.arange(len(brought)), [len(one.packets) for one in brought])
            bad = np.unique(sources[wrong])
            for source in bad.tolist():
                rows = np.flatnonzero(sources == source)
                brought[source].refuse(self._why(requests[rows], decoded.defects[rows], wrong[rows]))
            right = ~np.isin(sources, bad)
            requests, ports = requests[right], ports[right]
        return _Batch(requests, ports)

    def _why(self, requests: Records, defects: npt.NDArray[np.uint8], wrong: npt.NDArray[np.bool_]) -> str:
        row = int(np.argmax(wrong))
        if defects[row]:
            defect = Defect(int(defects[row])).name.lower().replace("_", " ")
            return f"message {row + 1} of {len(requests)} cannot be read: {defect}"
        number = requests["user_ref_num"][row]
        return f"UserRefNum {number}: a port may use those up to {self._requests.room - 1}"

    def _commands(self, found: Numbering, instruments: npt.NDArray[np.uint32]) -> Commands:
        """Those of requests that are taken, each of them one."""
        kinds, ports = found.requests["type"], self._requests.kept.ports[found.slots]
        own = ids_of(ports, found.numbers)
        targets = np.where(instruments != 0, ids_of(ports, found.named), np.uint64(0))
        ids = Ids(own, targets, np.full(len(kinds), NONE), instruments)
        accounts = self._accounts[found.slots]
        commands, reasons = to_commands(found.requests, ids, self._symbols, 0, self._firm)
        reasons[(reasons == 0) & (found.requests["user_ref_idx"] != 0)] = Reason.UNSUPPORTED
        # A mass cancel's answer carries its id, as every other answer does.
        is_mass_cancel = kinds == kernel.MASS_CANCEL
        if is_mass_cancel.any():
            commands["order"][is_mass_cancel] = own[is_mass_cancel]
        if (refused := reasons != 0).any():
            cancels = (kinds == kernel.CANCEL) | (kinds == kernel.MODIFY)
            commands[refused] = _refusals(np.where(cancels, targets, own)[refused], reasons[refused], cancels[refused])
            self.counts.refused += int(refused.sum())
        commands["session"], commands["account"] = ports, accounts
        self.counts.commands += len(commands)
        return commands


def _refusals(ids: npt.NDArray[np.uint64], reasons: npt.NDArray[np.uint16], cancels: npt.NDArray[np.bool_]) -> Commands:
    refusals = empty_commands(len(ids))
    refusals["order"] = ids | REFUSED
    refusals["qty"] = reasons
    refusals["price"] = np.where(cancels, A_CANCEL, AN_ORDER)
    return refusals
