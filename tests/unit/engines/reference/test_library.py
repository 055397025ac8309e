"""The reference engine behind the C ABI: batches at addresses, and questions about its book."""

import sysconfig

import numpy as np
import pytest

from engines.reference import library
from engines.reference.library import NO_ASK, NO_BID, Library, build
from harness.base.capabilities import Instrument
from harness.base.errors import SetupError
from harness.base.records import commands_of
from harness.wire.c_abi import REPORT, bounds_of, messages_of
from harness.wire.order_table import Orders
from tests.fakes.lines import commands

BOUNDS = bounds_of([Instrument(id=1, symbol="ONE", price_min=-100)])


def carried_out(engine, lines):
    messages = messages_of(commands_of(commands(lines)), BOUNDS, Orders()).messages
    address, count = engine.carry_out(messages.ctypes.data, len(messages))
    if not count:
        return np.zeros(0, REPORT)
    return np.ctypeslib.as_array((np.ctypeslib.ctypes.c_uint8 * (64 * count)).from_address(address)).view(REPORT)


def test_a_batch_is_answered_by_reports():
    reports = carried_out(Library(), "S -3x5 #1; B 0x2 #2; cancel #1; cancel #1")
    assert reports["type"].tolist() == [0, 0, 1, 2, 4]
    assert reports["price"].tolist() == [-3, 0, -3, -3, 0]


def test_an_empty_book_has_no_best_price():
    engine = Library()
    assert (engine.best(0, 0), engine.best(0, 1), engine.depth(5, 0)) == (NO_BID, NO_ASK, 0)


def test_it_tells_its_best_prices_and_what_rests_at_a_price():
    engine = Library()
    carried_out(engine, "B 99x5 #1; B 98x4 #2; B 99x3 #3; S 101x7 #4; S 105x7 #5; B 101x2 #6")
    assert (engine.best(0, 0), engine.best(0, 1)) == (99, 101)
    assert (engine.depth(99, 0), engine.depth(101, 1), engine.depth(101, 0)) == (8, 5, 0)


def test_without_a_compiler_it_is_said_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match="there is no C compiler"):
        build(tmp_path / "it.so")


def test_what_the_compiler_says_is_told(tmp_path, monkeypatch):
    if not sysconfig.get_config_var("Py_ENABLE_SHARED"):
        pytest.skip("this Python cannot be embedded")
    (tmp_path / "cc").write_text("#!/bin/sh\necho no such header >&2\nexit 3\n")
    (tmp_path / "cc").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match=r"exit code 3:\nno such header"):
        build(tmp_path / "it.so")


def test_the_source_is_beside_it():
    assert library.SOURCE.is_file()
