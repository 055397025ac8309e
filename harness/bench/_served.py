"""`gonogo serve` in a process of its own, for benches and loads: configured, waited for until it is ready, asked for its figures, and ended."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from harness.base.errors import SetupError

TIMEOUT_S = 300
"""A first start compiles every kernel."""
COMMAND = (sys.executable, "-P", "-c", "from harness.cli import entry; entry()", "serve")
READY = re.compile(r"ready: OUCH on ([\d.]+):(\d+), .*HTTP on [\d.]+:(\d+)")
SYMBOL, TICK_1E9, PRICE_MAX = "DEMO", 10_000_000, 100_000
DROP_COPY, PASSWORD = "COPY", "bench"
CONFIG = """
[journal]
syncs = "{syncs}"
segment_commands = {segment_commands}
[sessions]
orders_max = {orders_max}
[engine]
self_trade = "none"
[[instruments]]
id = 1
symbol = "{symbol}"
tick_1e9 = {tick_1e9}
price_max = {price_max}
qty_max = 1000000
[[drop_copies]]
username = "{copy}"
password = "{password}"
waiting_bytes_max = 1073741824
"""
PORT = """
[[ports]]
number = {number}
username = "{username}"
password = "{password}"
account = {number}
waiting_bytes_max = 1073741824
"""


class Served(NamedTuple):
    """A service that is ready."""

    process: subprocess.Popen[str]
    folder: Path
    ready: str
    """The line that told where it listens."""
    address: tuple[str, int]
    http: str

    def figures(self) -> dict[str, float]:
        """What it counts, by the name that Prometheus has for it, labels and all."""
        with urllib.request.urlopen(self.http + "/metrics", timeout=TIMEOUT_S) as page:  # noqa: S310 - the service that was just started
            lines = page.read().decode().splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return {name: float(value) for name, value in pairs}

    def told(self) -> int:
        """How many events its engine has told, in a folder that was empty before."""
        return int(self.figures()['gonogo_events_total{stage="told"}'])

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code after a signal."""
        self.process.send_signal(number)
        return self.process.wait(TIMEOUT_S)


def configured(
    folder: Path, sessions: int, *, orders_max: int = 2**22, syncs: str = "batch", segment_commands: int = 2**19
) -> Path:
    """A configuration of so many sessions, each of an account of its own, and a drop copy."""
    said = CONFIG.format(
        syncs=syncs, segment_commands=segment_commands, orders_max=orders_max, symbol=SYMBOL, tick_1e9=TICK_1E9, price_max=PRICE_MAX, copy=DROP_COPY, password=PASSWORD,
    )  # fmt: skip
    ports = [
        PORT.format(number=number, username=username(number), password=PASSWORD) for number in range(1, sessions + 1)
    ]
    path = folder / "service.toml"
    path.write_text(said + "".join(ports), encoding="utf-8")
    return path


def username(number: int) -> str:
    """Of a session, counted from 1."""
    return f"S{number}"


@contextmanager
def serving(config: Path) -> Iterator[Served]:
    """Serve beside the configuration; killed at the end, if it was not ended before.

    Raises:
        SetupError: it does not come up; with what it logged.
    """
    folder = config.parent
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [*COMMAND, "--config", str(config), "--data", str(folder / "data")],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    with process:
        try:
            said = process.stdout.readline() if process.stdout else ""
            ready = READY.match(said)
            if ready is None:
                raise SetupError(f"the service did not come up: it said {said!r} and logged {logged(folder)}")
            host, port, http = ready.groups()
            yield Served(process, folder, said, (host, int(port)), f"http://{host}:{http}")
        finally:
            if process.poll() is None:
                process.kill()


def logged(folder: Path) -> str:
    """The end of what a service logged, for whoever asks why."""
    lines = (folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()
    return json.dumps(lines[-10:])
