"""An engine in any language that is a shared library with the C ABI of the public matching-engine benchmark.

The ABI is `api/matching_engine_api.h` of github.com/flash1-dev/matching-engine-benchmark.
The library works in a process of its own, one for each instrument, since the ABI knows a single one. A call hands over a batch and returns
once the library has reported on all of it, so its time is its own lateness. What the ABI cannot say (`harness/wire/c_abi.py`) is answered
here as such.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np

from engines.adapters._at_once import AtOnce
from engines.adapters._c_abi_library import MESSAGES_MOST, HostedLibrary
from harness.base.bits import joined, picked
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.errors import SetupError, WireError
from harness.base.reasons import Reason
from harness.base.records import EVENT, CommandKind, Commands, Event, EventKind, Events, empty_commands, events_of
from harness.port import EngineSetup, Processes, Snapshot
from harness.wire.c_abi import QTY_MAX, REPORT, REPORT_TYPES, Records, bounds_of, events_from, messages_of
from harness.wire.order_table import Orders

OFFERED = Capabilities(
    commands=("new", "cancel", "replace"),
    types=("limit",),
    tifs=("day", "ioc", "gtc"),
    carries=("maker", "price", "qty", "new_order"),
    untold=("canceled_qty",),
    says_all=False,
    order_of_sessions="one_session",
    answers_at_once=True,
    reset="restart",
)
CONVENTIONS = Conventions(self_trade="none", replace_keeps_place="never")
"""A modify is a cancel and a new order; the ABI knows no accounts."""

NO_REPORTS = np.zeros(0, REPORT)
_UNSAID = events_of([Event(kind=EventKind.REJECTED, reason=Reason.UNSUPPORTED)])


class CAbi(AtOnce):
    """One library seen through the port."""

    def __init__(self, setup: EngineSetup) -> None:
        file = setup.file
        if file is None or file.library is None:
            raise SetupError("the adapter c_abi needs an engine.toml with a [library]: give its path to --engine (docs/adapters.md)")  # fmt: skip
        super().__init__()
        self._library = HostedLibrary(file, file.library)
        self.name, self.version = file.name, file.version or "unknown"
        self.instruments = tuple(map(_sayable, file.instrument or setup.instruments))
        self.capabilities = msgspec.structs.replace(file.capabilities or OFFERED, says_all=False, answers_at_once=True)
        self.conventions = file.conventions or CONVENTIONS
        self._bounds = bounds_of(self.instruments)
        self._orders = Orders()

    def log_to(self, path: Path) -> None:
        """Where it prints to from its next start on."""
        self._library.program.log_to(path)

    def processes(self) -> Processes:
        """Those of the host, and of what it forked."""
        return self._library.program.processes()

    def start(self) -> None:
        """Load it in a new process."""
        self.stop(graceful=False)
        self._begin()

    def _begin(self) -> None:
        self._events.clear()
        self._orders = Orders()
        # Kernels are loaded, or compiled, before the first command is due.
        messages_of(empty_commands(0), self._bounds, self._orders)
        events_from(NO_REPORTS, 0, self._orders)
        self._library.start()
        self._gone = ""

    def take(self, commands: Commands) -> int:
        """Have the library carry out as many commands as one call may hold; how many these are."""
        self._living()
        commands = commands[:MESSAGES_MOST]
        asked = messages_of(commands, self._bounds, self._orders)
        told = [] if asked.said.all() else [_unsaid(commands[~asked.said])]
        for place in np.unique(asked.places).tolist():
            messages = asked.messages if len(self.instruments) == 1 else picked(asked.messages, asked.places == place)
            told.append(self._exchange(place, messages))
            if self._gone:
                break
        self._events.append(told[0] if len(told) == 1 else _by_command(told))
        return len(commands)

    def _exchange(self, place: int, messages: Records) -> Events:
        """What the engine of an instrument says to its part of a batch."""
        done = self._library.carry_out(place, messages)
        self._gone = done.failure
        try:
            return events_from(done.reports, self.instruments[place].id, self._orders)
        except WireError as error:
            self._gone = self._library.fail(f"the engine failed: it told {error}")
            before = int(np.argmax(done.reports["type"] >= REPORT_TYPES))
            return events_from(done.reports[:before], self.instruments[place].id, self._orders)

    def snapshot(self) -> Snapshot | None:
        """The ABI tells prices and quantities, but no orders."""
        self._living()
        return None

    def counters(self) -> dict[str, int]:
        """The ABI tells none."""
        return {}

    def reset(self) -> None:
        """A library is begun once in a process, so an empty one is in a new process; the host of a sound one stays."""
        self._begin()

    def stop(self, *, graceful: bool) -> None:
        """End it, and all that it started."""
        self._library.end(graceful=graceful)
        self._events.clear()
        self._gone = "the engine was stopped"


def _sayable(instrument: Instrument) -> Instrument:
    return msgspec.structs.replace(instrument, qty_max=min(instrument.qty_max, QTY_MAX))


def _by_command(parts: list[Events]) -> Events:
    """The events in the order of their commands: across instruments there is no other."""
    rows = joined(parts, EVENT)
    return picked(rows, np.argsort(rows["command"], kind="stable"))


def _unsaid(commands: Commands) -> Events:
    """That these were never sent."""
    events = np.repeat(_UNSAID, len(commands))
    events["command"], events["instrument"] = commands["number"], commands["instrument"]
    is_new = commands["kind"] == CommandKind.NEW
    events["order"] = np.where(is_new, commands["order"], commands["target"])
    return events


ENGINE = CAbi
