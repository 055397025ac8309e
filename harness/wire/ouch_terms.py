"""What the translation between our words and OUCH is handed, beside the records, and the codes for what it cannot say. It keeps nothing itself."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.records import Int64Array
from harness.wire.ouch import Records

NUMBER_MAX = 2**32 - 1
"""What four bytes hold."""


class Ids(NamedTuple):
    """What the ids of a command or request stand for on the other side, a row each."""

    own: npt.NDArray[np.uint64]
    """The id that a new order, a replace or a mass cancel gets there; 0: none."""
    targets: npt.NDArray[np.uint64]
    """The id there of the order that a cancel or replace names; 0: not known."""
    totals: Int64Array
    """The total of a cancel's target: what was last asked for, less what was canceled; traded shares count. NONE: not known."""
    instruments: npt.NDArray[np.uint32]
    """The instrument of the target, which a request does not name. Who sends commands gives their own."""


class Entered(NamedTuple):
    """The requests that orders came by, and where among them those of each event are."""

    requests: Records
    orders: Int64Array
    """A row an event: the request of its order; of `replaced` and `replace_rejected` that of the new id, of `done` the mass cancel. -1: it
    came by none, and is told to nobody."""
    makers: Int64Array
    """The same of the maker of a trade; -1 of all other events."""


ASKED = np.dtype([("order", "<u8"), ("target", "<u8"), ("command", "<u8"), ("instrument", "<u4"), ("account", "<u4")])
"""What a UserRefNum stands for: the order's id, the id that a replace renamed (0: no replace), the command that it came by."""


class Unsaid(IntEnum):
    """Which part of a command OUCH cannot say."""

    NONE = 0
    KIND = 1
    TYPE = 2
    TIME_IN_FORCE = 3
    TERMS = 4
    """A stop price, an expiry, or a flag but post-only."""
    ID = 5
    INSTRUMENT = 6
    SIDE = 7
    QUANTITY = 8
    PRICE = 9
    TOTAL = 10
    ACCOUNT = 11


class Untold(IntEnum):
    """Why an event gives no reply, or a reply no event."""

    NONE = 0
    KIND = 1
    """The other side has no word for it."""
    ORDER = 2
    """It is about no order of theirs."""
    QUANTITY = 3
    """Absent, or more than the other side's numbers hold."""
    PRICE = 4
    """Absent, negative, between two ticks, or more than the other side's numbers hold."""
