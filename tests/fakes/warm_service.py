"""A service that is traded with in every way there is, and what of its code came only after it was ready, as one line of JSON.

python tests/fakes/warm_service.py FOLDER [cold]
"""

import json
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

from numba.core import event

from engines.service.operations import service as services
from tests.fakes.json_client import JsonClient, order
from tests.fakes.ouch_client import buy, cancel, replace, request, sell, sent
from tests.fakes.served import served
from tests.fakes.soup_client import Client


class Late(event.Listener):
    """Notes who has numba compile or load, but for the thread of the clients."""

    def __init__(self) -> None:
        self.places: list[str] = []

    def on_start(self, event: Any) -> None:
        if threading.current_thread() is not threading.main_thread():
            ours = [frame for frame in traceback.extract_stack() if "/engines/" in frame.filename]
            self.places.append(f"{ours[-1].filename}:{ours[-1].lineno}" if ours else "?")

    def on_end(self, event: Any) -> None:
        """The start is enough."""


def trade(service: Any) -> None:
    with (
        Client(service.address).log_in() as one,
        Client(service.address).log_in("two") as two,
        Client(service.address).log_in("watch"),
        JsonClient(service.json_address).log_in() as lines,
    ):
        one.send(sent(sell(1), replace(1, 2), cancel(2, 1), request("C", 3), sell(4, 20_000), sell(5))).hear(5)
        two.send(sent(buy(1))).hear(2)
        lines.say(order(1), {"type": "cancel", "target": 1, "instrument": 4})
        assert lines.types(3) == ["accepted", "rested", "canceled"]


def main(folder: str, *how: str) -> None:
    if how == ("cold",):
        services.warm = lambda *_: None  # type: ignore[assignment]
    late = Late()
    with served(Path(folder)) as service:
        event.register("numba:compiler_lock", late)
        before = set(sys.modules)
        trade(service)
        modules = sorted(name for name in set(sys.modules) - before if not name.startswith("encodings"))
    sys.stdout.write(json.dumps({"kernels": late.places, "modules": modules}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
