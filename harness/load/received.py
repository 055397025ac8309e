"""A part that came from another machine, read as what anybody may have made: its digest only tells that it came as it was sent.

All of it is looked at before it is merged, since merging takes numbers as places in arrays and times as what has yet to come.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO, TypeVar

import numpy as np
import numpy.typing as npt

from harness.base.errors import EvidenceError
from harness.base.records import COMMAND, EVENT, Channel, Int64Array
from harness.evidence.history import History
from harness.load.crew import LoadError
from harness.load.messages import Done
from harness.load.sources import NUMBERS, SPOKEN, Left
from harness.port import Spoken

Number = TypeVar("Number", bound=np.generic)
INT64, UINT64 = np.dtype(np.int64), np.dtype(np.uint64)
LATEST_NS = 2**61
"""No event comes later: 73 years."""
SESSIONS = 1 << 20
"""The highest number of a session, one for each account."""


def checked_part(folder: Path, done: Done, most: int) -> Left:
    """What a worker left, if it is a part of a load of so many commands in the whole and what the worker said that it sent.

    Raises:
        LoadError: it is not.
    """
    try:
        numbers, spoken = _numbers(folder / NUMBERS, done.sent, most), _spoken(folder / SPOKEN)
        # An engine that fails leaves nobody to say under which ids commands went out.
        session = (
            None if done.status == "engine failed" and not spoken else max((one.number for one in spoken), default=0)
        )
        _check_history(folder / "history", done.sent, session)
    except (EvidenceError, OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile) as error:
        raise LoadError(f"what it left is no part of a load: {error}") from error
    return Left(folder, numbers, spoken)


def _numbers(path: Path, sent: int, most: int) -> Int64Array:
    with path.open("rb") as file:
        numbers = _array(file, path.stat().st_size, NUMBERS, INT64, 1)
    if len(numbers) != sent:
        raise ValueError(f"{NUMBERS} holds {len(numbers)} numbers; wanted one for each of the {sent} commands it sent")
    if len(numbers) and (numbers[0] < 1 or numbers[-1] > most or (numbers[1:] <= numbers[:-1]).any()):
        raise ValueError(f"{NUMBERS} does not rise within 1 to {most}")
    return numbers


def _spoken(path: Path) -> tuple[Spoken, ...]:
    with zipfile.ZipFile(path) as packed:
        files = packed.infolist()
        # As it was written: nothing in it is longer than itself.
        if sum(one.file_size for one in files) > path.stat().st_size or any(one.compress_type for one in files):
            raise ValueError(f"{SPOKEN} is packed, or says that it is longer than it is")
        names = [f"arr_{number}.npy" for number in range(len(files))]
        if [one.filename for one in files] != names or not files:
            raise ValueError(
                f"{SPOKEN} holds {', '.join(one.filename for one in files[:3])}; wanted {names or ['arr_0.npy']}"
            )
        whose = _member(packed, files[0], INT64, 2)
        orders = [_member(packed, one, UINT64, 1) for one in files[1:]]
    if whose.shape != (len(orders), 2):
        raise ValueError(f"{SPOKEN} names {len(whose)} sessions and holds the ids of {len(orders)}")
    if len(whose) and not (whose.min() >= 0 and whose[:, 0].max() <= SESSIONS and whose[:, 1].max() < 2**32):
        raise ValueError(f"{SPOKEN} names sessions or accounts that cannot be")
    none = np.zeros(1, np.uint64)
    return tuple(
        # Who looks an id up takes the last for what lies beyond.
        Spoken(number, account, ids if len(ids) else none)
        for (number, account), ids in zip(whose.tolist(), orders, strict=True)
    )


def _member(
    packed: zipfile.ZipFile, info: zipfile.ZipInfo, kind: np.dtype[Number], dimensions: int
) -> npt.NDArray[Number]:
    with packed.open(info) as file:
        return _array(file, info.file_size, info.filename, kind, dimensions)


def _array(file: IO[bytes], size_bytes: int, name: str, kind: np.dtype[Number], dimensions: int) -> npt.NDArray[Number]:
    """One that is all of its file. numpy's own reader makes room for as much as the header says."""
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError(f"{name} is of another version of numpy's format; wanted 1.0")
    shape, is_fortran, found = np.lib.format.read_array_header_1_0(file)
    if found != kind or len(shape) != dimensions or (is_fortran and dimensions > 1):
        raise ValueError(f"{name} holds {found} in {len(shape)} dimensions; wanted {kind} in {dimensions}")
    count = int(np.prod([int(one) for one in shape], dtype=object))
    if count < 0 or file.tell() + count * kind.itemsize != size_bytes:
        raise ValueError(f"{name} is not as long as its header says")
    return np.frombuffer(file.read(), kind).reshape(shape)


def _check_history(folder: Path, sent: int, session: int | None) -> None:
    """Its commands are those that were sent, and its events are of those and of its sessions; None: nobody says which these are."""
    history, first = History(folder, fresh=True), 1
    for commands in history.commands():
        if commands.dtype != COMMAND:
            raise ValueError("a file of commands holds something else")
        if not np.array_equal(commands["number"], np.arange(first, first + len(commands), dtype=np.uint64)):
            raise ValueError(f"its commands are not numbered on from {first}")
        first += len(commands)
    if first - 1 != sent:
        raise ValueError(f"its history holds {first - 1} commands; wanted the {sent} that it sent")
    for events in history.events():
        if events.dtype != EVENT:
            raise ValueError("a file of events holds something else")
        if (events["command"] > np.uint64(sent)).any():
            raise ValueError("an event is of a command that it did not send")
        if (events["received_ns"] > LATEST_NS).any():
            raise ValueError("an event came later than anything can")
        on_session = events["session"][events["channel"] == Channel.ORDER]
        if session is not None and (on_session > session).any():
            raise ValueError("an event came on a session that it does not name")
