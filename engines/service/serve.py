"""The bundled engine as a service, from its start to the signal that ends it. `gonogo serve` finds it here, by the name `SERVE`."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import TextIO

from engines.service.config import DEFAULT, read_config
from engines.service.errors import StorageError
from engines.service.operations.clock import ServiceClock
from engines.service.operations.logs import Log
from engines.service.operations.service import Service
from harness.base.errors import SetupError

LOOK_S = 0.2
"""How often it is looked whether a part of the service died."""
TURN_S = 0.0001


def serve(
    config: Path | None, data: Path | None, ouch: int | None, fix: int | None = None, *,
    out: TextIO | None = None, log: TextIO | None = None,
) -> bool:  # fmt: skip
    """Serve until SIGTERM or SIGINT; whether the drain was complete and all counts balance.

    Raises:
        SetupError: the configuration or the folder cannot be used.
    """
    told = read_config(config or DEFAULT)
    asked = {name: port for name, port in (("ouch", ouch), ("fix", fix)) if port is not None}
    told = told.model_copy(update={"listeners": told.listeners.model_copy(update=asked)})
    said = Log(log or sys.stderr)
    ends = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        ends.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    # Threads take turns at the interpreter. With the 5 ms that Python has, whoever comes back from the disk waits longer for his than for the disk.
    sys.setswitchinterval(TURN_S)
    clock = ServiceClock()
    said.say("calibrated", error_ns=clock.calibrate())
    try:
        service = Service(told, data or told.service.data, clock, said)
    except StorageError as error:
        raise SetupError(f"the service cannot start: {error}") from error
    service.start()
    host = service.address[0]
    ports = service.address[1], service.json_address[1], service.http_address[1], service.fix_address[1]
    said_ports = zip(("OUCH", "JSON lines", "HTTP", "FIX"), ports, strict=True)
    where = ", ".join(f"{name} on {host}:{port}" for name, port in said_ports)
    print(f"ready: {where}", file=out or sys.stdout, flush=True)
    while not ends.wait(LOOK_S) and service.failure() is None:
        pass
    return service.end()


SERVE = serve
