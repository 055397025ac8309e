"""The reference engine as a shared library with the C ABI of the public matching-engine benchmark, so that public harnesses can judge it.

`library.c` embeds Python and calls what is here; `gonogo build-abi` compiles it, and finds `build` by the name `BUILD`.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import numpy as np

from engines.reference.engine import ReferenceEngine
from harness.base.bits import BookRows
from harness.base.capabilities import Conventions, Instrument
from harness.base.errors import SetupError
from harness.base.records import Side
from harness.wire.c_abi import MESSAGE, QTY_MAX, Records
from harness.wire.c_abi_served import commands_from, reports_from
from harness.wire.order_table import Orders

SOURCE = Path(__file__).with_name("library.c")
INSTRUMENT = Instrument(id=1, symbol="ABI", price_min=-(2**62), price_max=2**62, qty_max=QTY_MAX)
CONVENTIONS = Conventions(self_trade="none", replace_keeps_place="never")
"""As the ABI asks: a modify is a cancel and a new order, and nobody knows whose an order is."""
NO_BID, NO_ASK = -(2**63), 2**63 - 1
"""What stands for the best price of an empty side."""


class Library:
    """One engine behind the ABI."""

    def __init__(self) -> None:
        self._engine = ReferenceEngine((INSTRUMENT,), CONVENTIONS)
        self._orders = Orders()
        self._reports: Records = np.zeros(0, MESSAGE)
        # Its kernels are loaded, or compiled, before the first message comes.
        self._answer(np.zeros(0, MESSAGE))

    def carry_out(self, messages: int, count: int) -> tuple[int, int]:
        """Carry out so many messages that stand at this address; the address of the reports, good until the next call, and how many they are."""
        told = (ctypes.c_uint8 * (count * MESSAGE.itemsize)).from_address(messages)
        self._answer(np.ctypeslib.as_array(told).view(MESSAGE))
        return self._reports.ctypes.data, len(self._reports)

    def best(self, _price: int, side: int) -> int:
        """The best price of a side."""
        prices = self._rows(side)["price"]
        if side == Side.BUY:
            return int(prices.max(initial=NO_BID))
        return int(prices.min(initial=NO_ASK))

    def depth(self, price: int, side: int) -> int:
        """What rests at a price."""
        rows = self._rows(side)
        return int(rows["remaining"][rows["price"] == price].sum())

    def _answer(self, messages: Records) -> None:
        self._reports = reports_from(self._engine.submit(commands_from(messages, INSTRUMENT.id)), self._orders)

    def _rows(self, side: int) -> BookRows:
        rows = self._engine.snapshot()
        chosen: BookRows = rows[rows["side"] == side]
        return chosen


def build(path: Path) -> None:
    """Compile the library.

    Raises:
        SetupError: there is no C compiler, this Python cannot be embedded, or the compiler says no.
    """
    compiler = shutil.which("cc")
    if compiler is None:
        raise SetupError("there is no C compiler: wanted `cc`, such as of the package gcc")
    folder, version = sysconfig.get_config_var("LIBDIR"), sysconfig.get_config_var("LDVERSION")
    if not sysconfig.get_config_var("Py_ENABLE_SHARED"):
        raise SetupError(
            f"{sys.executable} has no shared library of its own that could be embedded (libpython{version}.so)"
        )
    command = [
        compiler, "-std=c11", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", f'-DPYTHON="{sys.executable}"',
        f"-I{sysconfig.get_path('include')}", "-o", str(path), str(SOURCE), f"-L{folder}", f"-Wl,-rpath,{folder}", f"-lpython{version}",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(f"the C compiler ended with exit code {done.returncode}:\n{done.stderr.strip()}")


BUILD = build
