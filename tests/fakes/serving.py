"""`gonogo serve` as a process of its own, which a test ends by a signal; what it logged is in the folder."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.fakes.command import GONOGO, environment
from tests.fakes.soup_client import TIMEOUT_S
from tests.fakes.toml import as_toml


class Serving:
    """Ready for clients."""

    def __init__(self, folder: Path, config: dict[str, Any]) -> None:
        (folder / "service.toml").write_text(as_toml(config))
        with (folder / "log").open("a") as log:
            self.child = subprocess.Popen(
                [GONOGO, "serve", "--config", str(folder / "service.toml"), "--data", str(folder / "data")],
                stdout=subprocess.PIPE, stderr=log, text=True, env=environment(),
            )  # fmt: skip
        assert self.child.stdout
        line = self.child.stdout.readline()
        ports = [int(port) for port in re.findall(r"127\.0\.0\.1:(\d+)", line)]
        assert len(ports) == 4, (folder / "log").read_text()
        self.address, self.json_address = ("127.0.0.1", ports[0]), ("127.0.0.1", ports[1])
        self.fix_address = ("127.0.0.1", ports[3])

    def end(self, number: int) -> int:
        """Send a signal; the code of the end."""
        self.child.send_signal(number)
        return self.child.wait(2 * TIMEOUT_S)


@contextmanager
def serving(folder: Path, config: dict[str, Any]) -> Iterator[Serving]:
    """Killed at the latest here."""
    made = Serving(folder, config)
    try:
        yield made
    finally:
        made.child.kill()
        made.child.wait()
        if made.child.stdout:
            made.child.stdout.close()
