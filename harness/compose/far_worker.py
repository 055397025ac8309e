"""A worker of a load whose master runs elsewhere: it connects, sends its part, hands over what it left, and ends."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from harness.base.errors import SetupError
from harness.base.findings import Distribution
from harness.compose.load_worker import GRAIN_S, Sending
from harness.compose.own_files import OwnFiles, only_joining
from harness.load.messages import Done, Job, Ready, Seats, Tally
from harness.load.own_folder import own_folder
from harness.load.parcels import leaves
from harness.load.places import Place

if TYPE_CHECKING:
    from harness.load.worker import Ended

AGAIN_S = 0.5
TRY_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a user offers a master."""

    place: Place
    files: OwnFiles
    wait_s: float
    """How long it may take until a master has a place for it."""


@dataclass(frozen=True, slots=True)
class Told:
    """How it ended."""

    done: Done | None
    """None: there was no load for it."""
    why: str
    """Why the load was broken off, or nothing."""


class FarSending:
    """The part of a worker whose folder the master cannot read: it tells what it left."""

    def __init__(self, job: Job, seats: Seats, folder: Path) -> None:
        self._sending, self._folder = Sending(job, seats, folder), folder

    def run(self, begin: Callable[[Ready], int], stopped: Callable[[], bool]) -> Done:
        """Send all."""
        done = self._sending.run(begin, stopped)
        return msgspec.structs.replace(done, left=leaves(self._folder))

    def tally(self) -> Tally:
        """What happened since this was asked for last."""
        return self._sending.tally()

    def in_all(self) -> tuple[Distribution, Distribution]:
        """Response and service times of all that was told of."""
        return self._sending.in_all()


def serve(service: Service, tell: Callable[[str], None], stopped: Callable[[], bool]) -> Told:
    """Be one of a master's workers, for one load.

    Raises:
        SetupError: nobody takes it in time, or it is asked for what it must not do.
        KeyboardInterrupt: the user ends it.
    """
    end_s = time.monotonic() + service.wait_s
    sys.setswitchinterval(GRAIN_S)
    with own_folder("gonogo-worker-") as folder:
        number = 0
        while True:
            address = _reached(service, end_s, tell, stopped)
            number += 1
            ended = _served(service, address, folder / str(number), tell, stopped)
            if ended.setup:
                raise SetupError(ended.why)
            if not ended.later:
                return Told(ended.done, ended.why)
            if time.monotonic() > end_s:
                raise SetupError(
                    f"{service.place} had no place for this worker within {service.wait_s:g} s: {ended.why}"
                )
            time.sleep(AGAIN_S)


def _served(
    service: Service, address: str, folder: Path, tell: Callable[[str], None], stopped: Callable[[], bool]
) -> Ended:
    """One connection to a master, to its end."""
    from harness.load.worker import Ended, Worker

    def make(job: Job, seats: Seats) -> FarSending:
        return FarSending(service.files.job(job), only_joining(seats), folder)

    try:
        worker = Worker(service.place, make, address=address, parts=folder, tell=tell)
    except SetupError as error:
        # A tunnel takes connections whether or not a master listens behind it.
        return Ended(None, str(error), later=True)
    return worker.run(stopped)


def _reached(service: Service, end_s: float, tell: Callable[[str], None], stopped: Callable[[], bool]) -> str:
    """This machine's own address on the way to the master, once that listens.

    Raises:
        SetupError: it does not in time.
        KeyboardInterrupt: the user asked to end.
    """
    place, told = service.place, False
    while True:
        if stopped():
            raise KeyboardInterrupt
        try:
            with socket.create_connection(place, TRY_S) as tried:
                address: str = tried.getsockname()[0]
                return address
        except OSError as error:
            if time.monotonic() > end_s:
                raise SetupError(
                    f"no master of a load can be reached at {place} within {service.wait_s:g} s ({error.strerror or error}); "
                    "wanted the address that `gonogo run ... --master` tells, and a way through firewalls"
                ) from error
        if not told:
            tell(f"waits for the master of a load at {place}")
            told = True
        time.sleep(AGAIN_S)
