"""The reference engine behind every adapter there is, on the instrument of the flow common, where an account may trade with itself.

Adapters that hold an engine of their own in gonogo's process (plain, guarded) stand beside it, as engines that must leave the same book.
"""

from __future__ import annotations

import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

from engines.reference.library import build
from harness.base.capabilities import Conventions
from harness.base.discover import names
from harness.base.errors import SetupError
from harness.compose.plugs import EngineChoice
from harness.engine_file import EngineFile
from harness.flows.common import FLOW
from tests.fakes.described import ROOT, as_object, over_fix, over_ouch

ADAPTERS = tuple(names("engines.adapters"))
WAYS = (*ADAPTERS, "jsonl over TCP")
"""By the first word the adapter's name."""
CONVENTIONS = Conventions(self_trade="none")
SERVED = """
[service]
firm = "TEST"
[controls]
accounts = []
[engine]
self_trade = "none"
[[instruments]]
id = {one.id}
symbol = "{one.symbol}"
tick_1e9 = {one.tick_1e9}
price_max = {one.price_max}
qty_max = {one.qty_max}
[[ports]]
number = 1
username = "ONE"
password = "ONE"
account = 1
protocol = "{protocol}"
[[drop_copies]]
username = "COPY"
password = "COPY"
"""


def over(way: str) -> EngineChoice:
    """The engine over one of the ways; skips the test where a library would be built and there is nothing to build it with."""
    return EngineChoice(way, way.split(maxsplit=1)[0], file=_file(way))


@cache
def _file(way: str) -> EngineFile | None:
    made = {
        "jsonl": _over_stdio, "jsonl over TCP": _over_tcp, "python": lambda: as_object("Reference"), "c_abi": _library,
        "ouch": lambda: over_ouch(_service("ouch")), "fix": lambda: over_fix(_service("fix")),
    }  # fmt: skip
    return made[way]() if way in made else None


def _over_stdio() -> EngineFile:
    command = [sys.executable, "-P", "-c", "from harness.cli import entry; entry()", "serve", "--stdio"]
    return _spoken(command)


def _over_tcp() -> EngineFile:
    command = [sys.executable, str(Path(__file__).with_name("reference_over_tcp.py")), "{port}"]
    return _spoken(command, endpoints={"orders": "127.0.0.1:{port}"})


def _spoken(command: list[str], **more: object) -> EngineFile:
    start = {"command": command, "env": {"PYTHONPATH": str(ROOT)}, "timeout_s": 120}
    return EngineFile.model_validate({"schema": 1, "name": "reference", "adapter": "jsonl", "start": start, **more})


def _service(protocol: str) -> Path:
    """A service.toml with one port of this protocol."""
    path = Path(_folder().name) / f"{protocol}.toml"
    (one,) = FLOW().instruments()
    path.write_text(SERVED.format(one=one, protocol=protocol), encoding="utf-8")
    return path


def _library() -> EngineFile:
    path = Path(_folder().name) / "libreference.so"
    try:
        build(path)
    except SetupError as error:
        pytest.skip(str(error))
    library = {"path": path, "timeout_s": 300}
    return EngineFile.model_validate({"schema": 1, "name": "reference", "adapter": "c_abi", "library": library})


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="gonogo-ways-")
